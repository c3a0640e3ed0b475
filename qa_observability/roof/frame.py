"""What stands around every page? Navigation with states, the sample tag, data notes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from integration_health.domain.status import is_stale, worst
from integration_health.enums import HealthStatus
from integration_health.models import Integration, IntegrationHealth
from qa_observability.lib.periods import Period
from qa_observability.sample_registry import any_loaded


@dataclass(frozen=True, slots=True)
class Channel:
    """An integration as the navigation shows it; a stale one has no status."""

    slug: str
    name: str
    status: HealthStatus | None


@dataclass(frozen=True, slots=True)
class Frame:
    """What the frame needs to know, once per page."""

    integrations: tuple[Channel, ...]
    has_sample: bool
    shows_revenue: bool
    shows_tests: bool
    opens_admin: bool
    query: str

    @property
    def favicon(self) -> str:
        """The icon of the worst known state: tabs tell it too."""
        known = worst(c.status for c in self.integrations)
        return f"qa/favicon-{known or 'unknown'}.svg"


def frame(request: HttpRequest) -> dict[str, Any]:
    """Offer the frame to templates; nothing is asked until one uses it."""
    return {"frame": SimpleLazyObject(lambda: _frame_of(request))}


def _frame_of(request: HttpRequest) -> Frame:
    period = request.GET.get("period")
    known_period = period in {choice.value for choice in Period}
    return Frame(
        integrations=tuple(_channels(timezone.now())),
        has_sample=any_loaded(),
        shows_revenue=settings.REVENUE_IMPACT_ENABLED
        and request.user.has_perm("revenue.view_money"),
        shows_tests=settings.CORRELATION_ENABLED,
        opens_admin=admin.site.has_permission(request),
        query=f"?period={period}" if known_period else "",
    )


def _channels(now: datetime) -> Iterator[Channel]:
    newest = {s.integration_id: s for s in IntegrationHealth.objects.current()}
    for integration in Integration.objects.enabled().in_order():
        snapshot = newest.get(integration.slug)
        stale = snapshot is None or is_stale(
            snapshot.last_checked, integration.expected_interval, now
        )
        known = None if snapshot is None or stale else snapshot.status
        status = HealthStatus(known) if known else None
        yield Channel(integration.slug, integration.name, status)
