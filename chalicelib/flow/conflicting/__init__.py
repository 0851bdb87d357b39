"""What a partner and we changed both waits for one answer, by a person or by a rule."""
