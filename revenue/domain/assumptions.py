"""What is a booking worth, how much of a failure leaks, and since when?"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

from qa_observability.lib.errors import InvalidField
from revenue.domain.amounts import COST_ONE, ONE, Grains, whole
from revenue.domain.limits import wrong_values
from revenue.enums import Method, Rule

LEAKAGE_LOW = Decimal("0.03")  # an industry claim, shown as one: DESIGN section 5
LEAKAGE_HIGH = Decimal("0.07")


@dataclass(frozen=True, slots=True)
class AssumptionValues:
    """What one version says. What it leaves out (``None``) comes from the default.

    Units: ``avg_booking_value`` is money per booking, at most two decimals;
        ``leakage_percentage`` a ratio 0-1 (the user's name for it), at most six;
        ``bookings_per_day`` bookings on the channel, at most two.
    Raises: ``InvalidField`` naming every field out of its range.
    """

    avg_booking_value: Decimal | None = None
    leakage_percentage: Decimal | None = None
    bookings_per_day: Decimal | None = None
    method: Method | None = None

    def __post_init__(self) -> None:
        wrong = wrong_values(
            self.avg_booking_value, self.leakage_percentage, self.bookings_per_day
        )
        if wrong:
            raise InvalidField(
                "; ".join(f"{error.field} {error.detail}" for error in wrong),
                errors=wrong,
            )


VALUE_NAMES = tuple(each.name for each in fields(AssumptionValues))
BUILT_IN = AssumptionValues(
    Decimal("250.00"), Decimal("0.05"), None, Method.PER_FAILURE
)
BUILT_IN_CURRENCY = "USD"


@dataclass(frozen=True, slots=True)
class Version:
    """What holds from a UTC day on, for one integration or (``None``) as default."""

    id: UUID
    integration_id: str | None
    valid_from: date
    values: AssumptionValues


@dataclass(frozen=True, slots=True, eq=False)
class Assumption:
    """What holds for one integration on a day, with the versions that say so.

    A history gives the same object for every day of a step, so that days are grouped by
    identity, which costs nothing.

    ``own`` is the integration's version and ``default`` the one for all; ``None`` where
    there is none. ``inherited`` names the values that do not come from ``own``.
    """

    avg_booking_value: Decimal
    leakage_percentage: Decimal
    bookings_per_day: Decimal | None
    method: Method
    own: Version | None
    default: Version | None
    inherited: tuple[str, ...]
    unit_costs: Mapping[Rule, Grains] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit_costs", self._unit_costs())

    @property
    def version(self) -> Version | None:
        """The version nearest to the integration; ``None`` for the built-in values."""
        return self.own or self.default

    @property
    def is_default(self) -> bool:
        """Whether nobody has said anything about this very integration."""
        return self.own is None

    def cap(self) -> int | None:
        """Return the most failures of a type that a day can count, in ``ONE``.

        They are the bookings of a day; ``None`` where nobody said how many those are.
        """
        return (
            None if self.bookings_per_day is None else whole(self.bookings_per_day, ONE)
        )

    def _unit_costs(self) -> dict[Rule, Grains]:
        """Return what one of each rule's quantity costs, in ``COST_ONE``.

        The rate rules are absent without bookings per day. Range: leakage is
        min(3 %, configured), configured, max(7 %, configured).
        """
        configured, value = self.leakage_percentage, self.avg_booking_value
        ratios = (
            min(LEAKAGE_LOW, configured),
            configured,
            max(LEAKAGE_HIGH, configured),
        )
        lost = (value, value, value)
        leaked = tuple(value * ratio for ratio in ratios)
        costs = {Rule.FAILURES_LOSE: lost, Rule.FAILURES_LEAK: leaked}
        if (bookings := self.bookings_per_day) is not None:
            costs[Rule.RATE_LOSES] = tuple(each * bookings for each in lost)
            costs[Rule.RATE_LEAKS] = tuple(each * bookings for each in leaked)
        return {
            rule: Grains(*(whole(each, COST_ONE) for each in bounds))
            for rule, bounds in costs.items()
        }


class AssumptionHistory:
    """Which assumption holds for which integration on which day?

    Takes the versions in force: at most one per integration and day. Each holds from its
    day until the next one's.
    """

    def __init__(self, versions: Iterable[Version]) -> None:
        self._versions: dict[str | None, list[Version]] = defaultdict(list)
        for version in sorted(versions, key=lambda version: version.valid_from):
            self._versions[version.integration_id].append(version)
        self._steps: dict[str, tuple[list[date], list[Assumption]]] = {}

    def on(self, integration_id: str, day: date) -> Assumption:
        """Return what holds that UTC day; the built-in values where nobody spoke."""
        days, assumptions = self._steps_of(integration_id)
        return assumptions[bisect_right(days, day) - 1]

    def during(self, integration_id: str, first: date, last: date) -> list[Assumption]:
        """Return what holds from ``first`` to ``last``, oldest first."""
        days, assumptions = self._steps_of(integration_id)
        return assumptions[bisect_right(days, first) - 1 : bisect_right(days, last)]

    def cut(
        self, integration_id: str, days: Sequence[date]
    ) -> Iterator[tuple[int, int, Assumption]]:
        """Yield the places, from and up to, of ordered days on which one thing held."""
        starts, assumptions = self._steps_of(integration_id)
        edges = [*(bisect_left(days, start) for start in starts), len(days)]
        for assumption, (start, stop) in zip(assumptions, pairwise(edges), strict=True):
            if start < stop:
                yield start, stop, assumption

    def _steps_of(self, integration_id: str) -> tuple[list[date], list[Assumption]]:
        if integration_id not in self._steps:
            self._steps[integration_id] = self._laid_out(integration_id)
        return self._steps[integration_id]

    def _laid_out(self, integration_id: str) -> tuple[list[date], list[Assumption]]:
        own, default = self._versions[integration_id], self._versions[None]
        days = sorted({date.min, *(version.valid_from for version in [*own, *default])})
        return days, [merged(_last(own, day), _last(default, day)) for day in days]


def merged(own: Version | None, default: Version | None) -> Assumption:
    """Return what the integration's version says, completed by default and built-in."""
    layers = (
        own.values if own else AssumptionValues(),
        default.values if default else AssumptionValues(),
        BUILT_IN,
    )
    found: dict[str, Any] = {
        name: next(
            (value for layer in layers if (value := getattr(layer, name)) is not None),
            None,
        )
        for name in VALUE_NAMES
    }
    inherited = tuple(name for name in VALUE_NAMES if getattr(layers[0], name) is None)
    return Assumption(**found, own=own, default=default, inherited=inherited)


def _last(versions: list[Version], day: date) -> Version | None:
    position = bisect_right(versions, day, key=lambda version: version.valid_from)
    return versions[position - 1] if position else None
