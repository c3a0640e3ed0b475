"""What the doctor finds in a healthy house, and in each kind of sick one."""

import json
import socket
import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.utils import OperationalError
from django.test import override_settings
from django.utils import timezone

from integration_health.models import Integration
from integration_health.refresh.retention import make_partitions
from integration_health.storage.partitions import partitions, week_of
from qa_observability.models import JobRun
from qa_observability.roof.doctor import (
    Finding,
    Verdict,
    data,
    examine,
    machine,
    servers,
)
from qa_observability.roof.doctor.findings import worst
from revenue.domain.assumptions import AssumptionValues
from revenue.models import RevenueAssumption

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
OTHER_KEY = "new:bmV3IGtleSBvZiAzMiBieXRlcyBpcyBub3QgdGVzdCE="


def seen(finding):
    return finding.name, finding.verdict


@pytest.fixture
def assumption(db):
    row = RevenueAssumption(
        integration=Integration.objects.get(pk="vrbo"),
        valid_from=date(2026, 1, 1),
        currency="USD",
        actor="ada",
        created_at=NOW,
    )
    row.set_values(AssumptionValues(Decimal(250), Decimal("0.05"), None, None))
    row.save()
    return row


@pytest.mark.django_db
class TestServers:
    def test_a_database_that_answers_names_its_version(self):
        finding = servers.database()

        assert seen(finding) == ("database", Verdict.OK)
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            assert cursor.fetchone()[0] in finding.detail

    def test_without_a_database_the_rest_is_still_looked_at(self):
        def away(execute, sql, params, many, context):
            raise OperationalError("the server closed the connection")

        with connection.execute_wrapper(away):
            findings = examine(NOW)

        assert findings[1] == Finding(
            "database",
            Verdict.FAIL,
            "PostgreSQL does not answer (OperationalError).",
            "Start it, or correct DATABASE_URL.",
        )
        assert [finding.name for finding in findings] == [
            "configuration",
            "database",
            "broker",
            "disk",
            "static files",
            "mail",
        ]

    def test_missing_migrations_are_named_and_the_data_left_alone(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM django_migrations"
                " WHERE app = 'revenue' AND name = '0001_initial'"
            )

        findings = {finding.name: finding for finding in examine(NOW)}

        assert findings["migrations"] == Finding(
            "migrations",
            Verdict.FAIL,
            "Missing: revenue.0001_initial.",
            "Run `manage.py migrate`.",
        )
        assert "keys" not in findings

    def test_a_database_ahead_of_the_code_is_told(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied)"
                " VALUES ('revenue', '9999_next_year', now())"
            )

        finding = servers.migrations()

        assert seen(finding) == ("migrations", Verdict.WARN)
        assert "revenue.9999_next_year" in finding.detail

    def test_one_machine_has_one_clock(self):
        assert seen(servers.clock()) == ("clock", Verdict.OK)

    def test_a_broker_away_fails(self, settings):
        settings.REDIS_URL = "redis://127.0.0.1:1/0"

        assert servers.broker() == Finding(
            "broker",
            Verdict.FAIL,
            "The broker does not answer (ConnectionError).",
            "Start Redis or Valkey, or correct REDIS_URL.",
        )


@pytest.mark.parametrize(
    ("seconds", "verdict"),
    [
        (0.0, Verdict.OK),
        (1.9, Verdict.OK),
        (2.0, Verdict.WARN),
        (-2.0, Verdict.WARN),
        (59.9, Verdict.WARN),
        (60.0, Verdict.FAIL),
        (-60.0, Verdict.FAIL),
    ],
)
def test_skew_is_judged_both_ways(seconds, verdict):
    finding = servers.judged_skew(seconds)

    assert finding.verdict is verdict
    assert bool(finding.cure) is (verdict is not Verdict.OK)


