"""One module and one mapping for each kind of system; `catalogue.py` knows them all."""
