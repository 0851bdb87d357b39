"""The graph's own steps: an edge is added or retracted, a merge is made and undone."""
