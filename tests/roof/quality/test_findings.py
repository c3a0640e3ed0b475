"""What is thin about a channel's data, and what is said to do about it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from integration_health.enums import Source
from integration_health.reports.quality import ChannelQuality
from qa_observability.roof.quality.findings import (
    CLOCK_TOLERATED_SECONDS,
    Doors,
    channel_findings,
    days_words,
)

GOOD = ChannelQuality(
    integration_id="airbnb",
    name="Airbnb",
    stale=False,
    age_seconds=600,
    expected_interval_seconds=900,
    coverage=Decimal(1),
    missing_days=[],
    sources=[Source.API],
    manual_only=False,
    clock_ahead_seconds=CLOCK_TOLERATED_SECONDS,
)
DOORS = Doors(upload="/upload", enter="/enter")


def said(**changes):
    found = channel_findings(replace(GOOD, **changes), DOORS)
    return [(each.text, each.href) for each in found]


def november(*days):
    return [date(2026, 11, day) for day in days]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, [], id="nothing is thin"),
        pytest.param(
            {"stale": True, "age_seconds": 3 * 3600},
            [("Last data 3 h ago, expected every 15 min.", "/enter")],
            id="stale",
        ),
        pytest.param(
            {"missing_days": november(3)},
            [("1 day without data: 3 Nov.", "/upload")],
            id="a day is missing",
        ),
        pytest.param(
            {"manual_only": True, "sources": [Source.MANUAL]},
            [("Entered by hand only: nobody measures it.", "/upload")],
            id="typed in",
        ),
        pytest.param(
            {"clock_ahead_seconds": CLOCK_TOLERATED_SECONDS + 1},
            [("Its clock runs 1 min ahead of ours.", "")],
            id="a clock ahead",
        ),
        pytest.param(
            {"age_seconds": None, "stale": True, "missing_days": november(1, 2)},
            [("No check has ever come in.", "/upload")],
            id="never checked says it all",
        ),
    ],
)
def test_each_thing_is_told_with_where_to_go(changes, expected):
    assert said(**changes) == expected


def test_several_things_are_told_one_by_one():
    found = said(
        stale=True, missing_days=november(1, 2), manual_only=True, age_seconds=86400
    )

    assert [text.split(" ", 1)[0] for text, _href in found] == ["Last", "2", "Entered"]


def test_without_the_right_the_advice_has_no_door():
    found = channel_findings(replace(GOOD, manual_only=True), Doors("", ""))

    assert [each.href for each in found] == [""]
    assert found[0].advice


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param([], "", id="none"),
        pytest.param(november(3), "3 Nov", id="one"),
        pytest.param(
            november(3, 20, 21, 22), "3 Nov, 20 Nov – 22 Nov 2026", id="a run"
        ),
        pytest.param(
            november(1, 3, 5, 7), "1 Nov, 3 Nov, 5 Nov, 1 more gap", id="too many"
        ),
        pytest.param(
            november(1, 3, 5, 7, 8, 10),
            "1 Nov, 3 Nov, 5 Nov, 2 more gaps",
            id="far too many",
        ),
        pytest.param(
            [date(2025, 12, 31), date(2026, 1, 1)],
            "31 Dec 2025 – 1 Jan 2026",
            id="over new year",
        ),
    ],
)
def test_days_are_told_as_ranges(days, expected):
    assert days_words(days) == expected
