"""What is a figure made of? The frozen shapes that pages, API and exports share."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from qa_observability.lib.trends import Change, ChangeBasis, Trend
from revenue.domain.amounts import Estimate
from revenue.domain.assumptions import Assumption
from revenue.enums import Basis, ImpactType, Method


@dataclass(frozen=True, slots=True)
class Channel:
    """An integration as figures name it."""

    integration_id: str
    name: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount against the period before, with its range and what it stands on.

    ``value``, ``low`` and ``high`` are ``None`` when nobody can say, and ``basis`` says
    why. ``change`` is percent, or ``None`` for the reason in ``change_basis``.
    """

    value: Decimal | None
    change: Decimal | None
    change_basis: ChangeBasis | None
    trend: Trend
    low: Decimal | None
    high: Decimal | None
    basis: Basis

    @property
    def comparison(self) -> Change:
        """The change, as pages put it into words."""
        return Change(self.change, self.change_basis, self.trend)


@dataclass(frozen=True, slots=True)
class BreakdownRow:
    """What one type of failure put at risk on one integration; rows add to the figure.

    ``impact`` and ``estimated_loss`` are the same amount; ``share`` is its ratio (0-1) of
    the figure.
    """

    integration_id: str
    integration_name: str
    impact: Decimal
    impact_type: ImpactType
    estimated_loss: Decimal
    trend: Trend
    change: Decimal | None
    change_basis: ChangeBasis | None
    low: Decimal
    high: Decimal
    share: Decimal

    @property
    def comparison(self) -> Change:
        """The change, as pages put it into words."""
        return Change(self.change, self.change_basis, self.trend)


@dataclass(frozen=True, slots=True)
class UnpricedRow:
    """Failures that cost something nobody can say, and why; not part of any figure."""

    integration_id: str
    integration_name: str
    impact_type: ImpactType
    failures: int
    reason: Basis


@dataclass(frozen=True, slots=True)
class CountedRow:
    """Failures of a type that has no price: shown as a count."""

    integration_id: str
    integration_name: str
    event_type: str
    failures: int


@dataclass(frozen=True, slots=True)
class UnprotectedRow:
    """An integration for which protected revenue is unknown, and why."""

    integration_id: str
    integration_name: str
    reason: Basis


@dataclass(frozen=True, slots=True)
class AssumptionUsed:
    """What a figure took a booking of one integration to be worth, and who says so.

    ``version`` is ``None`` for the built-in values; ``is_default`` when nothing was said
    about this very integration; ``inherited`` names the values that come from the default.
    """

    integration_id: str
    integration_name: str
    avg_booking_value: Decimal
    leakage_percentage: Decimal
    bookings_per_day: Decimal | None
    method: Method
    version: UUID | None
    valid_from: date | None
    is_default: bool
    inherited: tuple[str, ...]


def figure(amount: Estimate | None, against: Change, basis: Basis) -> Figure:
    """Return the figure of an amount in cents; ``None`` is unknown."""
    return Figure(
        amount.base if amount else None,
        against.percent,
        against.basis,
        against.trend,
        amount.low if amount else None,
        amount.high if amount else None,
        basis,
    )


def assumption_used(channel: Channel, assumption: Assumption) -> AssumptionUsed:
    """Return an assumption as figures cite it."""
    version = assumption.version
    return AssumptionUsed(
        channel.integration_id,
        channel.name,
        assumption.avg_booking_value,
        assumption.leakage_percentage,
        assumption.bookings_per_day,
        assumption.method,
        version.id if version else None,
        version.valid_from if version else None,
        assumption.is_default,
        assumption.inherited,
    )
