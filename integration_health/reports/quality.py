"""How far can what we show be trusted? Stale, gaps, by hand only, cut, skewed clocks."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import connection

from integration_health.enums import BatchState, Source
from integration_health.models import ImportBatch, Integration, IntegrationHealth
from integration_health.reports.overview import IntegrationState, integration_states
from qa_observability.lib.periods import Period, Window

_SECOND = timedelta(seconds=1)

# How far the newest events of each channel lie ahead of their own arrival.
_AHEAD = """
    SELECT slug, max(ahead) FROM integrations
    CROSS JOIN LATERAL (
        SELECT occurred_at - created_at AS ahead FROM integration_events
        WHERE integration_id = slug AND occurred_on >= %s
        ORDER BY occurred_at DESC LIMIT 1000
    ) newest
    GROUP BY slug
"""


@dataclass(frozen=True, slots=True)
class ChannelQuality:
    """What is thin about one channel's data in the period.

    ``coverage`` is the share of the period under data, 0 to 1; ``missing_days`` are UTC
    days without any. ``clock_ahead_seconds`` is how far the sender's clock runs ahead of
    ours, by its newest thousand events and its checks; 0 when it does not.
    """

    integration_id: str
    name: str
    stale: bool
    age_seconds: int | None
    expected_interval_seconds: int
    coverage: Decimal
    missing_days: list[date]
    sources: list[Source]
    manual_only: bool
    clock_ahead_seconds: int


@dataclass(frozen=True, slots=True)
class CutImport:
    """An import whose export was cut: by the search's row limit, or in the download."""

    import_id: UUID
    file_name: str
    truncated: bool
    incomplete: bool
    window_start: datetime | None
    window_end: datetime | None


@dataclass(frozen=True, slots=True)
class QualityReport:
    """Every enabled channel and every import of the period that deserves a caveat."""

    integrations: list[ChannelQuality]
    cut_imports: list[CutImport]
    coverage: Decimal
    period: Period
    window: Window
    generated_at: datetime


def quality_report(*, period: Period, now: datetime) -> QualityReport:
    """Return how complete and fresh the data of the period is. Eleven queries."""
    window = period.window(ending=now)
    integrations = list(Integration.objects.enabled().in_order())
    states = integration_states(integrations, period=period, now=now)
    sources = _sources(integrations, window)
    ahead = _clocks_ahead(integrations, window)
    channels = [
        _channel(
            each,
            _missing_days(each, window),
            sources[each.integration_id],
            ahead.get(each.integration_id, 0),
        )
        for each in states
    ]
    return QualityReport(
        integrations=channels,
        cut_imports=_cut_imports(window),
        coverage=_mean([each.coverage for each in channels]),
        period=period,
        window=window,
        generated_at=now,
    )


def _channel(
    state: IntegrationState, missing: list[date], sources: set[Source], ahead: int
) -> ChannelQuality:
    return ChannelQuality(
        integration_id=state.integration_id,
        name=state.name,
        stale=state.stale,
        age_seconds=state.age_seconds,
        expected_interval_seconds=state.expected_interval_seconds,
        coverage=state.coverage,
        missing_days=missing,
        sources=sorted(sources),
        manual_only=sources == {Source.MANUAL},
        clock_ahead_seconds=ahead,
    )


def _missing_days(state: IntegrationState, window: Window) -> list[date]:
    covered = {point.day for point in state.days if point.covered_seconds}
    return [day for day in window.days() if day not in covered]


def _sources(
    integrations: Sequence[Integration], window: Window
) -> dict[str, set[Source]]:
    found: dict[str, set[Source]] = defaultdict(set)
    pairs = (
        IntegrationHealth.objects.filter(
            integration__in=integrations,
            last_checked__gte=window.start,
            last_checked__lte=window.end,
        )
        .values_list("integration_id", "source")
        .distinct()
    )
    for slug, source in pairs:
        found[slug].add(Source(source))
    return found


def _clocks_ahead(
    integrations: Sequence[Integration], window: Window
) -> dict[str, int]:
    """Return the seconds by which each channel's clock was seen ahead of ours."""
    with connection.cursor() as cursor:
        cursor.execute(_AHEAD, [window.first_day])
        ahead: dict[str, timedelta] = dict(cursor.fetchall())
    checks = IntegrationHealth.objects.filter(integration__in=integrations).current()
    for check in checks:
        own = check.last_checked - check.created_at
        ahead[check.integration_id] = max(ahead.get(check.integration_id, own), own)
    return {slug: max(each, timedelta()) // _SECOND for slug, each in ahead.items()}


def _cut_imports(window: Window) -> list[CutImport]:
    batches = ImportBatch.objects.filter(
        state=BatchState.COMMITTED,
        created_at__gte=window.start,
    ).exclude(truncated=False, incomplete=False)
    return [
        CutImport(
            import_id=each.pk,
            file_name=each.file_name,
            truncated=each.truncated,
            incomplete=each.incomplete,
            window_start=each.window_start,
            window_end=each.window_end,
        )
        for each in batches.order_by("-created_at")
    ]


def _mean(shares: Sequence[Decimal]) -> Decimal:
    if not shares:
        return Decimal(0)
    return (sum(shares, Decimal(0)) / len(shares)).quantize(Decimal("0.0001"))
