"""What stand-ins share: requests checked strictly, limits on the handed-in clock, failures."""
