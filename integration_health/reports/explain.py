"""Why does a channel have its status? Each known signal against its limits."""

from dataclasses import dataclass

from integration_health.domain.status import Band, Bands, Finding, Signals, findings
from integration_health.enums import HealthStatus, StatusSource
from integration_health.reports.overview import IntegrationState


@dataclass(frozen=True, slots=True)
class StatusExplanation:
    """The status and what it stands on: the worst signal, unless a person typed it.

    ``signals`` are the known ones of the newest check, each with the status it gives
    alone; a rate (0 to 1) with the bound it met or stayed under, a sync without. A stale
    channel has no status, and its signals are those of its last check.
    """

    sentence: str
    status: HealthStatus | None
    status_source: StatusSource | None
    computed_status: HealthStatus | None
    stale: bool
    signals: tuple[Finding, ...]


def explained_status(state: IntegrationState) -> StatusExplanation:
    """Return what a channel's status stands on."""
    limits = state.thresholds
    bands = Bands(
        error_rate=Band(limits.error_rate_warning, limits.error_rate_critical),
        booking_loss=Band(limits.booking_loss_warning, limits.booking_loss_critical),
    )
    signals = Signals(
        state.pricing_sync_status,
        state.fees_sync_status,
        state.error_rate,
        state.booking_loss_rate,
    )
    return StatusExplanation(
        sentence=state.reason,
        status=state.status,
        status_source=state.status_source,
        computed_status=state.computed_status,
        stale=state.stale,
        signals=tuple(findings(signals, bands)),
    )
