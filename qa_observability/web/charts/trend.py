"""What does a trend chart show, and where? One question, one unit, four lines."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from qa_observability.web.charts.scale import Scale, bucket_centre, spread, ticks

HEIGHT: Final = 212.0
TOP: Final = 14.0
TOP_UNDER_LABELS: Final = 34.0
BOTTOM: Final = 188.0
MOST_LINES: Final = 4
LABEL_APART: Final = 15.0
BAR_SHARE: Final = 0.72
_LABELS_ACROSS: Final = 4

Value = Decimal | float | None


class Kind(StrEnum):
    """Lines for rates, bars for counts and money."""

    LINE = "line"
    BAR = "bar"


@dataclass(frozen=True, slots=True)
class Bucket:
    """One step across: its label on the axis and its name in full."""

    label: str
    name: str


@dataclass(frozen=True, slots=True)
class Series:
    """Values per bucket; None is a gap. ``look`` is the CSS class that paints it."""

    name: str
    values: tuple[Value, ...]
    look: str = "main"


@dataclass(frozen=True, slots=True)
class Band:
    """A shaded stretch of buckets, both ends included: maintenance."""

    first: int
    last: int
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A thin vertical line with a letter: a deploy, a change of assumptions."""

    bucket: int
    letter: str
    label: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """A labelled level the values are judged by."""

    value: float
    label: str
    look: str = "warning"


