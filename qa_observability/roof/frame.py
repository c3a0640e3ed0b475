"""What stands around every page? Navigation with states, the bell, notes on the data."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from integration_health.domain.status import is_stale, worst
from integration_health.enums import HealthStatus, Source
from integration_health.models import EventDay, Integration, IntegrationHealth
from integration_health.reports.alerts import unread_alerts
from qa_observability.features import is_enabled
from qa_observability.lib.periods import Period
from qa_observability.roof.quality.findings import anchor_of
from qa_observability.sample_registry import any_loaded
from qa_observability.web.sessions import session_end
from qa_observability.web.times import duration, relative
from revenue.models import RevenueAssumption
from revenue.pages.rights import shows_money


@dataclass(frozen=True, slots=True)
class Channel:
    """An integration as the navigation shows it; a stale one has no status."""

    slug: str
    name: str
    status: HealthStatus | None


@dataclass(frozen=True, slots=True)
class _Watched:
    """A channel with its newest check, if there was one."""

    slug: str
    name: str
    interval: timedelta
    checked_at: datetime | None
    status: str | None
    source: str | None

    def is_unknown(self, now: datetime) -> bool:
        """Whether nothing fresh is known of it."""
        return self.checked_at is None or is_stale(self.checked_at, self.interval, now)


@dataclass(frozen=True, slots=True)
class Note:
    """One remark on the quality of the data, and where to do something about it."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What the frame needs to know, once per page. Four to seven small queries."""

    integrations: tuple[Channel, ...]
    notes: tuple[Note, ...]
    unread: int
    has_sample: bool
    is_first_use: bool
    shows_health: bool
    shows_revenue: bool
    shows_tests: bool
    opens_admin: bool
    may_import: bool
    may_record: bool
    query: str

    @property
    def favicon(self) -> str:
        """The icon of the worst known state: tabs tell it too."""
        known = worst(channel.status for channel in self.integrations)
        return f"qa/favicon-{known or 'unknown'}.svg"


def frame(request: HttpRequest) -> dict[str, Any]:
    """Offer the frame to templates; nothing is asked until one uses it."""
    now = timezone.now()
    return {
        "frame": SimpleLazyObject(lambda: _frame_of(request, now)),
        "session_end": SimpleLazyObject(lambda: session_end(request, now)),
    }


def _frame_of(request: HttpRequest, now: datetime) -> Frame:
    shows_health = is_enabled("integration_health")
    integrations = _watched()
    opens_admin = admin.site.has_permission(request)
    shows_revenue = shows_money(request)
    period = request.GET.get("period")
    query = f"?period={period}" if period in {p.value for p in Period} else ""
    quality = f"/dashboard/data-quality{query}" if shows_health else ""
    return Frame(
        integrations=tuple(_channel(each, now) for each in integrations)
        if shows_health
        else (),
        notes=(
            *(_health_notes(integrations, quality, now) if shows_health else ()),
            *(_money_notes(integrations, quality) if shows_revenue else ()),
        ),
        unread=unread_alerts(now) if shows_health else 0,
        has_sample=any_loaded(),
        is_first_use=_is_first_use(integrations),
        shows_health=shows_health,
        shows_revenue=shows_revenue,
        shows_tests=is_enabled("correlation"),
        opens_admin=opens_admin,
        may_import=opens_admin and _may(request, "import_files"),
        may_record=opens_admin and _may(request, "record_health"),
        query=query,
    )


def _may(request: HttpRequest, deed: str) -> bool:
    enabled = is_enabled("integration_health")
    return enabled and request.user.has_perm(f"integration_health.{deed}")


def _watched() -> list[_Watched]:
    """Return the enabled channels with their newest check. One query, no history."""
    checks = IntegrationHealth.objects.filter(integration=OuterRef("pk"))
    newest = checks.order_by("-last_checked")
    rows = (
        Integration.objects.enabled()
        .in_order()
        .values_list(
            "slug",
            "name",
            "expected_interval",
            Subquery(newest.values("last_checked")[:1]),
            Subquery(newest.values("status")[:1]),
            Subquery(newest.values("source")[:1]),
        )
    )
    return [_Watched(*row) for row in rows]


def _is_first_use(integrations: Sequence[_Watched]) -> bool:
    """Return whether neither a check nor an event has ever come in."""
    unseen = all(each.checked_at is None for each in integrations)
    return unseen and not EventDay.objects.exists()


def _channel(watched: _Watched, now: datetime) -> Channel:
    known = None if watched.is_unknown(now) else watched.status
    return Channel(watched.slug, watched.name, HealthStatus(known) if known else None)


def _health_notes(
    integrations: Sequence[_Watched], quality: str, now: datetime
) -> Iterator[Note]:
    """Yield what is wrong with the data of channels: stale, never seen, typed in."""
    unseen = [each for each in integrations if each.checked_at is None]
    if unseen:
        yield _note_on(_("No data yet: %(names)s"), unseen, quality)
    for each in integrations:
        if each.checked_at is not None and each.is_unknown(now):
            text = _("%(name)s: last data %(age)s (expected every %(interval)s)") % {
                "name": each.name,
                "age": relative(each.checked_at, now),
                "interval": duration(each.interval),
            }
            yield Note(text, f"{quality}#{anchor_of(each.slug)}")
    typed = [
        each
        for each in integrations
        if each.source == Source.MANUAL and not each.is_unknown(now)
    ]
    if typed:
        yield _note_on(_("Entered by hand: %(names)s"), typed, quality)


def _money_notes(integrations: Sequence[_Watched], quality: str) -> Iterator[Note]:
    """Yield which channels have no assumptions of their own. One query."""
    page = f"{quality}#defaults" if quality else "/dashboard/revenue/impact#assumptions"
    own = set(
        RevenueAssumption.objects.in_force().values_list("integration_id", flat=True)
    )
    others = [each.name for each in integrations if each.slug not in own]
    if others:
        text = _("Default booking value: %(names)s") % {"names": ", ".join(others)}
        yield Note(text, page)


def _note_on(text: str, about: Sequence[_Watched], quality: str) -> Note:
    names = ", ".join(each.name for each in about)
    return Note(text % {"names": names}, f"{quality}#{anchor_of(about[0].slug)}")