class TestMail:
    def test_a_console_is_no_mail(self, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

        finding = servers.mail()

        assert seen(finding) == ("mail", Verdict.WARN)
        assert finding.detail == "Mails go to console, not to people."

    def test_a_server_that_refuses_fails(self, settings):
        settings.EMAIL_BACKEND = servers.SMTP
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

        assert servers.mail().detail == (
            "The mail server 127.0.0.1:1 does not take us (ConnectionRefusedError)."
        )

    def test_a_server_that_greets_is_fine(self, settings):
        listener = socket.create_server(("127.0.0.1", 0))

        def greet():
            client, _address = listener.accept()
            with client:
                client.sendall(b"220 here\r\n")
                while data := client.recv(1024):
                    ends = data.upper().startswith(b"QUIT")
                    client.sendall(b"221 bye\r\n" if ends else b"250 fine\r\n")

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        settings.EMAIL_BACKEND = servers.SMTP
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = listener.getsockname()[1]

        finding = servers.mail()
        thread.join(5)
        listener.close()

        assert finding == Finding("mail", Verdict.OK, "127.0.0.1 takes us.")


@pytest.mark.django_db
class TestPartitions:
    def test_weeks_ahead_are_fine(self):
        make_partitions(NOW)

        assert seen(data.partitions(NOW)) == ("partitions", Verdict.OK)

    def test_a_missing_week_warns_before_it_hurts(self):
        make_partitions(NOW)
        last = partitions()[-1].monday
        shortly_before = datetime(last.year, last.month, last.day, tzinfo=UTC)

        finding = data.partitions(shortly_before - timedelta(days=7))

        assert seen(finding) == ("partitions", Verdict.WARN)
        assert finding.detail == (
            f"No table from {(last + timedelta(days=7)).isoformat()} on."
        )

    def test_without_this_week_it_fails(self):
        far = NOW + timedelta(days=4000)

        finding = data.partitions(far)

        assert seen(finding) == ("partitions", Verdict.FAIL)
        assert week_of(far.date()).isoformat() in finding.detail


@pytest.mark.usefixtures("assumption")
class TestKeys:
    def test_a_key_that_opens_all(self):
        assert data.keys() == Finding(
            "keys", Verdict.OK, "Key test opens all 1 versions."
        )

    def test_an_older_key_in_use_asks_for_rotation(self, settings):
        settings.REVENUE_KEYS = f"{OTHER_KEY},{settings.REVENUE_KEYS}"

        assert data.keys() == Finding(
            "keys",
            Verdict.WARN,
            "1 of 1 versions are sealed with an older key.",
            "Run `manage.py rotate_revenue_key`, then remove the older key.",
        )

    def test_a_lost_key_fails_without_showing_one(self, settings):
        settings.REVENUE_KEYS = OTHER_KEY

        finding = data.keys()

        assert seen(finding) == ("keys", Verdict.FAIL)
        assert OTHER_KEY.partition(":")[2] not in finding.detail

    def test_a_weak_key_fails(self, settings):
        settings.REVENUE_KEYS = "weak:AAAA"

        assert seen(data.keys()) == ("keys", Verdict.FAIL)


@pytest.mark.django_db
class TestJobs:
    def ran(self, job, minutes_ago, result="done", error=""):
        at = NOW - timedelta(minutes=minutes_ago)
        return JobRun.objects.create(
            job=job, started_at=at, finished_at=at, result=result, error=error
        )

    def test_no_job_ever_ran(self):
        assert seen(data.schedule(NOW)) == ("beat", Verdict.WARN)

    @pytest.mark.parametrize(
        ("minutes", "verdict"), [(1, Verdict.OK), (20, Verdict.OK), (21, Verdict.FAIL)]
    )
    def test_beat_is_as_alive_as_its_last_job(self, minutes, verdict):
        self.ran("old", 500)
        self.ran("new", minutes)

        assert data.schedule(NOW) == Finding(
            "beat",
            verdict,
            f"The last job started {minutes} minutes ago.",
            data.schedule(NOW).cure,
        )

    def test_only_the_last_run_of_each_job_counts(self):
        self.ran("mended", 10, "failed", "KeyError")
        self.ran("mended", 5)
        assert seen(data.jobs()) == ("jobs", Verdict.OK)

        self.ran("broken", 5, "failed", "KeyError")
        assert data.jobs().detail == "Failed when last run: broken (KeyError)."


class TestMachine:
    @pytest.mark.parametrize(
        ("free", "verdict"),
        [
            (0.4, Verdict.FAIL),
            (0.5, Verdict.WARN),
            (4.9, Verdict.WARN),
            (5, Verdict.OK),
        ],
    )
    def test_room_is_judged(self, free, verdict):
        finding = machine.judged_room(int(free * machine.GIB) + 1, Path("/here"))

        assert (finding.name, finding.verdict) == ("disk", verdict)
        assert "/here" in finding.detail

    def test_static_files_that_nobody_collected(self, tmp_path):
        manifest = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
        with override_settings(
            STATIC_ROOT=str(tmp_path), STORAGES={"staticfiles": {"BACKEND": manifest}}
        ):
            assert seen(machine.static_files()) == ("static files", Verdict.FAIL)

    def test_static_files_as_they_are(self):
        assert machine.static_files().detail == "Pages get /static/qa/qa.css."

    def test_debug_warns(self, settings):
        settings.DEBUG = True

        assert seen(machine.configuration()) == ("configuration", Verdict.WARN)

    def test_a_broken_setting_fails_by_name(self, settings):
        settings.LANGUAGE_CODE = "no_such"

        finding = machine.configuration()

        assert seen(finding) == ("configuration", Verdict.FAIL)
        assert "translation.E" in finding.detail


def test_the_worst_finding_decides():
    findings = [Finding("a", Verdict.OK, ""), Finding("b", Verdict.WARN, "")]

    assert worst([]) is Verdict.OK
    assert worst(findings) is Verdict.WARN
    assert worst([Finding("c", Verdict.FAIL, ""), *findings]) is Verdict.FAIL


@pytest.mark.django_db
class TestCommand:
    def test_one_line_each_and_exit_one(self, capsys, settings):
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
        make_partitions(timezone.now())

        with pytest.raises(SystemExit) as exit_code:
            call_command("doctor")

        lines = capsys.readouterr().out.splitlines()
        assert exit_code.value.code == 1
        assert len(lines) == len(examine(timezone.now()))
        (failed,) = (line for line in lines if line.startswith("FAIL"))
        assert failed == (
            "FAIL  broker         The broker does not answer (ConnectionError)."
            " Start Redis or Valkey, or correct REDIS_URL."
        )

    def test_as_json(self, capsys, settings):
        settings.REDIS_URL = "redis://127.0.0.1:1/0"

        with pytest.raises(SystemExit):
            call_command("doctor", "--json")

        report = json.loads(capsys.readouterr().out)
        assert report["verdict"] == "fail"
        assert {finding["name"] for finding in report["findings"]} >= {"keys", "clock"}
