"""What a batch did is shown, and taken back."""
