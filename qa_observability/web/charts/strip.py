"""How was a channel over time? One cell per day or hour; height repeats the colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString

from qa_observability.web.charts.svg import element, share

HEIGHT: Final = 36.0
_CELL_SHARE: Final = 0.86
_HEIGHTS: Final = {"critical": 36.0, "warning": 24.0, "healthy": 12.0}
_UNKNOWN_HEIGHT: Final = 6.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One step of a strip: ``status`` is healthy, warning, critical or None."""

    name: str
    status: str | None
    words: str


def cell_height(status: str | None) -> float:
    """Return a cell's height in pixels: worse is taller, no data a low dashed line."""
    return _HEIGHTS.get(status or "", _UNKNOWN_HEIGHT)


def draw_strip(
    key: str, title: str, cells: Sequence[Cell], description: str
) -> SafeString:
    """Return the strip; each cell says its day and status on hover."""
    step = 100 / max(len(cells), 1)
    drawn = [
        element(
            "rect",
            element("title", f"{cell.name}: {cell.words}"),
            x=share(index * step + step * (1 - _CELL_SHARE) / 2),
            width=share(step * _CELL_SHARE),
            y=HEIGHT - cell_height(cell.status),
            height=cell_height(cell.status),
            class_=f"cell {cell.status or 'unknown'}",
        )
        for index, cell in enumerate(cells)
    ]
    return element(
        "svg",
        element("title", title, id=f"{key}-title"),
        element("desc", description, id=f"{key}-desc"),
        *drawn,
        class_="strip",
        width="100%",
        height=HEIGHT,
        role="img",
        aria_labelledby=f"{key}-title {key}-desc",
    )
