"""A backup restored elsewhere gives the same answers, and goes on working.

The commands are those the documentation names: ``pg_dump --format=custom`` and
``pg_restore``, from the programs that came with the server.
"""

import os
import subprocess
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum
from django.utils import timezone

from correlation.enums import TestStatus
from correlation.ingest.results import import_results
from correlation.ingest.rows import Run
from correlation.parsed import ParsedResult
from correlation.refresh import refresh_correlations
from correlation.reports.correlations import correlations_report
from integration_health.incidents import recompute
from integration_health.ingest.event_rows import EventInput
from integration_health.ingest.events import ingest_events
from integration_health.models import EventDay
from integration_health.reports import health_overview
from qa_observability.api.encoding import encode_json
from qa_observability.audit import record
from qa_observability.lib.periods import Period
from qa_observability.models import AuditEntry
from qa_observability.probes import check_database
from qa_observability.runtime.binaries import find_postgres
from revenue.domain.assumptions import AssumptionValues
from revenue.models import RevenueAssumption
from revenue.reports import impact_report

NOW = timezone.now().replace(microsecond=0)


def event(minutes):
    return EventInput(
        line=1,
        integration_id="vrbo",
        event_type="pricing_sync_error",
        severity="critical",
        message=f"refused {'abcdefgh'[minutes % 8]}",
        occurred_at=NOW - timedelta(hours=5) + timedelta(minutes=minutes),
    )


def fill():
    ingest_events(map(event, range(30)), source="api", actor="ci", now=NOW)
    recompute(["vrbo"], NOW.date() - timedelta(days=1), NOW.date(), NOW)
    result = ParsedResult(
        line=1,
        test_case_id="t",
        name="books",
        status=TestStatus.FAILED,
        executed_at=NOW - timedelta(hours=6),
    )
    import_results([result], run=Run("ci"), now=NOW)
    refresh_correlations(now=NOW, full=True)
    version = RevenueAssumption(
        valid_from=NOW.date() - timedelta(days=30),
        currency="EUR",
        actor="ada",
        created_at=NOW,
    )
    version.set_values(
        AssumptionValues(Decimal("310.10"), Decimal("0.07"), Decimal(40), None)
    )
    version.save()
    record(None, "backup.tested", "backup")


def answers():
    """What the three apps say, as the API would send it."""
    return [
        encode_json(report)
        for report in (
            health_overview(period=Period.MONTH, now=NOW),
            impact_report(period=Period.MONTH, now=NOW),
            correlations_report(period=Period.MONTH, now=NOW, with_money=True),
        )
    ]


def contents():
    """Every row of every table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        rows = {}
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{name}" t ORDER BY 1')
            rows[name] = cursor.fetchall()
    return rows


def critical_rows():
    days = EventDay.objects.filter(severity="critical")
    return days.aggregate(rows=Sum("rows"))["rows"]


def server(name):
    settings = connection.settings_dict
    return psycopg.conninfo.make_conninfo(
        host=settings["HOST"] or None,
        port=settings["PORT"] or None,
        user=settings["USER"] or None,
        password=settings["PASSWORD"] or None,
        dbname=name,
    )


def run(program, *arguments):
    path = find_postgres(os.environ).folder / program
    if not path.exists():
        pytest.skip(f"there is no {program} beside the server's programs")
    done = subprocess.run(
        [path, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@contextmanager
def another_database(name):
    """An empty database of the same server, to which Django is turned meanwhile."""
    own = connection.settings_dict["NAME"]
    with psycopg.connect(server("postgres"), autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}"')
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = own
            admin.execute(f'DROP DATABASE "{name}"')


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_restored_backup_gives_the_same_answers_and_goes_on(tmp_path):
    fill()
    before, rows = answers(), contents()
    assert rows["integration_incidents"]
    assert b'"EUR"' in before[1]
    own = connection.settings_dict["NAME"]
    backup = tmp_path / "backup.dump"
    run("pg_dump", "--format=custom", f"--file={backup}", f"--dbname={server(own)}")

    with another_database(f"{own}_restored"):
        run(
            *("pg_restore", "--exit-on-error", "--no-owner"),
            *(f"--dbname={server(f'{own}_restored')}", str(backup)),
        )
        connection.close()
        connection.settings_dict["NAME"] = f"{own}_restored"

        assert check_database().ok
        assert contents() == rows
        assert answers() == before

        # Not only the rows came back: triggers, constraints and partitions work.
        counted = critical_rows()
        ingest_events([event(31)], source="api", actor="ci", now=NOW)
        assert critical_rows() == counted + 1
        with pytest.raises(DatabaseError), transaction.atomic():
            AuditEntry.objects.all().delete()
