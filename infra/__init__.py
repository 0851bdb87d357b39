"""Packaging, the local cloud, and what is made once for each installation."""
