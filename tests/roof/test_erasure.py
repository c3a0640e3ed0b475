"""A person asks to be forgotten: found everywhere, gone everywhere, the rest as it was."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from correlation.enums import TestStatus
from correlation.ingest.results import import_results
from correlation.ingest.rows import Run
from correlation.models import Alarm, LinkFeedback, TestCase, TestResult
from correlation.parsed import ParsedResult
from integration_health.enums import BatchKind
from integration_health.ingest.event_rows import EventInput
from integration_health.ingest.events import ingest_events
from integration_health.models import (
    Alert,
    Annotation,
    EventDay,
    ImportBatch,
    Incident,
    IncidentEntry,
    IntegrationEvent,
    RejectedRow,
)
from integration_health.refresh.event_days import check_event_day
from qa_observability.erasure import Fate
from qa_observability.lib.errors import InvalidField
from qa_observability.models import AuditEntry
from qa_observability.roof.erasure import erase_subject, find_subject, fingerprint_of

pytestmark = pytest.mark.django_db

SUBJECT = "Guest-4711x"  # the scrub at the door knows no such kind of name
NOW = timezone.now().replace(minute=30, second=0, microsecond=0)


def event(message, minutes=0, metadata=None, severity="high"):
    return EventInput(
        line=1,
        integration_id="vrbo",
        event_type="api_error",
        severity=severity,
        message=message,
        metadata=metadata or {},
        occurred_at=NOW - timedelta(hours=3, minutes=-minutes),
    )


@pytest.fixture
def traces():
    """The subject in every kind of place, beside others who stay."""
    ingest_events(
        [
            event(f"no room for {SUBJECT}"),
            event("nested", 1, {"who": [{"name": f"<{SUBJECT.upper()}>"}]}),
            event(f"{SUBJECT}y is somebody else", 2),
            event("nobody", 3),
        ],
        source="api",
        actor="ci",
        now=NOW,
    )
    import_results(
        [
            ParsedResult(
                line=1,
                test_case_id=test,
                name=name,
                status=TestStatus.FAILED,
                executed_at=NOW - timedelta(hours=2),
                message=message,
            )
            for test, name, message in (
                ("t1", "books a room", f"{SUBJECT} was refused"),
                ("t2", f"books for {SUBJECT}", ""),
                ("t3", "books", "refused"),
            )
        ],
        run=Run("ci"),
        now=NOW,
    )
    batch = ImportBatch.objects.create(
        kind=BatchKind.RAW_EVENTS,
        file_name=f"{SUBJECT}.csv",
        sha256="0" * 64,
        summary={"warnings": [{"detail": f"see {SUBJECT}"}]},
    )
    RejectedRow.objects.create(batch=batch, line=1, reason="bad", excerpt=SUBJECT)
    incident = Incident.objects.create(
        integration_id="airbnb",
        started_at=NOW,
        ended_at=NOW,
        severity="high",
        detected_at=NOW,
    )
    IncidentEntry.objects.create(
        incident=incident, at=NOW, actor="ada", action="note", text=f"call {SUBJECT}!"
    )
    Annotation.objects.create(kind="deploy", at=NOW, text=f"for {SUBJECT}")
    Alert.objects.create(
        kind="early_warning",
        severity="high",
        group="g",
        title=f"{SUBJECT} fails",
        details={"test": SUBJECT},
        raised_at=NOW,
        last_raised_at=NOW,
    )
    LinkFeedback.objects.create(
        test_case_id="t3",
        integration_id="vrbo",
        confirmed=True,
        actor="ada",
        note=f"says {SUBJECT}",
    )


FOUND = {
    "Events": (Fate.DELETE, 2),
    "Refused rows of imports": (Fate.DELETE, 1),
    "Imports": (Fate.MASK, 1),
    "Incident notes": (Fate.MASK, 1),
    "Annotations": (Fate.MASK, 1),
    "Alerts": (Fate.MASK, 1),
    "Test results": (Fate.DELETE, 1),
    "Tests": (Fate.DELETE, 1),
    "Feedback on links": (Fate.MASK, 1),
}


def told(report):
    return {each.place: (each.fate, each.count) for each in report.places}


@pytest.mark.usefixtures("traces")
class TestErasure:
    def test_all_is_found_and_nothing_touched(self):
        before = everything()

        report = find_subject(f" {SUBJECT.lower()} ")

        assert told(report) == FOUND
        assert report.total == 10
        assert not report.erased
        (notes,) = (each for each in report.places if each.place == "Incident notes")
        assert [row.fields for row in notes.rows] == [
            {"text": f"call {SUBJECT}!", "actor": "ada"}
        ]
        assert everything() == before

    def test_a_report_shows_as_many_rows_as_asked(self):
        events = next(
            each
            for each in find_subject(SUBJECT, limit=1).places
            if each.place == "Events"
        )

        assert (events.count, len(events.rows)) == (2, 1)

    def test_all_is_gone_and_the_rest_stays(self):
        report = erase_subject(SUBJECT, by=None, now=NOW)

        assert report.erased
        assert told(report) == FOUND
        assert find_subject(SUBJECT).places == ()
        assert sorted(IntegrationEvent.objects.values_list("message", flat=True)) == [
            f"{SUBJECT}y is somebody else",
            "nobody",
        ]
        assert IncidentEntry.objects.get().text == "call [erased]!"
        assert Alert.objects.get().details == {"test": "[erased]"}
        assert ImportBatch.objects.get().file_name == "[erased].csv"
        assert set(TestCase.objects.values_list("pk", flat=True)) == {"t1", "t3"}
        assert TestResult.objects.get().test_case_id == "t3"
        assert Alarm.objects.get().test_case_id == "t3"

    def test_no_text_of_the_database_holds_it_any_more(self):
        erase_subject(SUBJECT, by=None, now=NOW, reason=f"{SUBJECT} asked")

        somebody_else = f"{SUBJECT}y"
        left = [
            text
            for text in everything()
            if SUBJECT.lower() in text.lower().replace(somebody_else.lower(), "")
        ]
        assert left == []

    def test_the_days_touched_add_up_anew(self):
        day = IntegrationEvent.objects.first().occurred_on

        erase_subject(SUBJECT, by=None, now=NOW)

        assert EventDay.objects.get(day=day).rows == 2
        assert check_event_day("vrbo", day).agreed

    def test_the_incident_it_was_part_of_is_judged_anew(self):
        from integration_health.incidents import recompute

        first, last = NOW.date() - timedelta(days=1), NOW.date()
        recompute(["vrbo"], first, last, NOW)
        assert Incident.objects.filter(integration="vrbo").exists()

        erase_subject(SUBJECT, by=None, now=NOW)

        assert not Incident.objects.standing().filter(integration="vrbo").exists()

    def test_the_trail_knows_a_hash_and_who_asked(self):
        ada = User.objects.create_user("ada")

        erase_subject(SUBJECT, by=ada, now=NOW, reason=f"{SUBJECT} wrote, ticket 9")

        entry = AuditEntry.objects.get(action="subject.erased")
        assert (entry.actor_name, entry.reason) == ("ada", "[erased] wrote, ticket 9")
        assert entry.after == {
            "subject": fingerprint_of(SUBJECT.upper()),
            **{place: count for place, (_fate, count) in FOUND.items()},
        }

    def test_erasing_again_finds_nothing(self):
        erase_subject(SUBJECT, by=None, now=NOW)

        assert erase_subject(SUBJECT, by=None, now=NOW).places == ()

    def test_the_command_shows_then_erases(self):
        shown, erased = StringIO(), StringIO()

        call_command("erase_subject", SUBJECT, stdout=shown)
        call_command("erase_subject", SUBJECT, "--delete", stdout=erased)

        assert json.loads(shown.getvalue())["erased"] is False
        assert {
            each["place"]: each["count"]
            for each in json.loads(erased.getvalue())["places"]
        } == {place: count for place, (_fate, count) in FOUND.items()}
        assert find_subject(SUBJECT).places == ()


def everything():
    """Every text and JSON of every table, row by row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE relkind IN ('r', 'p') AND NOT relispartition"
            " AND nspname = 'public' ORDER BY 1"
        )
        tables = [name for (name,) in cursor.fetchall()]
        texts = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
            texts += [f"{table}: {row}" for (row,) in cursor.fetchall()]
    return texts


