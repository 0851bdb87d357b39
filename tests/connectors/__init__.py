"""One suite of what every connector must do, played against each system's stand-in or server."""
