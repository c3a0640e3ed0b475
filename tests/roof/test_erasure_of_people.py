"""Those who work here and those who read reports can ask to be forgotten, too."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, models, transaction
from django.utils import timezone

from integration_health.models import Alert, IntegrationHealth
from qa_observability import audit
from qa_observability.erasure import Fate
from qa_observability.models import AuditEntry, JobRun
from qa_observability.roof import erasure
from qa_observability.roof.erasure import erase_subject, find_subject, fingerprint_of
from revenue.models import ReportDelivery, ReportRecipient, WeeklyReport
from revenue.reports.weekly import ChangeOfWeek, content_of
from revenue.weekly.store import store_report
from tests.revenue.weekly.contents import CONTENT, WRITTEN_AT, keep, recipient

pytestmark = pytest.mark.django_db

ADA = "ada.o'brien@example.com"
NOW = timezone.now()


def told(report):
    return {each.place: (each.fate, each.count) for each in report.places}


def place_named(name):
    return next(place for place in erasure._places() if place.name == name)


def told_of(name):
    change = ChangeOfWeek(WRITTEN_AT - timedelta(days=2), f"Deploy: asked by {name}")
    return replace(CONTENT, changes=(change,))


class TestReports:
    @pytest.fixture
    def report(self):
        recipient(ADA)
        recipient("grace@example.com")
        return store_report(told_of(ADA), by=ADA, is_scheduled=False, send=True)

    def test_a_sent_report_is_drawn_anew_without_the_name(self, report):
        assert "ada.o&#x27;brien" in report.html

        erased = erase_subject(ADA, by=None, now=NOW)

        assert told(erased) == {
            "Recipients of weekly reports": (Fate.DELETE, 1),
            "Mails of weekly reports": (Fate.DELETE, 1),
            "Weekly reports": (Fate.MASK, 1),
        }
        kept = WeeklyReport.objects.get()
        as_if = store_report(
            told_of("[erased]"), by="[erased]", is_scheduled=False, send=False
        )
        assert content_of(kept.content) == told_of("[erased]")
        assert (kept.created_by, kept.html, bytes(kept.pdf)) == (
            as_if.created_by,
            as_if.html,
            as_if.pdf,
        )
        assert bytes(report.pdf) != bytes(kept.pdf)

    def test_a_report_that_names_others_stays_to_the_byte(self, report):
        other = keep()
        before = WeeklyReport.objects.values().get(pk=other.pk)

        erase_subject(ADA, by=None, now=NOW)

        assert WeeklyReport.objects.values().get(pk=other.pk) == before

    def test_no_mail_leaves_for_who_was_erased(self, report):
        erase_subject(ADA.upper(), by=None, now=NOW)

        for model in (ReportRecipient, ReportDelivery):
            assert list(model.objects.values_list("email", flat=True)) == [
                "grace@example.com"
            ]


class TestTrail:
    def test_its_entries_stay_without_the_name(self):
        user = User.objects.create_user(ADA)
        entry = audit.record(
            user, "note.changed", "note", before={"by": [ADA]}, reason=f"{ADA} left"
        )
        user.is_active = False
        user.save()

        erase_subject(ADA, by=None, now=NOW)

        kept = AuditEntry.objects.get(pk=entry.pk)
        assert (kept.at, kept.action, kept.actor_id) == (
            entry.at,
            "note.changed",
            user.pk,
        )
        assert (kept.actor_name, kept.before, kept.reason) == (
            "[erased]",
            {"by": ["[erased]"]},
            "[erased] left",
        )
        assert not User.objects.filter(pk=user.pk).exists()
        (erased,) = AuditEntry.objects.filter(action="subject.erased")
        assert erased.after == {
            "subject": fingerprint_of(ADA),
            "Accounts that were ended": 1,
            "Audit trail": 1,
        }

    @pytest.mark.parametrize(
        "change",
        [
            {"at": NOW},
            {"actor_id": 1},
            {"action": "other"},
            {"target_type": "other"},
            {"request_id": "other"},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_even_an_erasure_changes_nothing_but_names(self, change):
        audit.record(None, "looked", "x")

        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            audit.names_maskable(),
        ):
            AuditEntry.objects.update(**change)

    def test_it_is_closed_again_within_the_same_transaction(self):
        audit.record(None, "looked", "x", reason="first")
        with transaction.atomic():
            erase_subject(ADA, by=None, now=NOW)

            with (
                pytest.raises(DatabaseError, match="append-only"),
                transaction.atomic(),
            ):
                AuditEntry.objects.update(reason="other")

    def test_it_is_closed_again_after_a_failure(self):
        audit.record(None, "looked", "x", reason="first")
        with pytest.raises(ZeroDivisionError), audit.names_maskable():
            raise ZeroDivisionError

        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            AuditEntry.objects.update(reason="other")

    def test_no_entry_can_be_deleted_while_names_are_maskable(self):
        audit.record(None, "looked", "x")

        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            audit.names_maskable(),
        ):
            AuditEntry.objects.all().delete()


def test_sign_ins_go_and_the_house_keeps_working():
    seen = {"username": ADA, "ip_address": "192.0.2.7", "user_agent": "Firefox"}
    AccessAttempt.objects.create(**seen, failures_since_start=1)
    AccessFailureLog.objects.create(**seen)
    AccessLog.objects.create(**seen)

    assert told(find_subject("192.0.2.7")) == told(find_subject(ADA))
    erased = erase_subject(ADA, by=None, now=NOW)

    assert told(erased) == {
        "Failed sign-ins": (Fate.DELETE, 1),
        "Log of failed sign-ins": (Fate.DELETE, 1),
        "Log of sign-ins": (Fate.DELETE, 1),
    }
    assert find_subject("192.0.2.7").places == ()


def test_who_did_something_is_masked_wherever_it_stands():
    for hours in range(3):
        IntegrationHealth.objects.create(
            integration_id="vrbo",
            last_checked=NOW - timedelta(hours=hours),
            source="manual",
            actor=ADA if hours else "grace",
        )

    erased = erase_subject(ADA, by=None, now=NOW)

    assert told(erased) == {"Who sent health checks": (Fate.MASK, 2)}
    found = IntegrationHealth.objects.order_by("last_checked")
    assert list(found.values_list("actor", flat=True)) == ["[erased]"] * 2 + ["grace"]


def test_errors_of_jobs_and_the_history_of_the_admin_are_masked():
    ada = User.objects.create_user("root")
    JobRun.objects.create(
        job="j", started_at=NOW, finished_at=NOW, result="failed", error=f"No: {ADA}."
    )
    zoe = "Zoë Ünal"
    LogEntry.objects.create(
        user=ada,
        content_type=ContentType.objects.get_for_model(ReportRecipient),
        object_repr=ADA,
        action_flag=1,
        change_message=json.dumps([{"added": {"object": f"{zoe} wrote"}}]),
    )

    assert told(erase_subject(ADA, by=None, now=NOW)) == {
        "Runs of background jobs": (Fate.MASK, 1),
        "History of the admin": (Fate.MASK, 1),
    }
    assert told(erase_subject(zoe, by=None, now=NOW)) == {
        "History of the admin": (Fate.MASK, 1)
    }

    assert JobRun.objects.get().error == "No: [erased]."
    entry = LogEntry.objects.get()
    assert entry.object_repr == "[erased]"
    assert json.loads(entry.change_message) == [{"added": {"object": "[erased] wrote"}}]


def test_a_mask_longer_than_the_name_stays_within_its_column():
    longest = Alert._meta.get_field("title").max_length
    Alert.objects.create(
        kind="early_warning",
        severity="high",
        group="g",
        title="Ann1 " * (longest // 5),
        raised_at=NOW,
        last_raised_at=NOW,
    )

    erase_subject("Ann1", by=None, now=NOW)

    assert Alert.objects.get().title == ("[erased] " * longest)[:longest]


# Columns of text that can name no person: words of our own, ids, hashes, keys, times.
NO_ONE = {
    "qa_observability.Token": {"digest", "prefix"},
    "qa_observability.AuditEntry": {"action", "target_type", "request_id"},
    "qa_observability.JobRun": {"job", "task_id"},
    "qa_observability.Preference": {"time_zone", "language"},
    "integration_health.Integration": {"slug"},
    "integration_health.IntegrationEvent": {"event_type"},
    "integration_health.Failure": {"event_type"},
    "integration_health.EventHour": {"event_type"},
    "integration_health.EventDay": {"event_type"},
    "integration_health.ImportBatch": {"sha256", "content_hash"},
    "integration_health.RejectedRow": {"field"},
    "integration_health.EndpointStat": {"integration_key"},
    "integration_health.EndpointRule": {"integration_key"},
    "integration_health.Incident": {"event_types"},
    "integration_health.IncidentEntry": {"action"},
    "integration_health.MaintenanceWindow": {"time_zone"},
    "integration_health.StatusTransition": {"reason"},  # our words, of rates
    "revenue.RevenueAssumption": {"currency"},
    "revenue.WeeklyReport": {"html"},  # drawn from content, as the file is
    "revenue.ReportDelivery": {"last_error"},  # the kind of failure
    "correlation.EvidenceDay": {"integration_id"},  # a channel's id
    "correlation.Backtest": {"rows"},  # numbers
    "correlation.TestSource": {"time_zone"},
    "auth.Permission": {"name", "codename"},
    "auth.Group": {"name"},
    "auth.User": {"password"},
    "contenttypes.ContentType": {"app_label", "model"},
    "sessions.Session": {"session_key", "session_data"},  # a number, signed
    "axes.AccessFailureLog": {"http_accept"},
    "axes.AccessAttempt": {"http_accept"},
    "axes.AccessLog": {"http_accept", "session_hash"},
}


def test_every_column_of_text_is_searched_or_can_name_no_one():
    searched = {}
    for place in erasure._places():
        label = place.rows.model._meta.label
        searched.setdefault(label, set()).update(place.columns)
    left = {}
    for model in apps.get_models():
        texts = {
            field.name
            for field in model._meta.get_fields()
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
            and not field.choices
        }
        label = model._meta.label
        if missing := texts - searched.get(label, set()):
            left[label] = missing

    assert left == NO_ONE


def test_a_search_reads_each_place_once(django_assert_num_queries):
    count = len(list(erasure._places()))

    with django_assert_num_queries(count):
        find_subject("nobody.at.all@example.com")
