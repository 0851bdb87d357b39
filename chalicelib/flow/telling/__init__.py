"""Targets are told: deliveries are marked, sent, and brought up to date."""
