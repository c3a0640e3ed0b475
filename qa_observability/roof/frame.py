"""What stands around every page? Navigation with states, the bell, notes on the data."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from integration_health.domain.status import is_stale, worst
from integration_health.enums import HealthStatus, Source
from integration_health.models import Integration, IntegrationHealth
from integration_health.reports.alerts import unread_alerts
from qa_observability.features import is_enabled
from qa_observability.lib.periods import Period
from qa_observability.sample_registry import any_loaded
from qa_observability.web.times import duration, relative
from revenue.models import RevenueAssumption


@dataclass(frozen=True, slots=True)
class Channel:
    """An integration as the navigation shows it; a stale one has no status."""

    slug: str
    name: str
    status: HealthStatus | None


@dataclass(frozen=True, slots=True)
class Note:
    """One remark on the quality of the data, and where to do something about it."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What the frame needs to know, once per page. Five or six small queries."""

    integrations: tuple[Channel, ...]
    notes: tuple[Note, ...]
    unread: int
    has_sample: bool
    shows_health: bool
    shows_revenue: bool
    shows_tests: bool
    opens_admin: bool
    query: str

    @property
    def favicon(self) -> str:
        """The icon of the worst known state: tabs tell it too."""
        known = worst(channel.status for channel in self.integrations)
        return f"qa/favicon-{known or 'unknown'}.svg"


def frame(request: HttpRequest) -> dict[str, Any]:
    """Offer the frame to templates; nothing is asked until one uses it."""
    return {"frame": SimpleLazyObject(lambda: _frame_of(request, timezone.now()))}


def _frame_of(request: HttpRequest, now: datetime) -> Frame:
    shows_health = is_enabled("integration_health")
    integrations = list(Integration.objects.enabled().in_order())
    newest = {each.integration_id: each for each in IntegrationHealth.objects.current()}
    shows_revenue = is_enabled("revenue") and request.user.has_perm(
        "revenue.view_money"
    )
    notes = [
        note
        for each in integrations
        if (note := _health_note(each, newest.get(each.slug), now)) is not None
    ]
    period = request.GET.get("period")
    return Frame(
        integrations=tuple(
            _channel(each, newest.get(each.slug), now) for each in integrations
        )
        if shows_health
        else (),
        notes=(*notes, *(_money_notes(integrations) if shows_revenue else ())),
        unread=unread_alerts(now) if shows_health else 0,
        has_sample=any_loaded(),
        shows_health=shows_health,
        shows_revenue=shows_revenue,
        shows_tests=is_enabled("correlation"),
        opens_admin=admin.site.has_permission(request),
        query=f"?period={period}" if period in {p.value for p in Period} else "",
    )


def _channel(
    integration: Integration, snapshot: IntegrationHealth | None, now: datetime
) -> Channel:
    stale = snapshot is None or is_stale(
        snapshot.last_checked, integration.expected_interval, now
    )
    known = None if snapshot is None or stale else snapshot.status
    return Channel(
        integration.slug, integration.name, HealthStatus(known) if known else None
    )


def _health_note(
    integration: Integration, snapshot: IntegrationHealth | None, now: datetime
) -> Note | None:
    """Return what is wrong with a channel's data; a channel never checked says so."""
    href = f"/dashboard/integrations/{integration.slug}"
    name = integration.name
    if snapshot is None:
        return Note(_("%(name)s: no data yet") % {"name": name}, href)
    if is_stale(snapshot.last_checked, integration.expected_interval, now):
        text = _("%(name)s: last data %(age)s (expected every %(interval)s)") % {
            "name": name,
            "age": relative(snapshot.last_checked, now),
            "interval": duration(integration.expected_interval),
        }
        return Note(text, href)
    if snapshot.source == Source.MANUAL:
        return Note(_("%(name)s: entered by hand") % {"name": name}, href)
    return None


def _money_notes(integrations: list[Integration]) -> Iterator[Note]:
    """Yield which channels have no assumptions of their own. One query."""
    own = set(
        RevenueAssumption.objects.in_force().values_list("integration_id", flat=True)
    )
    for each in integrations:
        if each.slug not in own:
            text = _("%(name)s: uses the default booking value") % {"name": each.name}
            yield Note(text, "/dashboard/revenue/impact#assumptions")
