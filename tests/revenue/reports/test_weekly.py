"""Content is kept without loss; the archive is read newest first."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_observability.lib.errors import InvalidInput, NotFound
from qa_observability.lib.weeks import IsoWeek
from revenue.reports.weekly import (
    archived,
    archived_report,
    archived_reports,
    content_of,
    stored,
    week_named,
)
from tests.revenue.weekly.contents import CONTENT, WEEK, content, keep, keep_week, loss

CENTS = st.decimals(0, 10**12, places=2)


@given(CENTS, st.text(), st.booleans())
def test_content_comes_back_as_it_was_kept(amount, sentence, sample):
    given_content = content(
        losses=(loss(impact=str(amount)),), sentence=sentence, sample=sample
    )

    assert content_of(stored(given_content)) == given_content


def test_content_without_correlation_comes_back_without():
    assert content_of(stored(content(tests=None))).tests is None


@pytest.mark.django_db
def test_content_survives_the_database_to_the_cent():
    report = keep(losses=(loss(impact="0.10"),))
    report.refresh_from_db()

    assert content_of(report.content) == content(losses=(loss(impact="0.10"),))
    assert content_of(report.content).losses[0].impact.as_tuple() == (
        Decimal("0.10").as_tuple()
    )


@pytest.mark.parametrize("text", ["", "47", "2026-W60", "2026-W47v1"])
def test_what_is_no_week_is_refused_with_the_form(text):
    with pytest.raises(InvalidInput, match="Write it as 2026-W47") as refused:
        week_named(text)

    assert refused.value.code == "invalid_week"


@pytest.mark.django_db
@pytest.mark.parametrize("reports", [1, 3])
def test_the_archive_takes_one_query(reports, django_assert_num_queries):
    for _number in range(reports):
        keep()

    with django_assert_num_queries(1):
        found = [archived(report) for report in archived_reports(limit=10)]

    assert [report.version for report in found] == list(range(reports, 0, -1))


@pytest.mark.django_db
def test_the_archive_goes_on_where_it_was_left():
    weeks = [IsoWeek(2026, 47), IsoWeek(2026, 46), IsoWeek(2025, 52)]
    for week in weeks:
        keep_week(week)
    keep_week(weeks[1])
    seen, before = [], None
    while page := archived_reports(limit=1, before=before):
        seen.append(str(page[0]))
        before = (page[0].year, page[0].week, page[0].version)

    assert seen == ["2026-W47 v1", "2026-W46 v2", "2026-W46 v1", "2025-W52 v1"]


@pytest.mark.django_db
def test_a_week_shows_its_newest_version_or_the_one_named():
    first, second = keep(), keep()

    assert archived_report(WEEK) == second
    assert archived_report(WEEK, 1) == first
    assert archived(archived_report(WEEK, 1)).content == CONTENT


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("version", "words"),
    [(None, "no report of 2026-W47."), (9, "no report of 2026-W47 v9")],
)
def test_a_week_without_report_is_not_found(version, words):
    with pytest.raises(NotFound, match=words):
        archived_report(WEEK, version)
