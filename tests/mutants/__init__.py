"""Mutation testing of the laws: seeded bugs, each of which its law's tests must catch.

`python -m tests.mutants` sows each bug into a copy of the tree (never into the tree itself)
and runs the tests that are named for it; one that survives is a law without a test.
"""
