"""Which test failures met which incidents? Tests above, integration below."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.safestring import SafeString

from qa_observability.lib.periods import Window
from qa_observability.web.charts.svg import element, join, share

HEIGHT: Final = 132.0
TEST_LANE: Final = 34.0
EPISODE_LANE: Final = 98.0
_LANE_THICKNESS: Final = 14.0
_THINNEST_EPISODE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Failure:
    """A test failure at a moment; ``matched`` when it belongs to a pair."""

    at: datetime
    matched: bool
    words: str


@dataclass(frozen=True, slots=True)
class Episode:
    """An incident from start to end."""

    start: datetime
    end: datetime
    matched: bool
    words: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A failure and the start of the episode it is matched with."""

    failed_at: datetime
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Timeline:
    """Two lanes over a window; what lies outside is not drawn."""

    key: str
    title: str
    description: str
    window: Window
    test_lane: str
    episode_lane: str
    failures: Sequence[Failure]
    episodes: Sequence[Episode]
    pairs: Sequence[Pair]
    dates: Sequence[str]


def across(moment: datetime, window: Window) -> float:
    """Return a moment's place in the window as a share, held within 0-100."""
    length = window.duration.total_seconds() or 1.0
    part = (moment - window.start).total_seconds() / length
    return min(max(part, 0.0), 1.0) * 100


def draw_timeline(timeline: Timeline) -> SafeString:
    """Return the timeline as one image with title and description."""
    key = timeline.key
    return element(
        "svg",
        element("title", timeline.title, id=f"{key}-title"),
        element("desc", timeline.description, id=f"{key}-desc"),
        *_lanes(timeline),
        *_connectors(timeline),
        *_episodes(timeline),
        *_failures(timeline),
        *_dates(timeline),
        class_="timeline",
        width="100%",
        height=HEIGHT,
        role="img",
        aria_labelledby=f"{key}-title {key}-desc",
    )


def _lanes(timeline: Timeline) -> list[SafeString]:
    lanes = ((timeline.test_lane, TEST_LANE), (timeline.episode_lane, EPISODE_LANE))
    return [
        join(
            element("line", x1="0", x2="100%", y1=y, y2=y, class_="lane"),
            element("text", name, x="0", y=y - 14, class_="lane-label"),
        )
        for name, y in lanes
    ]


def _connectors(timeline: Timeline) -> list[SafeString]:
    window = timeline.window
    return [
        element(
            "line",
            x1=share(across(pair.failed_at, window)),
            x2=share(across(pair.started_at, window)),
            y1=TEST_LANE,
            y2=EPISODE_LANE,
            class_="pair",
        )
        for pair in timeline.pairs
        if window.contains(pair.failed_at) and window.contains(pair.started_at)
    ]


def _episodes(timeline: Timeline) -> list[SafeString]:
    window = timeline.window
    return [
        element(
            "rect",
            element("title", episode.words),
            x=share(across(episode.start, window)),
            width=share(
                max(
                    across(episode.end, window) - across(episode.start, window),
                    _THINNEST_EPISODE,
                )
            ),
            y=EPISODE_LANE - _LANE_THICKNESS / 2,
            height=_LANE_THICKNESS,
            class_="episode matched" if episode.matched else "episode",
        )
        for episode in timeline.episodes
        if episode.end >= window.start and episode.start < window.end
    ]


def _failures(timeline: Timeline) -> list[SafeString]:
    window = timeline.window
    return [
        element(
            "circle",
            element("title", failure.words),
            cx=share(across(failure.at, window)),
            cy=TEST_LANE,
            r=5 if failure.matched else 3.5,
            class_="failure matched" if failure.matched else "failure",
        )
        for failure in timeline.failures
        if window.contains(failure.at)
    ]


def _dates(timeline: Timeline) -> list[SafeString]:
    last = max(len(timeline.dates) - 1, 1)
    return [
        element(
            "text",
            label,
            x=share(index / last * 100),
            y=HEIGHT - 4,
            text_anchor="start" if index == 0 else "end" if index == last else "middle",
        )
        for index, label in enumerate(timeline.dates)
    ]
