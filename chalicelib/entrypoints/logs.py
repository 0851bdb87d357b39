"""Logs: one JSON object a line on standard output, which Lambda keeps."""

import logging
import sys


def log_to_stdout() -> None:
    """Let our own loggers speak from INFO up, once, whatever the runtime set up."""
    logger = logging.getLogger("chalicelib")
    if not logger.handlers:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(logging.Formatter("%(message)s"))
        logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
