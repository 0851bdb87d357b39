"""The local cloud: the packaged template on an AWS emulator, on this machine alone.

    python -m infra.local up | down | status | logs [-f] | reset

`cloud` names its places and clients, `engine` is the process, `process` starts and stops it,
`deploy` and `repairs` put the package on it, `lifecycle` strings these together.
"""
