"""Sources and targets rest: what comes is kept, in order; nothing is sent; then it goes on."""
