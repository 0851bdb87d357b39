"""The normal forms, one file per sort of value.

Each is a codec: it takes a value as a source wrote it and gives back the one way in which
Kartoteka writes it, or raises `InvalidValueError`. `fields.py` says which field has which.
"""
