"""Which failures cost money while no test watches for them?"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q, Sum

from correlation.enums import Pattern
from correlation.models import TestCase
from integration_health.models import EventDay
from integration_health.reports.channels import known_integrations
from qa_observability.lib.periods import Period, Window
from qa_observability.readings import read_once
from revenue.reports import money_by_type

WATCHED_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Cell:
    """Failures of one type at one integration in the period; money by right."""

    event_type: str
    failures: int
    blind: bool


@dataclass(frozen=True, slots=True)
class PricedCell(Cell):
    """The same with what those failures put at risk, for those who may see money."""

    money_at_risk: Decimal


@dataclass(frozen=True, slots=True)
class WatchedIntegration:
    """A row of the matrix: what failed, and how many tests watch the integration."""

    integration_id: str
    integration_name: str
    tests: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class BlindSpotsReport:
    """Integrations x event types. A cell is blind when it failed and nobody watches.

    An integration is watched by a test that ran in the last 30 days and is linked to it,
    or declared for it. ``tests_unmapped`` ran as well, but watch no integration.
    """

    window: Window
    event_types: tuple[str, ...]
    integrations: tuple[WatchedIntegration, ...]
    tests_unmapped: int


def blind_spots_report(
    *, period: Period, now: datetime, with_money: bool
) -> BlindSpotsReport:
    """Return the matrix of the period; four queries, and what money asks."""
    window = period.window(ending=now)
    failures = _failures(window)
    event_types = tuple(sorted({event_type for _, event_type in failures}))
    money = _money(window) if with_money else None
    watching, unmapped = _watching(now)
    rows = tuple(
        WatchedIntegration(
            integration.slug,
            integration.name,
            len(watching[integration.slug]),
            tuple(
                _cell(
                    (integration.slug, event_type),
                    failures.get((integration.slug, event_type), 0),
                    watched=bool(watching[integration.slug]),
                    money=money,
                )
                for event_type in event_types
            ),
        )
        for integration in known_integrations()
        if integration.enabled
    )
    return BlindSpotsReport(window, event_types, rows, unmapped)


def _cell(
    key: tuple[str, str],
    failures: int,
    *,
    watched: bool,
    money: dict[tuple[str, str], Decimal] | None,
) -> Cell:
    blind = failures > 0 and not watched
    if money is None:
        return Cell(key[1], failures, blind)
    return PricedCell(key[1], failures, blind, money.get(key, Decimal("0.00")))


def _money(window: Window) -> dict[tuple[str, str], Decimal]:
    return {
        (slug, str(kind)): sum_ for (slug, kind), sum_ in money_by_type(window).items()
    }


def _failures(window: Window) -> dict[tuple[str, str], int]:
    rows = (
        EventDay.objects.filter(
            day__gte=window.first_day, day__lte=window.last_day, failures__gt=0
        )
        .values_list("integration_id", "event_type")
        .annotate(total=Sum("failures"))
    )
    return {(slug, event_type): int(total) for slug, event_type, total in rows}


@read_once
def counted_tests(now: datetime) -> tuple[int, int]:
    """Return how many tests are known, and how many of them ran lately. One query."""
    counts = TestCase.objects.aggregate(
        known=Count("pk"),
        recent=Count("pk", filter=Q(last_seen_at__gte=now - WATCHED_WITHIN)),
    )
    return counts["known"], counts["recent"]


def _watching(now: datetime) -> tuple[dict[str, set[str]], int]:
    """Return the tests watching each integration, and how many watch none."""
    recent = TestCase.objects.filter(last_seen_at__gte=now - WATCHED_WITHIN)
    pairs: Iterable[tuple[str, str | None, str | None]] = recent.filter(
        Q(integration__isnull=False) | Q(links__pattern__in=_LINKED)
    ).values_list("pk", "integration_id", "links__integration_id")
    watching: dict[str, set[str]] = defaultdict(set)
    mapped = set()
    for test, declared, linked in pairs:
        mapped.add(test)
        for slug in {declared, linked} - {None}:
            watching[str(slug)].add(test)
    return watching, counted_tests(now)[1] - len(mapped)


_LINKED = [pattern for pattern in Pattern if pattern != Pattern.NONE]
