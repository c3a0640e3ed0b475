"""What do the examples have in common? One moment, one window, one frame."""

from datetime import UTC, datetime, timedelta
from typing import Final

from integration_health.enums import HealthStatus
from qa_observability.features import is_enabled
from qa_observability.lib.periods import Period
from qa_observability.roof.frame import Channel, Frame, Note

NOW: Final = datetime(2026, 11, 24, 14, 32, 5, tzinfo=UTC)
PERIOD: Final = Period.MONTH
WINDOW: Final = PERIOD.window(ending=NOW)
_HAS_FORMS: Final = is_enabled("integration_health")  # of the admin, to lead to
FRAME: Final = Frame(
    integrations=(
        Channel("booking-com", "Booking.com", HealthStatus.HEALTHY),
        Channel("airbnb", "Airbnb", HealthStatus.CRITICAL),
        Channel("vrbo", "Vrbo", HealthStatus.WARNING),
        Channel("hmbn", "HMBN", None),
    ),
    notes=(
        Note(
            "Airbnb: last data 3 h ago (expected every 15 min)",
            "#component-quality_strip",
        ),
        Note("Entered by hand: Vrbo", "#component-quality_strip"),
        Note("Default booking value: HMBN", "#component-quality_strip"),
    ),
    unread=3,
    has_sample=True,
    is_first_use=False,
    shows_health=True,
    shows_revenue=True,
    shows_tests=True,
    opens_admin=True,
    may_import=_HAS_FORMS,
    may_record=_HAS_FORMS,
    query="",
)


def ago(**length: int) -> datetime:
    """Return a moment before the examples' own."""
    return NOW - timedelta(**length)
