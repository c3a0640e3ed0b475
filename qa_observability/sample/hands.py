"""What do people do in the sample quarter? Entries by hand, plans, marks, assumptions."""

from datetime import timedelta
from decimal import Decimal
from random import Random

from integration_health.enums import AnnotationKind, Recurrence
from integration_health.ingest.snapshots import SnapshotInput
from integration_health.models import Annotation, MaintenanceWindow
from qa_observability.lib.periods import ONE_DAY
from qa_observability.sample.story import SEED, Story
from revenue.domain.assumptions import AssumptionValues

BY_HAND = "hmbn"
SLOW = 0.08  # share of mornings with slow prices
WORTH = {
    None: ("250.00", "0.05", None),
    "booking-com": ("280.00", "0.06", "14"),
    "airbnb": ("300.00", "0.07", "11"),
    "vrbo": ("250.00", "0.05", "7"),
    "hmbn": ("220.00", "0.04", "2"),
}


def hand_entries(story: Story) -> list[SnapshotInput]:
    """Return a check of HMBN every morning, until nobody came any more."""
    random = Random(SEED + 4)
    entries = []
    moment = story.last_hand_entry
    while moment >= story.start:
        slow = random.random() < SLOW
        entries.append(
            SnapshotInput(
                integration_id=BY_HAND,
                pricing_sync_status="warning" if slow else "ok",
                fees_sync_status="ok",
                booking_loss_rate=Decimal("0.0000"),
                error_rate=Decimal(random.randint(20, 140)) / 10_000,
                last_checked=moment,
            )
        )
        moment -= ONE_DAY
    return entries[::-1]


def plan_maintenance(story: Story) -> MaintenanceWindow:
    """Plan Vrbo's weekly hour at night, as long as the quarter and a year beyond."""
    return MaintenanceWindow.objects.create(
        integration_id="vrbo",
        title="Vrbo weekly maintenance",
        starts_at=story.maintenance_start,
        ends_at=story.maintenance_start + timedelta(hours=1),
        recurrence=Recurrence.WEEKLY,
        repeats_until=story.end + timedelta(days=365),
        sample=True,
        created_by="sample",
    )


def mark_deploys(story: Story) -> list[Annotation]:
    """Mark the deploys of the quarter."""
    return Annotation.objects.bulk_create(
        Annotation(
            integration_id=channel,
            kind=AnnotationKind.DEPLOY,
            at=moment,
            text=text,
            sample=True,
            created_by="sample",
        )
        for moment, channel, text in story.deploys
    )


def assumptions() -> dict[str | None, AssumptionValues]:
    """Return what a booking is worth on each channel, ``None`` being the default."""
    return {
        channel: AssumptionValues(
            avg_booking_value=Decimal(value),
            leakage_percentage=Decimal(leakage),
            bookings_per_day=Decimal(per_day) if per_day else None,
        )
        for channel, (value, leakage, per_day) in WORTH.items()
    }
