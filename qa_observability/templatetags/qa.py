"""What may templates say? Numbers, times, states and charts, written one way."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.template.context import RequestContext
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qa_observability.lib.trends import Change
from qa_observability.web import formats, icons, statuses, times
from qa_observability.web.charts.sparkline import draw_sparkline
from qa_observability.web.charts.svg import element
from qa_observability.web.charts.trend import TrendChart, Value
from qa_observability.web.charts.trend_svg import draw_trend

register = template.Library()

register.simple_tag(icons.icon, name="icon")
register.filter("duration", times.duration)
register.filter("status_words", statuses.status_words)
register.filter("look", statuses.look_of)
register.filter("short_day", times.short_day)
register.filter("long_day", times.long_day)
register.filter("severity", statuses.severity)
register.filter("sync", statuses.sync)
register.simple_tag(statuses.badge, name="badge")
register.simple_tag(statuses.shape, name="shape")


@register.filter
def money(amount: Decimal | None, currency: str) -> SafeString:
    """Print an estimated amount; the exact one is its title and machine value."""
    return _money(amount, currency, estimated=True)


@register.filter
def amount(value: Decimal | None, currency: str) -> SafeString:
    """Print an amount of a table of estimates: without the sign of one."""
    return _money(value, currency, estimated=False)


@register.filter
def exact(value: Decimal | None, currency: str) -> SafeString:
    """Print an amount to the cent."""
    if value is None:
        return _no_value()
    return element("data", formats.exact_money(value, currency), value=str(value))


@register.filter
def rate(ratio: Decimal | None) -> SafeString:
    """Print a ratio as percent."""
    if ratio is None:
        return _no_value()
    return element("data", formats.percent(ratio), value=str(ratio))


@register.filter
def count(value: int | None) -> SafeString:
    """Print a whole number, grouped."""
    if value is None:
        return _no_value()
    return element("data", formats.number(value), value=value)


@register.filter
def or_none(value: object) -> SafeString | object:
    """Print a value, or the sign for none when there is nothing."""
    return _no_value() if value in (None, "") else value


@register.simple_tag(takes_context=True)
def ago(context: RequestContext, moment: datetime | None) -> SafeString:
    """Print how long ago a moment is; the title has day, time and offset."""
    if moment is None:
        return _no_value()
    return _time(moment, times.relative(moment, context["now"]))


@register.simple_tag
def at(moment: datetime | None) -> SafeString:
    """Print a moment in the reader's zone, in full."""
    if moment is None:
        return _no_value()
    zone = timezone.get_current_timezone()
    return _time(moment, times.absolute(moment, zone))


@register.simple_tag
def clock(moment: datetime) -> SafeString:
    """Print the time of day in the reader's zone."""
    return _time(moment, times.clock(moment, timezone.get_current_timezone()))


@register.simple_tag
def zone(moment: datetime) -> str:
    """Print the reader's offset at a moment: "UTC+2"."""
    return times.offset(moment.astimezone(timezone.get_current_timezone()))


@register.simple_tag
def days(first: date, last: date) -> str:
    """Print an inclusive range of days."""
    return times.day_range(first, last)


@register.simple_tag
def change(value: Change, better: str = "lower", days: int | None = None) -> SafeString:
    """Print a change: arrow, words, and whether it is good, in words and colour."""
    said = formats.change_words(value, formats.Better(better), days=days)
    arrow = (
        (element("span", said.arrow, class_="arrow", aria_hidden="true"), " ")
        if said.arrow
        else ()
    )
    direction = {"↑": _("up"), "↓": _("down")}.get(said.arrow)
    spoken = (
        (element("span", f"{direction} ", class_="visually-hidden"),)
        if direction
        else ()
    )
    return element("span", *arrow, *spoken, said.text, class_=f"change {said.verdict}")


@register.simple_tag
def sparkline(values: Sequence[Value], look: str = "main") -> SafeString:
    """Draw a word-sized line; decoration only."""
    return draw_sparkline(values, look=look)


@register.simple_tag
def score_steps(score: Decimal | float) -> SafeString:
    """Draw a score (0-1) as a bar of five steps; the number stands beside it."""
    filled = round(float(score) * 5)
    steps = [element("i", class_="on" if n < filled else None) for n in range(5)]
    return element("span", *steps, class_="steps", aria_hidden="true")


@register.simple_tag
def share_bar(part: Decimal | float) -> SafeString:
    """Draw a share (0-1) of a whole; decoration beside its number."""
    width = f"{min(max(float(part), 0.0), 1.0) * 100:.1f}%"
    return element(
        "svg",
        element("rect", width="100%", height="8", rx=2),
        element("rect", width=width, height="8", rx=2, class_="part"),
        class_="share",
        aria_hidden="true",
    )


@register.inclusion_tag("components/chart.html")
def chart(drawn: TrendChart) -> dict[str, Any]:
    """Print a trend chart with its title, read-out and table twin."""
    return {
        "chart": drawn,
        "drawing": draw_trend(drawn),
        "columns": [series.name for series in drawn.drawn()],
        "rows": [
            (bucket.name, [drawn.write(s.values[n]) for s in drawn.drawn()])
            for n, bucket in enumerate(drawn.buckets)
        ],
    }


def _money(value: Decimal | None, currency: str, *, estimated: bool) -> SafeString:
    if value is None:
        return _no_value()
    return element(
        "data",
        formats.money(value, currency, estimated=estimated),
        value=str(value),
        title=formats.exact_money(value, currency),
    )


def _time(moment: datetime, words: str) -> SafeString:
    zone = timezone.get_current_timezone()
    return element(
        "time",
        words,
        datetime=moment.isoformat(),
        title=times.absolute(moment, zone),
    )


def _no_value() -> SafeString:
    return element(
        "span",
        element("span", formats.NO_VALUE, aria_hidden="true"),
        element("span", _("no value"), class_="visually-hidden"),
        class_="muted",
    )
