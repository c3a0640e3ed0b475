"""The sample quarter is the same to the byte for the same end, and tells its story."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from qa_observability.sample.story import STORMS, tell
from qa_observability.sample.suites import (
    NIGHTLY,
    SMOKE,
    nightly_reports,
    smoke_lines,
)
from qa_observability.sample.traffic import exports, failing_steps

END = datetime(2026, 11, 24, 15, 3, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def story():
    return tell(END)


def digest(story):
    parts = [export.content for export in exports(story)]
    parts += smoke_lines(story)
    parts += [report.content for report in nightly_reports(story)]
    return sha256(b"".join(parts)).hexdigest()


def test_same_end_gives_the_same_bytes(story):
    assert digest(story) == digest(tell(END))


def test_story_is_ninety_days_ending_on_a_five_minute_step(story):
    assert (story.start, story.end) == (
        datetime(2026, 8, 27, tzinfo=UTC),
        datetime(2026, 11, 24, 15, 0, tzinfo=UTC),
    )


def test_exports_follow_one_another_without_gap_or_overlap(story):
    files = list(exports(story))

    assert files[0].start == story.start
    assert files[-1].end == story.end
    assert [e.end for e in files[:-1]] == [e.start for e in files[1:]]


def test_export_rows_never_err_more_often_than_they_ask(story):
    for line in next(exports(story)).content.splitlines():
        row = json.loads(line)["result"]
        assert 0 <= int(row["total_errors"]) <= int(row["total_requests"])


def test_pricing_problem_of_booking_com_is_going_on(story):
    assert (
        "booking-com",
        "pricing",
        story.end - timedelta(minutes=5),
    ) in failing_steps(story)


def test_storms_start_on_three_channels_within_ten_minutes(story):
    starts = {}
    for episode in story.episodes:
        starts.setdefault(episode.start.date(), {}).setdefault(
            episode.channel, episode.start
        )
    for days in STORMS:
        day = (story.end - timedelta(days=days)).date()
        assert set(starts[day]) == {"booking-com", "airbnb", "vrbo"}
        assert max(starts[day].values()) - min(starts[day].values()) <= timedelta(
            minutes=10
        )


def test_fee_test_is_red_about_forty_minutes_before_most_fee_failures(story):
    leads = [
        (episode.start - warning) / timedelta(minutes=1)
        for episode in story.episodes
        if (episode.channel, episode.aspect) == ("airbnb", "fees")
        for warning in story.fee_warnings
        if timedelta() < episode.start - warning <= timedelta(hours=1)
    ]

    assert len(leads) == 11
    assert all(34 <= lead <= 46 for lead in leads)


def test_forty_tests_of_which_one_is_always_red(story):
    lines = [
        json.loads(line) for week in smoke_lines(story) for line in week.splitlines()
    ]
    by_outcome = Counter((line["testCaseId"], line["status"]) for line in lines)

    assert len(SMOKE) + len(NIGHTLY) == 40
    assert by_outcome["smoke/legacy-report", "passed"] == 0
    assert 0.05 < by_outcome["smoke/guest-portal", "failed"] / (len(lines) / 12) < 0.12
