"""The archive over HTTP: whole answers, pages, and clear refusals."""

import pytest

from qa_observability.lib.weeks import IsoWeek
from tests.revenue.weekly.contents import keep, keep_week, recipient

pytestmark = pytest.mark.django_db
REPORTS = "/api/v1/revenue/reports"

ANSWER = {
    "week": "2026-W47",
    "version": 1,
    "isScheduled": True,
    "createdAt": "2026-11-23T06:00:00Z",
    "createdBy": "ada",
    "sent": 0,
    "waiting": 1,
    "failed": 0,
    "content": {
        "week": "2026-W47",
        "firstDay": "2026-11-16",
        "lastDay": "2026-11-22",
        "generatedAt": "2026-11-23T06:00:00Z",
        "sentence": "About $1,137 at risk in this week, as in the week before.",
        "currency": "USD",
        "health": {"status": "warning", "reason": "Vrbo: Warning because fees sync"},
        "revenueAtRisk": {
            "value": 1136.83,
            "change": 24.1,
            "changeBasis": None,
            "trend": "up",
            "low": 564.63,
            "high": 1256.23,
            "basis": "per_failure",
        },
        "revenueProtected": {
            "value": None,
            "change": None,
            "changeBasis": "insufficientHistory",
            "trend": "neutral",
            "low": None,
            "high": None,
            "basis": "bookings_per_day_missing",
        },
        "incidents": {"open": 1, "started": 4, "startedBefore": 3},
        "losses": [
            {
                "integrationId": "airbnb",
                "integrationName": "Airbnb",
                "impact": 441.0,
                "impactType": "fee_sync_error",
                "estimatedLoss": 441.0,
                "trend": "up",
                "change": 90.9,
                "changeBasis": None,
                "low": 189.0,
                "high": 441.0,
                "share": 0.3879,
            }
        ],
        "tests": [
            {
                "testName": "rate parity",
                "integrationName": "Airbnb",
                "announced": 2,
                "medianLeadSeconds": 2550,
                "correlationScore": 0.73,
            }
        ],
        "changes": [{"at": "2026-11-21T06:00:00Z", "text": "Vrbo became warning"}],
        "caveats": ["Default assumptions, not their own: HMBN."],
        "sample": False,
    },
}


@pytest.fixture
def one_report(db):
    recipient("ada@example.com")
    keep(is_scheduled=True, send=True)


def test_a_weeks_report_is_told_whole(lead, one_report):
    response = lead.get(f"{REPORTS}/2026-W47")

    assert (response.status_code, response.json()) == (200, ANSWER)


def test_the_archive_lists_it(lead, one_report):
    assert lead.get(REPORTS).json() == {"reports": [ANSWER], "nextCursor": None}


def test_an_empty_archive_is_empty(lead):
    assert lead.get(REPORTS).json() == {"reports": [], "nextCursor": None}


def test_pages_follow_each_other_to_the_end(lead):
    for number in (45, 46, 47):
        keep_week(IsoWeek(2026, number))
    seen, cursor = [], ""
    while cursor is not None:
        page = lead.get(f"{REPORTS}?limit=2{cursor and f'&cursor={cursor}'}").json()
        seen.append([report["week"] for report in page["reports"]])
        cursor = page["nextCursor"]

    assert seen == [["2026-W47", "2026-W46"], ["2026-W45"]]


def test_a_version_can_be_named(lead):
    keep(), keep()

    assert lead.get(f"{REPORTS}/2026-W47").json()["version"] == 2
    assert lead.get(f"{REPORTS}/2026-W47?version=1").json()["version"] == 1


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/2026-W47", 404, "not_found"),
        ("/2026-W47?version=2", 404, "not_found"),
        ("/2026-W47?version=0", 400, "invalid_parameter"),
        ("/2026-W47?version=1.5", 400, "invalid_parameter"),
        ("/2026-W47?versions=1", 400, "invalid_parameter"),
        ("/2026-W99", 400, "invalid_week"),
        ("/last", 400, "invalid_week"),
        ("?limit=0", 400, "invalid_parameter"),
        ("?cursor=W10", 400, "invalid_cursor"),
    ],
)
def test_what_cannot_be_answered_says_why(lead, path, status, code):
    response = lead.get(f"{REPORTS}{path}")

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response["Content-Type"] == "application/problem+json"
