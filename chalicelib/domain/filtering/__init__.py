"""The parts of the filter language, in the order in which a filter passes through them.

`terms.py` is the vocabulary: what each term reads from a contact. `parse.py` turns a text
into the expression of `expression.py`, which judges a contact. `plan.py` says where the
search index must be read to find all that match. The way in is `domain/filters.py`.
"""
