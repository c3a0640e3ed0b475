"""How would the links have done on days they had not seen?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from correlation.models import Backtest, LinkFeedback
from integration_health.reports.reasons import duration_words

_PLACES = 3


@dataclass(frozen=True, slots=True)
class BacktestRow:
    """Links from one score up, of tests with one window.

    ``precision`` and ``recall`` are 0 to 1, None without alarms or incidents.
    ``median_lead_seconds`` runs from the first alarm to the incident.
    """

    window_seconds: int
    threshold: float
    incidents: int
    announced: int
    alarms: int
    false_alarms: int
    precision: float | None
    recall: float | None
    median_lead_seconds: int | None
    false_alarms_per_week: float
    sentence: str


@dataclass(frozen=True, slots=True)
class BacktestReport:
    """The newest backtest, and how many links people confirmed or rejected so far.

    The moments are None and ``rows`` empty before the first one has run.
    """

    as_of: datetime | None
    judged_from: datetime | None
    judged_to: datetime | None
    rows: tuple[BacktestRow, ...]
    links_confirmed: int
    links_rejected: int


def backtest_report() -> BacktestReport:
    """Return the newest backtest; two queries. It runs every night."""
    backtest = Backtest.objects.order_by("-as_of").first()
    words = list(
        LinkFeedback.objects.order_by("test_case_id", "integration_id", "-created_at")
        .distinct("test_case_id", "integration_id")
        .values_list("confirmed", flat=True)
    )
    said = words.count(True), words.count(False)
    if backtest is None:
        return BacktestReport(None, None, None, (), *said)
    rows = tuple(_row(row) for row in backtest.rows)
    return BacktestReport(
        backtest.as_of, backtest.judged_from, backtest.judged_to, rows, *said
    )


def _row(stored: dict[str, Any]) -> BacktestRow:
    incidents, announced = stored["incidents"], stored["announced"]
    alarms, false_alarms = stored["alarms"], stored["false_alarms"]
    weeks, lead = stored["weeks"], stored["median_lead_seconds"]
    return BacktestRow(
        window_seconds=stored["window_seconds"],
        threshold=stored["threshold"],
        incidents=incidents,
        announced=announced,
        alarms=alarms,
        false_alarms=false_alarms,
        precision=round(1 - false_alarms / alarms, _PLACES) if alarms else None,
        recall=round(announced / incidents, _PLACES) if incidents else None,
        median_lead_seconds=lead,
        false_alarms_per_week=round(false_alarms / weeks, 1) if weeks else 0.0,
        sentence=_sentence(incidents, announced, lead),
    )


def _sentence(incidents: int, announced: int, lead_seconds: int | None) -> str:
    if lead_seconds is None:
        return _("Would have announced none of %(incidents)d incidents.") % {
            "incidents": incidents
        }
    return _(
        "Would have announced %(announced)d of %(incidents)d incidents, "
        "median %(lead)s before."
    ) % {
        "announced": announced,
        "incidents": incidents,
        "lead": duration_words(timedelta(seconds=lead_seconds)),
    }
