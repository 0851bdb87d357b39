"""The stewards' desk: questions are ranked, shown, assigned and answered."""
