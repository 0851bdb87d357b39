"""A system's fields and ours: a declared mapping, read both ways."""
