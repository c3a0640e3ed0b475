"""A week's content as a builder: everything present, any of it replaced."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from integration_health.enums import HealthStatus
from qa_observability.lib.trends import ChangeBasis, Trend
from qa_observability.lib.weeks import IsoWeek
from revenue.enums import Basis, ImpactType
from revenue.models import ReportRecipient
from revenue.reports.figures import BreakdownRow, Figure
from revenue.reports.weekly import (
    AnnouncingTest,
    ChangeOfWeek,
    HealthAtWriting,
    IncidentsOfWeek,
    WeeklyContent,
)
from revenue.weekly.store import store_report

WEEK = IsoWeek(2026, 47)
WRITTEN_AT = datetime(2026, 11, 23, 6, tzinfo=UTC)
UNKNOWN = Figure(
    None,
    None,
    ChangeBasis.INSUFFICIENT_HISTORY,
    Trend.NEUTRAL,
    None,
    None,
    Basis.BOOKINGS_PER_DAY_MISSING,
)


def loss(name="Airbnb", impact="441.00"):
    amount = Decimal(impact)
    return BreakdownRow(
        integration_id=name.lower(),
        integration_name=name,
        impact=amount,
        impact_type=ImpactType.FEES,
        estimated_loss=amount,
        trend=Trend.UP,
        change=Decimal("90.9"),
        change_basis=None,
        low=Decimal("189.00"),
        high=amount,
        share=Decimal("0.3879"),
    )


CONTENT = WeeklyContent(
    week=str(WEEK),
    first_day=date(2026, 11, 16),
    last_day=date(2026, 11, 22),
    generated_at=WRITTEN_AT,
    sentence="About $1,137 at risk in this week, as in the week before.",
    currency="USD",
    health=HealthAtWriting(HealthStatus.WARNING, "Vrbo: Warning because fees sync"),
    revenue_at_risk=Figure(
        Decimal("1136.83"),
        Decimal("24.1"),
        None,
        Trend.UP,
        Decimal("564.63"),
        Decimal("1256.23"),
        Basis.PER_FAILURE,
    ),
    revenue_protected=UNKNOWN,
    incidents=IncidentsOfWeek(1, 4, 3),
    losses=(loss(),),
    tests=(AnnouncingTest("rate parity", "Airbnb", 2, 2550, Decimal("0.73")),),
    changes=(ChangeOfWeek(WRITTEN_AT - timedelta(days=2), "Vrbo became warning"),),
    caveats=("Default assumptions, not their own: HMBN.",),
    sample=False,
)


def content(**changes):
    return replace(CONTENT, **changes)


def keep(*, is_scheduled=False, send=False, **changes):
    return store_report(
        content(**changes), by="ada", is_scheduled=is_scheduled, send=send
    )


def keep_week(week, **changes):
    """Keep a report of another week, written on its Monday."""
    return keep(
        week=str(week),
        first_day=week.first_day,
        last_day=week.last_day,
        generated_at=week.window.end + timedelta(hours=6),
        **changes,
    )


def recipient(email):
    return ReportRecipient.objects.create(
        email=email, added_by="ada", added_at=timezone.now()
    )
