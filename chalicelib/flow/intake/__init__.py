"""A source's words come in: calls are received, each record is taken in."""
