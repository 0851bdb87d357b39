"""A person's word on a contact: edits, pins, retirement, splits."""
