"""How does the configuration look on the wire? The user's structure, as types."""

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from revenue.domain.assumptions import BUILT_IN, BUILT_IN_CURRENCY, AssumptionValues
from revenue.domain.document import Configuration
from revenue.domain.drafts import overlaid
from revenue.enums import Method
from revenue.models import RevenueAssumption
from revenue.reports.explain import Explanation
from revenue.reports.figures import AssumptionUsed
from revenue.reports.impact import ImpactReport


@dataclass(frozen=True, slots=True)
class ImpactAnswer(ImpactReport):
    """The impact of a period; ``explain`` holds its terms when they were asked for."""

    explain: Explanation | None = None


@dataclass(frozen=True, slots=True)
class ValuesDocument:
    """What is said about one integration; what is left out comes from the default."""

    avg_booking_value: Decimal | None = None
    leakage_percentage: Decimal | None = None
    bookings_per_day: Decimal | None = None
    method: Method | None = None


@dataclass(frozen=True, slots=True)
class RevenueDocument(ValuesDocument):
    """The default of all integrations, and what each says for itself."""

    currency: str | None = None
    integrations: dict[str, ValuesDocument] | None = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConfigurationDocument:
    """A configuration to put in force.

    From ``valid_from`` on, a UTC day, today when left out. ``replace`` allows it to
    correct versions valid from that very day.
    """

    revenue: RevenueDocument
    valid_from: date | None = None
    reason: str | None = ""
    replace: bool | None = False


@dataclass(frozen=True, slots=True)
class ValuesInForce:
    """What an integration says for itself; ``None`` comes from the default."""

    avg_booking_value: Decimal | None
    leakage_percentage: Decimal | None
    bookings_per_day: Decimal | None
    method: Method | None


@dataclass(frozen=True, slots=True)
class RevenueInForce(ValuesInForce):
    """The default of all integrations, complete, and what each says for itself."""

    currency: str
    integrations: dict[str, ValuesInForce]


@dataclass(frozen=True, slots=True)
class ConfigurationAnswer:
    """What is in force today, as a document and as each integration feels it.

    ``is_default`` when nobody has said anything yet and the built-in values hold.
    """

    revenue: RevenueInForce
    effective: tuple[AssumptionUsed, ...]
    is_default: bool


@dataclass(frozen=True, slots=True)
class VersionAnswer:
    """One version of the history; ``superseded_at`` when a correction replaced it."""

    version: UUID
    integration_id: str | None
    avg_booking_value: Decimal | None
    leakage_percentage: Decimal | None
    bookings_per_day: Decimal | None
    method: Method | None
    currency: str
    valid_from: date
    actor: str
    reason: str
    written_at: datetime
    superseded_at: datetime | None


@dataclass(frozen=True, slots=True)
class HistoryAnswer:
    """Versions, newest day first."""

    versions: tuple[VersionAnswer, ...]
    next_cursor: str | None


def impact_answer(
    report: ImpactReport, explanation: Explanation | None = None
) -> ImpactAnswer:
    """Return the report as it travels."""
    found = {each.name: getattr(report, each.name) for each in fields(ImpactReport)}
    return ImpactAnswer(**found, explain=explanation)


def revenue_in_force(configuration: Configuration) -> RevenueInForce:
    """Return the configuration as JSON shows it; the default complete."""
    default = overlaid(BUILT_IN, configuration.default)
    return RevenueInForce(
        default.avg_booking_value,
        default.leakage_percentage,
        default.bookings_per_day,
        default.method,
        configuration.currency or BUILT_IN_CURRENCY,
        {slug: _in_force(said) for slug, said in configuration.integrations.items()},
    )


def version_answer(row: RevenueAssumption) -> VersionAnswer:
    """Return an opened version; raises ``AssumptionUnreadable``."""
    values = row.values()
    return VersionAnswer(
        row.pk,
        row.integration_id,
        values.avg_booking_value,
        values.leakage_percentage,
        values.bookings_per_day,
        values.method,
        row.currency,
        row.valid_from,
        row.actor,
        row.reason,
        row.created_at,
        row.superseded_at,
    )


def _in_force(said: AssumptionValues) -> ValuesInForce:
    return ValuesInForce(
        said.avg_booking_value,
        said.leakage_percentage,
        said.bookings_per_day,
        said.method,
    )
