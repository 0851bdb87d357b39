"""Is what stands sound? It is examined, and mended where evidence is."""
