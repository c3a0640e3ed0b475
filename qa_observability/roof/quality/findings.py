"""What is thin about a channel's data, in words, each with what to do next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integration_health.reports.quality import ChannelQuality
from qa_observability.lib.periods import ONE_DAY
from qa_observability.web.times import day_range, duration_words, short_day

# Half the span in which failures count as simultaneous: more tears apart what belongs
# together.
CLOCK_TOLERATED_SECONDS: Final = 60
MOST_RANGES: Final = 3


@dataclass(frozen=True, slots=True)
class Doors:
    """Where this reader may add data; empty without the right."""

    upload: str
    enter: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is thin, and what to do; ``href`` is empty when others must."""

    text: str
    advice: str
    href: str


def doors(*, may_import: bool, may_record: bool) -> Doors:
    """Return the addresses of the forms that a reader with these rights may open."""
    upload = reverse("admin:integration_health_importbatch_upload")
    enter = reverse("admin:integration_health_integrationhealth_enter")
    return Doors(upload if may_import else "", enter if may_record else "")


def anchor_of(slug: str) -> str:
    """Return the anchor of a channel's line on the page, where notes lead."""
    return f"channel-{slug}"


def channel_findings(channel: ChannelQuality, doors: Doors) -> tuple[Finding, ...]:
    """Return what is thin about one channel, worst first; nothing of a good one."""
    if channel.age_seconds is None:
        return (
            Finding(
                _("No check has ever come in."),
                _("Import an export that covers it, or send checks by API."),
                doors.upload,
            ),
        )
    return tuple(_findings(channel, doors))


def days_words(days: Sequence[date]) -> str:
    """Return days as ranges, oldest first: "3 Nov, 20 Nov – 23 Nov 2026, 2 more"."""
    ranges = list(_ranges(days))
    said = [
        short_day(first) if first == last else day_range(first, last)
        for first, last in ranges[:MOST_RANGES]
    ]
    more = len(ranges) - len(said)
    if more:
        said.append(
            ngettext("%(count)d more gap", "%(count)d more gaps", more)
            % {"count": more}
        )
    return ", ".join(said)


def _findings(channel: ChannelQuality, doors: Doors) -> Iterator[Finding]:
    if channel.stale and channel.age_seconds is not None:
        yield Finding(
            _("Last data %(age)s ago, expected every %(interval)s.")
            % {
                "age": duration_words(channel.age_seconds),
                "interval": duration_words(channel.expected_interval_seconds),
            },
            _("See whether its sender runs; until then, enter what you know."),
            doors.enter,
        )
    if channel.missing_days:
        count = len(channel.missing_days)
        yield Finding(
            ngettext(
                "%(count)d day without data: %(days)s.",
                "%(count)d days without data: %(days)s.",
                count,
            )
            % {"count": count, "days": days_words(channel.missing_days)},
            _("Import an export of that time."),
            doors.upload,
        )
    if channel.manual_only:
        yield Finding(
            _("Entered by hand only: nobody measures it."),
            _("Import exports or send checks by API, so that rates are counted."),
            doors.upload,
        )
    if channel.clock_ahead_seconds > CLOCK_TOLERATED_SECONDS:
        yield Finding(
            _("Its clock runs %(seconds)s ahead of ours.")
            % {"seconds": duration_words(channel.clock_ahead_seconds)},
            _("Set the sender's clock by NTP: what failed together looks apart."),
            "",
        )


def _ranges(days: Sequence[date]) -> Iterator[tuple[date, date]]:
    """Yield first and last day of each run of days, which are in order."""
    first = last = None
    for day in days:
        if last is not None and day - last == ONE_DAY:
            last = day
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = day
    if first is not None and last is not None:
        yield first, last
