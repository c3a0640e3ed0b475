"""Between which moments does evidence count, and where are every channel's zones?"""

from dataclasses import dataclass

from correlation.domain.arrays import Seconds
from correlation.domain.episodes import Episodes, storm_flags, storm_spans
from correlation.domain.spans import Spans
from correlation.domain.zones import ZoneSpans, of_integration


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """What is watched from ``start`` up to ``end``, laid out once for many questions.

    ``observed`` are the seconds at which an alarm may count: the last window is censored,
    since what follows is unknown, and storms are left out. ``starts`` and ``zones`` are
    by integration; starts are those of episodes outside storms, ascending.
    """

    start: int
    end: int
    window_seconds: int
    observed: Spans
    starts: tuple[Seconds, ...]
    zones: tuple[ZoneSpans, ...]

    @property
    def integration_count(self) -> int:
        return len(self.zones)


def observe(
    episodes: Episodes, *, start: int, end: int, window_seconds: int
) -> Observation:
    """Return the layout of what is known from ``start`` to ``end``.

    Later episodes must have been left out: nothing here looks past ``end``.
    Source: DESIGN section 6, steps 3 and 4.
    """
    storms = storm_flags(episodes)
    spoilt = storm_spans(episodes.chosen(storms), window_seconds)
    observed = Spans.between(start, end - window_seconds + 1).without(spoilt)
    single = episodes.chosen(~storms)
    own = [
        of_integration(single, column) for column in range(episodes.integration_count)
    ]
    return Observation(
        start,
        end,
        window_seconds,
        observed,
        tuple(each.starts for each in own),
        tuple(ZoneSpans(each, observed, window_seconds) for each in own),
    )
