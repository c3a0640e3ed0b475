"""What is the shape of a month? A word-sized line, gaps open, zero at the floor."""

from collections.abc import Sequence
from typing import Final

from django.utils.safestring import SafeString

from qa_observability.web.charts.scale import Scale
from qa_observability.web.charts.svg import EMPTY, element, pixels, share
from qa_observability.web.charts.trend import Point, Value, segments

HEIGHT: Final = 28.0
_MARGIN: Final = 3.0


def draw_sparkline(values: Sequence[Value], *, look: str = "main") -> SafeString:
    """Return a decorative sparkline, or nothing when there is no value at all.

    It is hidden from assistive technology: the value beside it and its change say the
    same in words.
    """
    known = [float(value) for value in values if value is not None]
    if not known:
        return EMPTY
    scale = Scale(max(*known, 0.0) or 1.0, _MARGIN, HEIGHT - _MARGIN)
    runs = tuple(segments(values, scale))
    path = "".join(
        "M" + "L".join(f"{pixels(p.x)} {pixels(p.y)}" for p in run)
        for run in runs
        if len(run) > 1
    )
    lone = [run[0] for run in runs if len(run) == 1]
    line = element("path", d=path, class_=f"line {look}") if path else EMPTY
    return element(
        "svg",
        element(
            "svg",
            line,
            viewBox=f"0 0 100 {HEIGHT:g}",
            preserveAspectRatio="none",
            width="100%",
            height=HEIGHT,
        ),
        *(_dot(point, look) for point in dict.fromkeys([*lone, runs[-1][-1]])),
        class_="sparkline",
        width="100%",
        height=HEIGHT,
        aria_hidden="true",
        focusable="false",
    )


def _dot(point: Point, look: str) -> SafeString:
    return element("circle", cx=share(point.x), cy=point.y, r=2.5, class_=f"dot {look}")
