"""Short ways to make channels healthy or not, through the verbs everybody uses."""

from datetime import timedelta
from decimal import Decimal
from html.parser import HTMLParser

from django.db import transaction
from django.utils import timezone

from integration_health.ingest.event_rows import EventInput
from integration_health.ingest.events import ingest_events
from integration_health.ingest.snapshot_rows import SnapshotInput
from integration_health.ingest.snapshots import record_snapshots
from revenue.configure import Authorship, set_assumption
from revenue.domain.assumptions import AssumptionValues

CHANNELS = ("booking-com", "airbnb", "vrbo", "hmbn")
HEALTHY = {"pricing_sync_status": "ok", "error_rate": Decimal("0.004")}


def check(slug, ago=timedelta(minutes=5), source="api", **signals):
    """Record one check of a channel, some time ago."""
    now = timezone.now()
    given = SnapshotInput(integration_id=slug, last_checked=now - ago, **signals)
    record_snapshots([given], source=source, actor="test", now=now)


def all_healthy():
    """Record a healthy check of every channel."""
    for slug in CHANNELS:
        check(slug, **HEALTHY)


def fail(slug, count=1, *, event_type="pricing_sync_error", message="failed", ago=None):
    """Send ``count`` events of one kind, a quarter of an hour apart."""
    now = timezone.now()
    first = now - (ago or timedelta(hours=2))
    events = [
        EventInput(
            line=n + 1,
            integration_id=slug,
            event_type=event_type,
            severity="high",
            message=message,
            occurred_at=first - timedelta(minutes=15 * n),
            metadata={"route": "/rates/{id}"},
        )
        for n in range(count)
    ]
    assert ingest_events(events, source="api", actor="test", now=now).rejected == 0


def assume(slug, value="300.00", leakage="0.07", bookings="40"):
    """Set the assumptions of a channel from a year ago on."""
    now = timezone.now()
    with transaction.atomic():
        set_assumption(
            slug,
            AssumptionValues(
                Decimal(value),
                Decimal(leakage),
                Decimal(bookings) if bookings else None,
                None,
            ),
            Authorship(None, "test", now),
            valid_from=(now - timedelta(days=365)).date(),
            currency="USD",
        )


class _Text(HTMLParser):
    def __init__(self):
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data):
        self.parts.append(data)


def text_of(response):
    """Return what a reader of the page reads, whitespace folded."""
    assert response.status_code == 200, response
    parser = _Text()
    parser.feed(response.content.decode())
    return " ".join(" ".join(parser.parts).split())
