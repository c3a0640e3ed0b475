"""Is a channel healthy, and which signal says so?

The status of a snapshot is the worst of its four signals; a missing signal is ignored,
and no signal at all is no status. Nothing here is healthy by absence (DESIGN section
3).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from integration_health.enums import HealthStatus, SyncStatus

STALE_AFTER_INTERVALS = 2

_RANK = {HealthStatus.HEALTHY: 0, HealthStatus.WARNING: 1, HealthStatus.CRITICAL: 2}
_OF_SYNC = {
    SyncStatus.OK: HealthStatus.HEALTHY,
    SyncStatus.WARNING: HealthStatus.WARNING,
    SyncStatus.ERROR: HealthStatus.CRITICAL,
}
_SYNC_OF = {health: sync for sync, health in _OF_SYNC.items()}


class Signal(StrEnum):
    """What a snapshot can say, in the order in which ties are decided."""

    PRICING = "pricing"
    FEES = "fees"
    ERROR_RATE = "error_rate"
    BOOKING_LOSS = "booking_loss"


@dataclass(frozen=True, slots=True)
class Band:
    """Ratios from which a rate is a warning, and from which it is critical."""

    warning: Decimal
    critical: Decimal

    def status(self, rate: Decimal) -> HealthStatus:
        """Judge a ratio from 0 to 1; a limit itself belongs to the worse side."""
        if rate >= self.critical:
            return HealthStatus.CRITICAL
        if rate >= self.warning:
            return HealthStatus.WARNING
        return HealthStatus.HEALTHY

    def limit(self, status: HealthStatus) -> Decimal:
        """Return the bound a status explains: reached, or stayed under if healthy."""
        return self.critical if status == HealthStatus.CRITICAL else self.warning

    def sync_status(self, rate: Decimal) -> SyncStatus:
        """Return the sync status that an aspect's error rate amounts to."""
        return _SYNC_OF[self.status(rate)]


@dataclass(frozen=True, slots=True)
class Bands:
    """The thresholds of one integration."""

    error_rate: Band
    booking_loss: Band


@dataclass(frozen=True, slots=True)
class Signals:
    """What one snapshot says; ``None`` is not known. Rates are ratios from 0 to 1."""

    pricing: SyncStatus | None = None
    fees: SyncStatus | None = None
    error_rate: Decimal | None = None
    booking_loss_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One signal judged: its status and, for a rate, the value and the bound it met."""

    signal: Signal
    status: HealthStatus
    value: Decimal | None = None
    limit: Decimal | None = None
    sync: SyncStatus | None = None


def findings(signals: Signals, bands: Bands) -> list[Finding]:
    """Return every known signal judged, in the order of :class:`Signal`."""
    judged = [
        _of_sync(Signal.PRICING, signals.pricing),
        _of_sync(Signal.FEES, signals.fees),
        _of_rate(Signal.ERROR_RATE, signals.error_rate, bands.error_rate),
        _of_rate(Signal.BOOKING_LOSS, signals.booking_loss_rate, bands.booking_loss),
    ]
    return [finding for finding in judged if finding is not None]


def worst_finding(signals: Signals, bands: Bands) -> Finding | None:
    """Return the finding that decides a snapshot's status; ``None`` without any signal.

    Of equally bad ones the first in the order of :class:`Signal`. When all is well, the
    error rate speaks for the snapshot if it is known.
    """
    judged = findings(signals, bands)
    if not judged:
        return None
    if all(finding.status == HealthStatus.HEALTHY for finding in judged):
        rates = [finding for finding in judged if finding.value is not None]
        return (rates or judged)[0]
    return max(judged, key=lambda finding: _RANK[finding.status])


def worst(statuses: Iterable[HealthStatus | None]) -> HealthStatus | None:
    """Return the worst known status; ``None`` when none is known."""
    known = [status for status in statuses if status is not None]
    return max(known, key=_RANK.__getitem__) if known else None


def is_stale(
    last_checked: datetime, expected_interval: timedelta, now: datetime
) -> bool:
    """Tell whether a snapshot is older than twice the expected interval."""
    return now - last_checked > STALE_AFTER_INTERVALS * expected_interval


@dataclass(frozen=True, slots=True)
class Overall:
    """The status of all channels together, which one drove it, how many are unknown.

    ``status`` is ``None`` when nothing is known, or when only some are and those are
    healthy: the unknown ones might not be.
    """

    status: HealthStatus | None
    driver: str | None
    unknown: int


def overall(statuses: Sequence[tuple[str, HealthStatus | None]]) -> Overall:
    """Return the overall health of enabled integrations, given as (slug, status).

    ``driver`` is the first integration with the worst status, where that is not
    healthy.
    """
    unknown = sum(status is None for _, status in statuses)
    status = worst(status for _, status in statuses)
    if status in {None, HealthStatus.HEALTHY}:
        return Overall(None if unknown else status, None, unknown)
    driver = next(slug for slug, each in statuses if each == status)
    return Overall(status, driver, unknown)


def _of_sync(signal: Signal, sync: SyncStatus | None) -> Finding | None:
    return None if sync is None else Finding(signal, _OF_SYNC[sync], sync=sync)


def _of_rate(signal: Signal, rate: Decimal | None, band: Band) -> Finding | None:
    if rate is None:
        return None
    status = band.status(rate)
    return Finding(signal, status, value=rate, limit=band.limit(status))
