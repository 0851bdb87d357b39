"""Values shown in reasons without giving them away."""


def mask(value: str) -> str:
    """`anna@wp.pl` becomes `a…@w…`, `+48600700800` becomes `+48…00`; empty stays empty."""
    local, at, domain = value.partition("@")
    if at:
        return f"{local[:1]}…@{domain[:1]}…"
    return f"{value[:3]}…{value[-2:]}" if value else ""
