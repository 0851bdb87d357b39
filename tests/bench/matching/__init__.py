"""The matcher measured: how well it judges, what a look costs, how long it takes."""
