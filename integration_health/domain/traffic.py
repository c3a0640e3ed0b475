"""What does measured traffic say about a channel? Rates by aspect, and what they signal."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from integration_health.domain.status import Band, Bands
from integration_health.enums import Aspect, HealthStatus, Severity, SyncStatus

_PLACES = Decimal("0.0001")
_SEVERITY = {
    HealthStatus.HEALTHY: Severity.LOW,
    HealthStatus.WARNING: Severity.MEDIUM,
    HealthStatus.CRITICAL: Severity.HIGH,
}


@dataclass(frozen=True, slots=True)
class Traffic:
    """Requests, and how many of them failed; ``server_errors`` are answers 5xx."""

    requests: int
    errors: int
    server_errors: int = 0

    def __add__(self, other: "Traffic") -> "Traffic":
        return Traffic(
            self.requests + other.requests,
            self.errors + other.errors,
            self.server_errors + other.server_errors,
        )


@dataclass(frozen=True, slots=True)
class TrafficSignals:
    """What traffic says; ``None`` without requests. Rates are ratios from 0 to 1."""

    error_rate: Decimal | None
    pricing_error_rate: Decimal | None
    fees_error_rate: Decimal | None
    booking_error_rate: Decimal | None
    availability_error_rate: Decimal | None
    booking_loss_rate: Decimal | None
    pricing_sync_status: SyncStatus | None
    fees_sync_status: SyncStatus | None


def ratio(part: int, whole: int) -> Decimal | None:
    """Return part of whole to four decimals, half up; ``None`` of nothing."""
    if whole == 0:
        return None
    return (Decimal(part) / whole).quantize(_PLACES, ROUND_HALF_UP)


def signals_of(by_aspect: Mapping[Aspect, Traffic], bands: Bands) -> TrafficSignals:
    """Return what the traffic of one channel says, given by aspect.

    The sync status of pricing and fees is their error rate in the channel's bands;
    booking loss is the share of booking requests answered 5xx.
    Source: DESIGN section 4, "From an import to health".
    """
    total = sum(by_aspect.values(), Traffic(0, 0))
    rates = {
        aspect: ratio(traffic.errors, traffic.requests)
        for aspect, traffic in by_aspect.items()
    }
    booking = by_aspect.get(Aspect.BOOKING, Traffic(0, 0))
    pricing, fees = rates.get(Aspect.PRICING), rates.get(Aspect.FEES)
    return TrafficSignals(
        error_rate=ratio(total.errors, total.requests),
        pricing_error_rate=pricing,
        fees_error_rate=fees,
        booking_error_rate=rates.get(Aspect.BOOKING),
        availability_error_rate=rates.get(Aspect.AVAILABILITY),
        booking_loss_rate=ratio(booking.server_errors, booking.requests),
        pricing_sync_status=_sync(pricing, bands.error_rate),
        fees_sync_status=_sync(fees, bands.error_rate),
    )


def severity_of(traffic: Traffic, band: Band) -> Severity:
    """Return how bad failing traffic is: low in the healthy band, medium, high.

    Raises: ``ValueError`` without requests.
    """
    rate = ratio(traffic.errors, traffic.requests)
    if rate is None:
        raise ValueError("no requests, no rate")
    return _SEVERITY[band.status(rate)]


def _sync(rate: Decimal | None, band: Band) -> SyncStatus | None:
    return None if rate is None else band.sync_status(rate)
