"""Where does a value sit? Round ticks and linear scales."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_WHOLE_STEPS = (1.0, 2.0, 5.0, 10.0)
_FEWEST_INTERVALS = 1


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from 0 to ``top`` onto pixels from ``bottom`` (0) up to ``ceiling``."""

    top: float
    ceiling: float
    bottom: float

    def y(self, value: float) -> float:
        """Return the pixel of a value; outside values are kept at the edge."""
        held = min(max(value, 0.0), self.top)
        return self.bottom - held / self.top * (self.bottom - self.ceiling)


def ticks(
    highest: float, *, intervals: int = 3, whole: bool = False
) -> tuple[float, ...]:
    """Return round values from 0 to at least ``highest``, about ``intervals`` apart.

    ``whole`` keeps every step a whole number, for counts.
    Range: ``highest`` of 0 or less is taken as 1: an all-zero chart has an axis too.
    """
    reach = highest if highest > 0 else 1.0
    rough = reach / max(intervals, _FEWEST_INTERVALS)
    magnitude = 10.0 ** math.floor(math.log10(rough))
    steps = _WHOLE_STEPS if whole else _STEPS
    step = next(s * magnitude for s in steps if s * magnitude >= rough * (1 - 1e-9))
    if whole:
        step = max(step, 1.0)
    count = math.ceil(reach / step - 1e-9)
    return tuple(round(i * step, 10) for i in range(count + 1))


def bucket_centre(index: int, count: int) -> float:
    """Return the middle of bucket ``index`` of ``count``, as a share 0-100."""
    return (index + 0.5) / count * 100


def spread(
    positions: Sequence[float], *, apart: float, low: float, high: float
) -> list[float]:
    """Return label positions moved to lie ``apart`` within ``low`` to ``high``.

    Answers in the order given. Too many labels for the room end at ``low`` downwards,
    still ``apart``: text below the frame is better than text on text.
    """
    order = sorted(range(len(positions)), key=lambda i: positions[i])
    placed = [0.0] * len(positions)
    floor = low
    for index in order:
        placed[index] = max(min(positions[index], high), floor)
        floor = placed[index] + apart
    ceiling = high
    for index in reversed(order):
        placed[index] = min(placed[index], ceiling)
        ceiling = placed[index] - apart
    if order and placed[order[0]] < low:
        for rank, index in enumerate(order):
            placed[index] = low + rank * apart
    return placed
