"""The matcher outside the worker: labelled sets, a store in memory, the estimation of weights."""
