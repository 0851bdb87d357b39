"""Who is the same as whom: the index is kept, candidates are looked up, pairs are judged."""
