"""Who belongs to whom."""
