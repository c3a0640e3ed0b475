"""A small world in the database: tests that fail, channels that fail, and when."""

from datetime import UTC, datetime, timedelta

from correlation.models import Alarm, TestCase, TestResult, TestSource
from integration_health.models import Incident

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
NOW = BEGIN + timedelta(days=30)
MINUTE = timedelta(minutes=1)


def at(day, hour=12, minute=0):
    """Return a moment of the scene by its day from 0."""
    return BEGIN + timedelta(days=day, hours=hour, minutes=minute)


def source(name="ci", window_seconds=3600):
    return TestSource.objects.get_or_create(
        name=name, defaults={"window_seconds": window_seconds}
    )[0]


def known_test(test_case_id, of=None, **fields):
    return TestCase.objects.create(
        test_case_id=test_case_id,
        name=fields.pop("name", f"Test {test_case_id}"),
        source=of or source(),
        first_seen_at=BEGIN,
        last_seen_at=fields.pop("last_seen_at", NOW),
        **fields,
    )


def failures(case, moments):
    """Store failed results, and the alarms that ingest makes of them."""
    moments = sorted(moments)
    TestResult.objects.bulk_create(
        TestResult(
            test_case=case,
            source=case.source_id,
            run_id=f"run {moment.isoformat()}",
            status="failed",
            executed_at=moment,
        )
        for moment in moments
    )
    quiet = timedelta(seconds=case.source.window_seconds / 2)
    previous = [None, *moments[:-1]]
    Alarm.objects.bulk_create(
        Alarm(test_case=case, failed_at=moment)
        for moment, before in zip(moments, previous, strict=True)
        if before is None or moment - before > quiet
    )


def incident(integration_id, start, minutes=20, **fields):
    return Incident.objects.create(
        integration_id=integration_id,
        started_at=start,
        ended_at=start + minutes * MINUTE,
        severity="high",
        detected_at=start + MINUTE,
        **fields,
    )


INCIDENT_STARTS = [at(day, 8 + (5 * day) % 11, 30) for day in range(2, 27, 2)]


def announced_airbnb(test_case_id="checkout", minutes=30):
    """Make a test fail before every incident of Airbnb, and twice for nothing."""
    for start in INCIDENT_STARTS:
        incident("airbnb", start)
    case = known_test(test_case_id)
    warnings = [start - minutes * MINUTE for start in INCIDENT_STARTS]
    failures(case, [*warnings, at(3, 2), at(9, 20)])
    return case


def strangers(count=10):
    """Make tests that fail now and then, for reasons of their own."""
    for number in range(count):
        case = known_test(f"stranger-{number}")
        failures(
            case, [at(day, (number * 7 + day * 5) % 24, 7) for day in range(1, 28, 3)]
        )
