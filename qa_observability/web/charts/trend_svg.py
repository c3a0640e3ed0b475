"""How is a trend chart drawn? Three SVGs side by side: axis, plot, end labels."""

from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa_observability.web.charts.svg import EMPTY, element, join, pixels, share
from qa_observability.web.charts.trend import (
    BOTTOM,
    HEIGHT,
    Kind,
    Point,
    Series,
    TrendChart,
    TrendPlan,
    plan_trend,
)

AXIS_WIDTH: Final = 44  # as most labels need; "US$ 1,5 mil" takes more
AXIS_GAP: Final = 8
LETTER_WIDTH: Final = 7
ENDS_WIDTH: Final = 104
_LONGEST_END_LABEL: Final = 14


def draw_trend(chart: TrendChart) -> SafeString:
    """Return the chart's drawing; its table twin is the caller's.

    The plot is one image to assistive technology, with title and description. The
    crosshair is added by our script, which reads the values from the table twin.
    """
    plan = plan_trend(chart)
    return element(
        "div",
        _axis(plan),
        _plot(chart, plan),
        _ends(plan),
        class_="chart" if plan.ends else "chart chart-unlabelled",
        data_chart=chart.key,
        data_grid=chart.grid,
        data_count=len(chart.buckets),
    )


def describe(chart: TrendChart) -> str:
    """Return one sentence: how many buckets, the highest value, how many gaps."""
    known = [
        (value, index)
        for s in chart.series
        for index, value in enumerate(s.values)
        if value is not None
    ]
    if not known:
        return _("No data in this period.")
    value, index = max(known, key=lambda pair: (pair[0], -pair[1]))
    highest = _("Highest: %(value)s, %(bucket)s.") % {
        "value": chart.write(value),
        "bucket": chart.buckets[index].name,
    }
    gaps = len(chart.buckets) - len({index for _value, index in known})
    if not gaps:
        return highest
    missing = ngettext(
        "%(gaps)d gap without data.", "%(gaps)d gaps without data.", gaps
    ) % {"gaps": gaps}
    return f"{highest} {missing}"


def _axis(plan: TrendPlan) -> SafeString:
    longest = max((len(text) for _y, text in plan.tick_labels), default=0)
    width = max(AXIS_WIDTH, AXIS_GAP + LETTER_WIDTH * longest)
    labels = [
        element("text", text, x=width - AXIS_GAP, y=y + 4, text_anchor="end")
        for y, text in plan.tick_labels
    ]
    return element(
        "svg",
        *labels,
        class_="chart-axis",
        width=width,
        height=HEIGHT,
        aria_hidden="true",
        focusable="false",
    )


def _plot(chart: TrendChart, plan: TrendPlan) -> SafeString:
    names = f"{chart.key}-title", f"{chart.key}-desc"
    return element(
        "svg",
        element("title", chart.title, id=names[0]),
        element("desc", describe(chart), id=names[1]),
        _hatch(chart.key) if plan.gaps else EMPTY,
        *_background(chart, plan),
        *_levels(plan),
        *_bars(chart, plan),
        *_lines(chart, plan),
        *_level_labels(plan),
        *_marks(chart, plan),
        *_across(plan),
        class_="chart-plot",
        width="100%",
        height=HEIGHT,
        role="img",
        aria_labelledby=" ".join(names),
    )


def _hatch(key: str) -> SafeString:
    stripe = element("path", d="M0 6L6 0", class_="hatch")
    pattern = element(
        "pattern",
        stripe,
        id=f"{key}-hatch",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
    )
    return element("defs", pattern)


def _background(chart: TrendChart, plan: TrendPlan) -> list[SafeString]:
    tall = BOTTOM - chart.top
    gaps = [
        element(
            "rect",
            x=share(gap.x),
            width=share(gap.width),
            y=chart.top,
            height=tall,
            fill=f"url(#{chart.key}-hatch)",
        )
        for gap in plan.gaps
    ]
    bands = [
        join(
            element(
                "rect",
                element("title", band.label),
                x=share(band.x),
                width=share(band.width),
                y=chart.top,
                height=tall,
                class_="band",
            ),
            element(
                "text",
                band.label,
                x=share(band.x + band.width / 2),
                y=chart.top - 20,
                text_anchor="middle",
                class_="band-label",
            ),
        )
        for band in plan.bands
    ]
    rules = [
        element("line", x1="0", x2="100%", y1=y, y2=y, class_="rule" if n else "zero")
        for n, (y, _text) in enumerate(plan.tick_labels)
    ]
    return [*gaps, *bands, *rules]