def test_an_account_in_use_is_told_and_kept():
    User.objects.create_user("grace.hopper", email="grace.hopper@example.com")

    report = erase_subject("grace.hopper", by=None, now=NOW)

    assert told(report) == {"Accounts in use": (Fate.KEEP, 1)}
    assert report.total == 0
    assert User.objects.filter(username="grace.hopper").exists()


@pytest.mark.parametrize("token", ["abc", "....", "x" * 201])
def test_a_token_that_would_find_everything_is_refused(token):
    with pytest.raises(InvalidField):
        find_subject(token)
    with pytest.raises(CommandError):
        call_command("erase_subject", token)


@pytest.mark.parametrize(
    "token",
    ["a.b*c", "50%_off", "it's", 'say "hi"', "back\\slash", "(x|y)", "Zoë Ünal"],
)
def test_signs_of_a_token_are_only_signs(token):
    texts = [token, token.replace(".", "x").replace("%", "z"), "a_bbc", "50_off"]
    for text in {*texts}:
        Annotation.objects.create(kind="deploy", at=NOW, text=f"<{text}>")
    Alert.objects.create(
        kind="early_warning",
        severity="high",
        group="g",
        title="t",
        details={"test": f"<{token}>"},
        raised_at=NOW,
        last_raised_at=NOW,
    )

    assert told(find_subject(token)) == {
        "Annotations": (Fate.MASK, 1),
        "Alerts": (Fate.MASK, 1),
    }
    erase_subject(token, by=None, now=NOW)
    assert find_subject(token).places == ()
    assert Alert.objects.get().details == {"test": "<[erased]>"}
