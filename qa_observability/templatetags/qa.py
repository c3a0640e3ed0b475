"""What may templates say? Numbers, times, states and charts, written one way."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django import template
from django.template.context import RequestContext
from django.utils import timezone
from django.utils.safestring import SafeString

from qa_observability.web import icons, markup, sorting, statuses, times
from qa_observability.web.charts.figure import figure
from qa_observability.web.charts.sparkline import draw_sparkline
from qa_observability.web.charts.svg import element
from qa_observability.web.charts.trend import TrendChart, Value

register = template.Library()

for written in (
    markup.money,
    markup.amount,
    markup.exact,
    markup.rate,
    markup.confidence,
    markup.count,
    markup.breakable,
):
    register.filter(written.__name__, written)
for said in (times.duration, times.short_day, times.long_day, statuses.status_words):
    register.filter(said.__name__, said)
register.filter("look", statuses.look_of)
register.filter("severity", statuses.severity)
register.filter("sync", statuses.sync)
for drawn in (icons.icon, statuses.badge, statuses.shape, markup.change):
    register.simple_tag(drawn, name=drawn.__name__)


@register.simple_tag(takes_context=True)
def ago(context: RequestContext, moment: datetime | None) -> SafeString:
    """Print how long ago a moment is; the title has day, time and offset."""
    if moment is None:
        return markup.no_value()
    return markup.moment(moment, times.relative(moment, context["now"]))


@register.simple_tag
def at(moment: datetime | None) -> SafeString:
    """Print a moment in the reader's zone, in full."""
    if moment is None:
        return markup.no_value()
    zone = timezone.get_current_timezone()
    return markup.moment(moment, times.absolute(moment, zone))


@register.simple_tag
def between(start: datetime, end: datetime) -> str:
    """Print a stretch of time in the reader's zone."""
    return times.between(start, end, timezone.get_current_timezone())


@register.simple_tag
def clock(moment: datetime) -> SafeString:
    """Print the time of day in the reader's zone."""
    zone = timezone.get_current_timezone()
    return markup.moment(moment, times.clock(moment, zone))


@register.simple_tag
def zone(moment: datetime) -> str:
    """Print the reader's offset at a moment: "UTC+2"."""
    return times.offset(moment.astimezone(timezone.get_current_timezone()))


@register.simple_tag
def days(first: date, last: date) -> str:
    """Print an inclusive range of days."""
    return times.day_range(first, last)


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


@register.simple_tag(takes_context=True)
def column(
    context: RequestContext, first: str, label: str, look: str = ""
) -> SafeString:
    """Print a column's head; where the page has an ``order``, a link that sorts by it."""
    order = context.get("order")
    return sorting.column_head(context["request"], order, first, label, look)


@register.simple_tag
def chart(drawn: TrendChart) -> SafeString:
    """Print a trend chart with its title, read-out and table twin."""
    return figure(drawn)
