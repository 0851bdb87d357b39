"""Contacts as they are and as they were, found by filters, listed."""