@dataclass(frozen=True, slots=True)
class TrendChart:
    """A chart's whole content; ``write`` prints values in the table and the read-out.

    ``key`` names the chart within its page. Charts of one page with the same ``grid``
    have the same buckets and share the crosshair. ``whole`` is for counts.
    Raises: ``ValueError`` when a series is not as long as the buckets, or for more than
        four lines: a reader cannot tell more apart.
    """

    key: str
    title: str
    kind: Kind
    buckets: tuple[Bucket, ...]
    series: tuple[Series, ...]
    write: Callable[[Value], str]
    write_tick: Callable[[float], str]
    grid: str = "day"
    bucket_name: str = "Day"
    previous: Series | None = None
    bands: tuple[Band, ...] = ()
    marks: tuple[Mark, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    whole: bool = False

    def __post_init__(self) -> None:
        if not 1 <= len(self.series) <= MOST_LINES:
            raise ValueError("a trend chart holds one to four series")
        if any(len(s.values) != len(self.buckets) for s in self.drawn()):
            raise ValueError("every series needs one value per bucket")

    def drawn(self) -> tuple[Series, ...]:
        """Return every series, the previous period last."""
        return self.series if self.previous is None else (*self.series, self.previous)

    @property
    def top(self) -> float:
        """The plot's upper edge; bands and marks need room for their labels above."""
        return TOP_UNDER_LABELS if self.bands or self.marks else TOP

    @property
    def is_empty(self) -> bool:
        """Whether no bucket of any current series has a value."""
        return all(value is None for s in self.series for value in s.values)


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the plot: across 0-100, down in pixels."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch across, in shares 0-100."""

    x: float
    width: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar from the zero line up."""

    x: float
    width: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class EndLabel:
    """A series' name beside its last value."""

    y: float
    text: str
    look: str


@dataclass(frozen=True, slots=True)
class TrendPlan:
    """Where everything of a trend chart goes."""

    tick_labels: tuple[tuple[float, str], ...]
    across: tuple[tuple[float, str, str], ...]
    gaps: tuple[Stretch, ...]
    bands: tuple[Stretch, ...]
    marks: tuple[tuple[float, Mark], ...]
    levels: tuple[tuple[float, Threshold], ...]
    lines: tuple[tuple[Series, tuple[tuple[Point, ...], ...]], ...]
    bars: tuple[tuple[Series, tuple[Bar, ...]], ...]
    ends: tuple[EndLabel, ...]


def plan_trend(chart: TrendChart) -> TrendPlan:
    """Return the geometry of a chart; gaps stay gaps, and every axis starts at zero."""
    steps = ticks(_highest(chart), whole=chart.whole)
    scale = Scale(top=steps[-1], ceiling=chart.top, bottom=BOTTOM)
    barred = chart.series if chart.kind is Kind.BAR else ()
    lined = tuple(s for s in chart.drawn() if s not in barred)
    count = len(chart.buckets)
    return TrendPlan(
        tick_labels=tuple((scale.y(step), chart.write_tick(step)) for step in steps),
        across=tuple(_axis_labels(chart.buckets)),
        gaps=tuple(_stretch(run, count) for run in _gap_runs(chart)),
        bands=tuple(
            _stretch((band.first, band.last), count, band.label) for band in chart.bands
        ),
        marks=tuple((bucket_centre(m.bucket, count), m) for m in chart.marks),
        levels=tuple((scale.y(t.value), t) for t in chart.thresholds),
        lines=tuple((s, tuple(segments(s.values, scale))) for s in lined),
        bars=tuple(
            (s, tuple(_bars(s.values, scale, place, len(barred))))
            for place, s in enumerate(barred)
        ),
        ends=_end_labels(chart, lined, scale),
    )


def segments(values: Sequence[Value], scale: Scale) -> Iterator[tuple[Point, ...]]:
    """Yield unbroken stretches of a line; a lone value is a stretch of one point."""
    run: list[Point] = []
    for index, value in enumerate(values):
        if value is None:
            if run:
                yield tuple(run)
            run = []
        else:
            run.append(Point(bucket_centre(index, len(values)), scale.y(float(value))))
    if run:
        yield tuple(run)


def _highest(chart: TrendChart) -> float:
    values = [float(v) for s in chart.drawn() for v in s.values if v is not None]
    return max([*values, *(t.value for t in chart.thresholds)], default=0.0)


def _gap_runs(chart: TrendChart) -> Iterator[tuple[int, int]]:
    missing = [
        all(s.values[index] is None for s in chart.series)
        for index in range(len(chart.buckets))
    ]
    first: int | None = None
    for index, gone in enumerate([*missing, False]):
        if gone and first is None:
            first = index
        if not gone and first is not None:
            yield first, index - 1
            first = None


def _stretch(run: tuple[int, int], count: int, label: str = "") -> Stretch:
    first, last = run
    return Stretch(first / count * 100, (last - first + 1) / count * 100, label)


def _bars(
    values: Sequence[Value], scale: Scale, place: int, beside: int
) -> Iterator[Bar]:
    """Yield the bars of series ``place`` of ``beside`` that stand side by side."""
    step = 100 / len(values)
    width = step * BAR_SHARE / beside
    margin = step * (1 - BAR_SHARE) / 2
    for index, value in enumerate(values):
        if value is None:
            continue
        y = scale.y(float(value))
        yield Bar(index * step + margin + place * width, width, y, BOTTOM - y)


def _axis_labels(buckets: Sequence[Bucket]) -> Iterator[tuple[float, str, str]]:
    """Yield up to four (position, anchor, label), the last bucket always among them."""
    last = len(buckets) - 1
    wanted = min(_LABELS_ACROSS, len(buckets))
    for rank in range(wanted):
        index = last if wanted == 1 else round(rank * last / (wanted - 1))
        if wanted > 1 and rank == 0:
            yield 0.0, "start", buckets[index].label
        elif index == last:
            yield 100.0, "end", buckets[index].label
        else:
            yield bucket_centre(index, len(buckets)), "middle", buckets[index].label


def _end_labels(
    chart: TrendChart, lined: Sequence[Series], scale: Scale
) -> tuple[EndLabel, ...]:
    ended = [(s, v) for s in lined if (v := _last_value(s.values)) is not None]
    if len(ended) == 1 and len(chart.drawn()) == 1:
        return ()
    spots = spread(
        [scale.y(float(value)) + 4 for _series, value in ended],
        apart=LABEL_APART,
        low=chart.top,
        high=BOTTOM,
    )
    return tuple(
        EndLabel(y, s.name, "previous" if s is chart.previous else s.look)
        for y, (s, _value) in zip(spots, ended, strict=True)
    )


def _last_value(values: Sequence[Value]) -> Value:
    return next((value for value in reversed(values) if value is not None), None)
