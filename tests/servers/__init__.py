"""Real servers that tests start: what no stand-in of ours can claim to be.

Each runs on a free port of 127.0.0.1 in a folder of its own, until its context ends. Its object
has the URL, a login and the hands of a user: they speak the server's own protocol and know
none of our clients.
"""
