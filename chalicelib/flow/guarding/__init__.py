"""Nobody is told by mistake of a thousand: too large a run stops, and waits for a person."""
