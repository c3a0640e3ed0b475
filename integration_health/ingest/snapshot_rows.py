"""May this check be stored, and as which snapshot?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from integration_health.domain.status import worst_finding
from integration_health.enums import HealthStatus, StatusSource, SyncStatus
from integration_health.ingest.event_rows import AHEAD
from integration_health.models import Integration, IntegrationHealth
from integration_health.models.events import KEPT
from qa_observability.lib.errors import FieldError, InvalidField

FOUR_PLACES = Decimal("0.0001")
SNAPSHOTS_KEPT = timedelta(days=762)  # 25 months
SIGNALS = (
    "pricing_sync_status",
    "fees_sync_status",
    "booking_loss_rate",
    "error_rate",
)
ASPECT_RATES = (
    "pricing_error_rate",
    "fees_error_rate",
    "booking_error_rate",
    "availability_error_rate",
)
_CHOICES = {
    "status": HealthStatus.values,
    "pricing_sync_status": SyncStatus.values,
    "fees_sync_status": SyncStatus.values,
}
RATES = ("booking_loss_rate", "error_rate", *ASPECT_RATES)


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotInput:
    """One check as a caller knows it; ``None`` is not known.

    Rates are ratios from 0 to 1, kept to four decimals. A typed ``status`` is stored as
    given, the computed one beside it. ``last_checked`` ``None`` is now. The window, if
    any, is the traffic measured; 90 days at most.
    """

    integration_id: str
    status: str | None = None
    pricing_sync_status: str | None = None
    fees_sync_status: str | None = None
    booking_loss_rate: Decimal | None = None
    error_rate: Decimal | None = None
    pricing_error_rate: Decimal | None = None
    fees_error_rate: Decimal | None = None
    booking_error_rate: Decimal | None = None
    availability_error_rate: Decimal | None = None
    last_checked: datetime | None = None
    window_start: datetime | None = None
    window_end: datetime | None = None


def checked_at(given: SnapshotInput, now: datetime) -> datetime:
    """Return the moment a check speaks for: as said, its window's end, or now."""
    return given.last_checked or given.window_end or now


def snapshot_of(
    given: SnapshotInput, integration: Integration, now: datetime
) -> IntegrationHealth:
    """Return the unsaved snapshot of a checked input, with its computed status."""
    rates = {name: _four_places(getattr(given, name)) for name in RATES}
    snapshot = IntegrationHealth(
        integration=integration,
        pricing_sync_status=given.pricing_sync_status,
        fees_sync_status=given.fees_sync_status,
        window_start=given.window_start,
        window_end=given.window_end,
        last_checked=checked_at(given, now),
        **rates,
    )
    judge(snapshot, integration, typed=given.status)
    return snapshot


def judge(
    snapshot: IntegrationHealth, integration: Integration, *, typed: str | None
) -> None:
    """Set the computed status from the signals, and the typed one where there is one."""
    finding = worst_finding(snapshot.signals, integration.bands)
    snapshot.computed_status = finding.status if finding else None
    snapshot.status = typed or snapshot.computed_status
    snapshot.status_source = StatusSource.MANUAL if typed else StatusSource.COMPUTED


def refuse_wrong(
    given: SnapshotInput, integrations: dict[str, Integration], now: datetime
) -> None:
    """Raise ``InvalidField`` naming every field that cannot be stored."""
    errors = [
        *_wrong_words(given, integrations),
        *_wrong_rates(given),
        *_wrong_times(given, now),
    ]
    if errors:
        detail = "; ".join(f"{each.field}: {each.detail}" for each in errors)
        raise InvalidField(detail, errors=errors)


def _wrong_words(
    given: SnapshotInput, integrations: dict[str, Integration]
) -> list[FieldError]:
    errors = []
    if given.integration_id not in integrations:
        known = ", ".join(sorted(integrations))
        detail = _("There is no integration %(slug)s. Known: %(known)s.") % {
            "slug": given.integration_id[:50],
            "known": known,
        }
        errors.append(FieldError("integration_id", "unknown_integration", detail))
    for name, choices in _CHOICES.items():
        value = getattr(given, name)
        if value is not None and value not in choices:
            detail = _("Must be one of %(choices)s.") % {"choices": ", ".join(choices)}
            errors.append(FieldError(name, "invalid_choice", detail))
    if all(
        getattr(given, name) is None for name in ("status", *SIGNALS, *ASPECT_RATES)
    ):
        detail = _(
            "Give a status or at least one signal: pricing sync, fees sync, booking "
            "loss rate or error rate."
        )
        errors.append(FieldError("status", "no_signal", detail))
    return errors


def _wrong_rates(given: SnapshotInput) -> list[FieldError]:
    return [
        FieldError(name, "not_a_ratio", _("Must be a ratio from 0 to 1: 0.05 is 5 %."))
        for name in RATES
        if (value := getattr(given, name)) is not None
        and not (value.is_finite() and 0 <= value <= 1)
    ]


def _wrong_times(given: SnapshotInput, now: datetime) -> list[FieldError]:
    errors = []
    start, end = given.window_start, given.window_end
    checked = checked_at(given, now)
    if checked > now + AHEAD:
        detail = _("Lies more than 5 minutes ahead of this server's clock.")
        errors.append(FieldError("last_checked", "in_the_future", detail))
    elif checked < now - SNAPSHOTS_KEPT:
        detail = _("Older than 25 months, which is how long checks are kept.")
        errors.append(FieldError("last_checked", "too_old", detail))
    if (start is None) != (end is None) or (
        start and end and not (start < end <= checked and end - start <= KEPT)
    ):
        detail = _("A window needs its start and its end, at most 90 days later.")
        errors.append(FieldError("window_start", "invalid_window", detail))
    return errors


def _four_places(rate: Decimal | None) -> Decimal | None:
    return None if rate is None else rate.quantize(FOUR_PLACES, ROUND_HALF_UP)
