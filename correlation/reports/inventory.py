"""Which tests are there, how do they stand, and which channel do they guard?"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from correlation.domain.flakiness import (
    FEWEST_RUNS,
    FEWEST_TURNS,
    MOSTLY_ALONE,
    RUNS_LOOKED_AT,
    FlakyReason,
)
from correlation.enums import Pattern, TestStatus
from correlation.models import TestCase, TestIntegrationCorrelation
from correlation.reports.tags import history_tags
from correlation.storage.histories import PastResult, last_results
from integration_health.rules import StoredRules
from qa_observability.lib.periods import Period
from revenue.reports import money_at_risk

STRIP = 30  # cells of a history strip
CENT = Decimal("0.01")

After = tuple[datetime, str]  # last run and id of the last test of the page before


@dataclass(frozen=True, slots=True)
class HistoryCell:
    """One result on a history strip."""

    status: TestStatus
    executed_at: datetime


@dataclass(frozen=True, slots=True)
class InventoryItem:
    """One test.

    ``integration_id`` is what people or the client declared; ``suggested_integration_id``
    is read off the name by the endpoint rules where nothing is declared. ``history`` has
    the last 30 results, newest last. ``guard_value`` is what its links that announce
    failures cover: score x confidence x money at risk of the channel in the period.
    """

    test_case_id: str
    name: str
    source: str
    integration_id: str | None
    suggested_integration_id: str | None
    first_run_at: datetime
    last_run_at: datetime
    last_status: TestStatus | None
    history: tuple[HistoryCell, ...]
    flaky: FlakyReason | None
    always_failing: bool


@dataclass(frozen=True, slots=True)
class PricedInventoryItem(InventoryItem):
    """The same for those who may see money."""

    guard_value: Decimal


@dataclass(frozen=True, slots=True)
class InventoryReport:
    """A page of tests, last run first; the counts are of all tests."""

    tests: tuple[InventoryItem, ...]
    total: int
    unmapped: int
    flaky_definition: str


@dataclass(frozen=True, slots=True)
class InventoryFilter:
    """Which tests are wanted; ``text`` is an id, or a part of a name in any case."""

    integration_id: str | None = None
    source: str | None = None
    text: str | None = None
    unmapped: bool = False


def inventory_report(
    wanted: InventoryFilter,
    *,
    period: Period,
    now: datetime,
    limit: int,
    after: After | None = None,
    with_money: bool,
) -> InventoryReport:
    """Return at most ``limit`` tests after a position, with their last results.

    Four queries, and what money asks; none reads more than 100 results of a test.
    """
    rows = list(_ordered(_wanted(wanted), after)[:limit])
    histories = last_results([row.pk for row in rows], most=RUNS_LOOKED_AT)
    rules = StoredRules() if any(row.integration_id is None for row in rows) else None
    items = [_item(row, histories.get(row.pk, ()), rules) for row in rows]
    if with_money:
        guard = _guard_values(
            [row.pk for row in rows], money_at_risk(period.window(ending=now))
        )
        items = [
            _priced(item, guard.get(item.test_case_id, Decimal(0))) for item in items
        ]
    counts = TestCase.objects.aggregate(
        total=Count("pk"), unmapped=Count("pk", filter=Q(integration=None))
    )
    return InventoryReport(
        tests=tuple(items),
        total=counts["total"],
        unmapped=counts["unmapped"],
        flaky_definition=flaky_definition(),
    )


def flaky_definition() -> str:
    """Return in words what the tag means."""
    return _(
        "Flaky: over the last %(runs)d results, of at least %(fewest)d, the test passed "
        "and failed on the same revision, or it failed and passed at least %(turns)d "
        "times each and changed %(share)d %% as often as it could have."
    ) % {
        "runs": RUNS_LOOKED_AT,
        "fewest": FEWEST_RUNS,
        "turns": FEWEST_TURNS,
        "share": round(MOSTLY_ALONE * 100),
    }


def _wanted(wanted: InventoryFilter) -> QuerySet[TestCase]:
    rows = TestCase.objects.all()
    if wanted.integration_id is not None:
        rows = rows.filter(integration_id=wanted.integration_id)
    if wanted.source is not None:
        rows = rows.filter(source_id=wanted.source)
    if wanted.text is not None:
        rows = rows.filter(Q(pk=wanted.text) | Q(name__icontains=wanted.text))
    return rows.filter(integration=None) if wanted.unmapped else rows


def _ordered(rows: QuerySet[TestCase], after: After | None) -> QuerySet[TestCase]:
    if after is not None:
        last_seen_at, test_case_id = after
        rows = rows.filter(
            Q(last_seen_at__lt=last_seen_at)
            | Q(last_seen_at=last_seen_at, pk__gt=test_case_id),
            last_seen_at__lte=last_seen_at,  # lets the index find where to start
        )
    return rows.order_by("-last_seen_at", "pk")


def _item(
    row: TestCase, history: tuple[PastResult, ...], rules: StoredRules | None
) -> InventoryItem:
    tags = history_tags(history)
    return InventoryItem(
        test_case_id=row.pk,
        name=row.name,
        source=row.source_id,
        integration_id=row.integration_id,
        suggested_integration_id=(
            suggested_integration(row.name, rules)
            if rules and row.integration_id is None
            else None
        ),
        first_run_at=row.first_seen_at,
        last_run_at=row.last_seen_at,
        last_status=history[-1].status if history else None,
        history=tuple(
            HistoryCell(past.status, past.executed_at) for past in history[-STRIP:]
        ),
        flaky=tags.flaky,
        always_failing=tags.always_failing,
    )


def suggested_integration(name: str, rules: StoredRules) -> str | None:
    """Return the channel that a test's name tells by the endpoint rules, if just one."""
    key = rules.resolve(name).integration_key
    return key if key in rules.slugs else None


def _priced(item: InventoryItem, guard_value: Decimal) -> PricedInventoryItem:
    return PricedInventoryItem(
        **{field.name: getattr(item, field.name) for field in fields(item)},
        guard_value=guard_value.quantize(CENT),
    )


def _guard_values(
    tests: list[str], at_risk: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    values: dict[str, Decimal] = {}
    links = TestIntegrationCorrelation.objects.filter(
        test_case__in=tests, pattern=Pattern.PRECEDES
    )
    for link in links:
        weight = link.correlation_score * link.confidence
        value = weight * at_risk.get(link.integration_id, Decimal(0))
        values[link.test_case_id] = values.get(link.test_case_id, Decimal(0)) + value
    return values
