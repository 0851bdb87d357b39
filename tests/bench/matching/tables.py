"""Plain tables on the screen."""

from collections.abc import Iterable, Sequence


def percentile(ordered: Sequence[float], share: float) -> float:
    """Of sorted figures the one below which this share of them stands."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def show(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a title and columns as wide as their widest cell, each row as it is known."""
    told = [[_text(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(head, *told, strict=True)]
    print(f"\n{title}")
    for row in (head, *told):
        first, *rest = (cell.ljust(w) for cell, w in zip(row, widths, strict=True))
        print(
            "  " + "  ".join([first, *(cell.strip().rjust(len(cell)) for cell in rest)]), flush=True
        )


def _text(cell: object) -> str:
    return (
        f"{cell:.4g}"
        if isinstance(cell, float)
        else f"{cell:,}"
        if isinstance(cell, int)
        else str(cell)
    )
