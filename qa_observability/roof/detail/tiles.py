"""What do the four signals of a channel say? Value, state, limits, course."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from integration_health.domain.status import Band
from integration_health.reports.detail import IntegrationDetail
from integration_health.reports.overview import HealthPoint
from qa_observability.web import markup, statuses
from qa_observability.web.charts.svg import join
from qa_observability.web.charts.trend import Value
from qa_observability.web.formats import percent
from qa_observability.web.grids import Grid


@dataclass(frozen=True, slots=True)
class Tile:
    """One signal; ``value`` is ready to print, ``values`` draw its course."""

    label: str
    value: str
    note: str
    values: tuple[Value, ...]


def signal_tiles(detail: IntegrationDetail, grid: Grid) -> tuple[Tile, ...]:
    """Return pricing, fees, booking loss and error rate, always in this order.

    Each is judged by its own state; the booking-loss limits are assumed ones.
    """
    limits = detail.thresholds
    loss = Band(limits.booking_loss_warning, limits.booking_loss_critical)
    errors = Band(limits.error_rate_warning, limits.error_rate_critical)
    return (
        Tile(
            _("Pricing sync"),
            statuses.sync(detail.pricing_sync_status),
            _mean_note(detail, lambda point: point.pricing_error_rate),
            rates(detail, grid, lambda point: point.pricing_error_rate),
        ),
        Tile(
            _("Fees sync"),
            statuses.sync(detail.fees_sync_status),
            _mean_note(detail, lambda point: point.fees_error_rate),
            rates(detail, grid, lambda point: point.fees_error_rate),
        ),
        Tile(
            _("Bookings lost"),
            _judged(detail.booking_loss_rate, loss),
            _("%(limits)s (assumed)") % {"limits": limits_words(loss)},
            rates(detail, grid, lambda point: point.booking_loss_rate),
        ),
        Tile(
            _("Error rate"),
            _judged(detail.error_rate, errors),
            limits_words(errors),
            rates(detail, grid, lambda point: point.error_rate),
        ),
    )


def rates(
    detail: IntegrationDetail, grid: Grid, read: Callable[[HealthPoint], Decimal | None]
) -> tuple[Value, ...]:
    """Return a rate per step, weighted by the time under data; gaps stay open."""
    return grid.means(
        {
            point.day: (rate, point.covered_seconds)
            for point in detail.days
            if (rate := read(point)) is not None
        }
    )


def limits_words(band: Band) -> str:
    """Return from where a rate is judged: "warning from 2.0 %, critical from 5.0 %"."""
    return _("warning from %(warning)s, critical from %(critical)s") % {
        "warning": percent(band.warning),
        "critical": percent(band.critical),
    }


def _judged(rate: Decimal | None, band: Band) -> str:
    status = None if rate is None else band.status(rate)
    return join(statuses.shape(status, large=True), markup.rate(rate))


def _mean_note(
    detail: IntegrationDetail, read: Callable[[HealthPoint], Decimal | None]
) -> str:
    newest = next(
        (r for p in reversed(detail.days) if (r := read(p)) is not None), None
    )
    if newest is None:
        return _("No rate is measured")
    return _("%(rate)s failed on the newest day with data") % {"rate": percent(newest)}