def _levels(plan: TrendPlan) -> list[SafeString]:
    return [
        element("line", x1="0", x2="100%", y1=y, y2=y, class_=f"level {t.look}")
        for y, t in plan.levels
    ]


def _level_labels(plan: TrendPlan) -> list[SafeString]:
    """Return the levels' names, which lie above the lines so that they can be read."""
    return [
        element("text", t.label, x="4", y=y - 4, class_="level-label")
        for y, t in plan.levels
    ]


def _place(chart: TrendChart, series: Series) -> int:
    """Return which line of the chart this is, from 1: narrow screens show one of them."""
    return next(n for n, each in enumerate(chart.drawn(), start=1) if each is series)


def _bars(chart: TrendChart, plan: TrendPlan) -> list[SafeString]:
    return [
        element(
            "g",
            *(
                element(
                    "rect",
                    x=share(bar.x),
                    width=share(bar.width),
                    y=bar.y,
                    height=bar.height,
                )
                for bar in bars
            ),
            class_=f"bars {series.look}",
            data_line=_place(chart, series),
        )
        for series, bars in plan.bars
    ]


def _lines(chart: TrendChart, plan: TrendPlan) -> list[SafeString]:
    drawn: list[SafeString] = []
    for series, runs in plan.lines:
        look = "previous" if series is chart.previous else series.look
        path = "".join(_path(run) for run in runs if len(run) > 1)
        stroke = (
            element(
                "svg",
                element("path", d=path, class_=f"line {look}"),
                viewBox=f"0 0 100 {HEIGHT:g}",
                preserveAspectRatio="none",
                width="100%",
                height=HEIGHT,
            )
            if path
            else EMPTY
        )
        dots = _dots(runs, look, series, chart)
        drawn.append(element("g", stroke, *dots, data_line=_place(chart, series)))
    return drawn


def _path(run: tuple[Point, ...]) -> str:
    steps = "L".join(f"{pixels(p.x)} {pixels(p.y)}" for p in run)
    return f"M{steps}"


def _dots(
    runs: tuple[tuple[Point, ...], ...], look: str, series: Series, chart: TrendChart
) -> list[SafeString]:
    """Return dots for lone values, which no line shows, and for the newest value."""
    lone = [run[0] for run in runs if len(run) == 1]
    newest = [runs[-1][-1]] if runs and series is not chart.previous else []
    if chart.kind is Kind.BAR:
        newest = []
    return [
        element("circle", cx=share(p.x), cy=p.y, r=3, class_=f"dot {look}")
        for p in dict.fromkeys([*lone, *newest])
    ]


def _marks(chart: TrendChart, plan: TrendPlan) -> list[SafeString]:
    return [
        element(
            "g",
            element("title", f"{mark.letter}: {mark.label}"),
            element("line", x1=share(x), x2=share(x), y1=chart.top - 16, y2=BOTTOM),
            element(
                "text", mark.letter, x=share(x), y=chart.top - 20, text_anchor="middle"
            ),
            class_="mark",
        )
        for x, mark in plan.marks
    ]


def _across(plan: TrendPlan) -> list[SafeString]:
    return [
        element("text", text, x=share(x), y=HEIGHT - 6, text_anchor=anchor)
        for x, anchor, text in plan.across
    ]


def _ends(plan: TrendPlan) -> SafeString:
    if not plan.ends:
        return EMPTY
    labels = [
        join(
            element(
                "line",
                x1=2,
                x2=14,
                y1=end.y - 4,
                y2=end.y - 4,
                class_=f"line {end.look}",
            ),
            element("text", _shortened(end.text), x=18, y=end.y),
        )
        for end in plan.ends
    ]
    return element(
        "svg",
        *labels,
        class_="chart-ends",
        width=ENDS_WIDTH,
        height=HEIGHT,
        aria_hidden="true",
        focusable="false",
    )


def _shortened(text: str) -> str:
    return (
        text
        if len(text) <= _LONGEST_END_LABEL
        else f"{text[: _LONGEST_END_LABEL - 1]}…"
    )
