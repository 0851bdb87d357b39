"""Stand-ins: vendors' systems as their documents say they behave, never as our clients hope.

Each is a class without a socket (`base.StandIn`): tests call it through a wire of their own,
under a virtual clock, or over real HTTP (`serve.py`).
"""
