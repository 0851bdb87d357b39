"""What would a target be told? Listed for all contacts first, then done as it was listed."""
