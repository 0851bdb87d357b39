"""Models and rules: stored, rehearsed, put in force as one batch, taken back."""
