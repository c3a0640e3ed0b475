"""Each constraint, by trying to break it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from revenue.models import ReportDelivery, WeeklyReport
from tests.revenue.weekly.contents import WRITTEN_AT, keep, recipient

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"week": 0}, "weekly_report_names_an_iso_week"),
        ({"week": 54}, "weekly_report_names_an_iso_week"),
        ({"start": WRITTEN_AT}, "weekly_report_ends_after_it_starts"),
        (
            {"created_at": WRITTEN_AT - timedelta(days=1)},
            "weekly_report_is_written_after_its_week",
        ),
    ],
)
def test_a_report_is_of_a_week_that_is_over(changes, constraint):
    report = keep()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        WeeklyReport.objects.filter(pk=report.pk).update(**changes)


def test_a_week_has_one_scheduled_report_and_many_others():
    keep(is_scheduled=True)
    keep()

    with (
        pytest.raises(IntegrityError, match="one_scheduled_report_per_week"),
        transaction.atomic(),
    ):
        keep(is_scheduled=True)
    assert [str(report) for report in WeeklyReport.objects.newest_first()] == [
        "2026-W47 v2",
        "2026-W47 v1",
    ]


def test_a_version_is_there_once():
    keep(), keep()

    with pytest.raises(IntegrityError, match="each_version_of_a_weekly_report"):
        WeeklyReport.objects.filter(version=2).update(version=1)


def test_an_address_receives_once_whatever_its_case():
    recipient("Ada@example.com")

    with pytest.raises(IntegrityError, match="each_address_receives_one_report"):
        recipient("ada@EXAMPLE.com")


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"state": "lost", "next_attempt_at": None}, "report_delivery_state_is_known"),
        ({"state": "sent", "next_attempt_at": None}, "sent_report_has_its_moment"),
        ({"sent_at": WRITTEN_AT}, "sent_report_has_its_moment"),
        ({"next_attempt_at": None}, "only_a_waiting_report_has_a_next_attempt"),
        ({"state": "failed"}, "only_a_waiting_report_has_a_next_attempt"),
    ],
)
def test_a_delivery_agrees_with_its_state(changes, constraint):
    recipient("ada@example.com")
    keep(send=True)

    with pytest.raises(IntegrityError, match=constraint):
        ReportDelivery.objects.update(**changes)


def test_an_address_gets_a_report_once():
    recipient("ada@example.com")
    report = keep(send=True)

    with pytest.raises(IntegrityError, match="each_address_gets_a_report_once"):
        ReportDelivery.objects.create(
            report=report, email="ADA@example.com", next_attempt_at=WRITTEN_AT
        )
