"""Which figures were just calculated? Kept for a minute, or until their sources change."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.conf import settings
from django.utils.translation import get_language

from integration_health.reports.stamps import facts_stamp
from qa_observability import recent as answers
from qa_observability.lib.periods import Period, Window
from revenue.models import RevenueAssumption

Report = TypeVar("Report")


def recent(
    calculate: Callable[..., Report],
    *,
    period: Period,
    now: datetime,
    integration_id: str | None,
) -> Report:
    """Return what ``calculate`` answers to the same question, or did within a minute.

    A change of data or assumptions is seen at once: two queries compare the sources with
    those of the kept report.
    """
    return answers.recent(
        (calculate, period, integration_id, get_language()),
        lambda: calculate(period=period, now=now, integration_id=integration_id),
        stamp=money_stamp(Window(period.previous(ending=now).start, now)),
        now=now,
    )


def money_stamp(window: Window) -> str:
    """Return what changes with the data and the assumptions of a window. Two queries."""
    return f"{facts_stamp(window)};{assumptions_stamp()}"


def assumptions_stamp() -> str:
    """Return what changes with the assumptions, or what opens them. One query."""
    return f"{RevenueAssumption.objects.stamp()};{hash(settings.REVENUE_KEYS)}"
