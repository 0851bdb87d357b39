"""Lists out: who is put on a list at a target, who is taken off, and what was told of it."""
