"""Rows for the bench of links: results that fail and channels that fail, by SQL."""

START = 1_767_571_200  # 2026-01-05, a Monday, 00:00 UTC
DAYS = 90
END = START + DAYS * 86_400
MILLION = 1_000_000
FAILED_SHARE = 0.12


def load(tests=1_000, integrations=10, incidents_a_day=2):
    """Fill 1e6 results of which 12 % failed, and incidents; return how many alarms."""
    from django.db import connection

    from correlation.storage.alarms import rejudge_source

    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(
            """INSERT INTO test_sources (name, window_seconds, time_zone, created_at)
            VALUES ('ci', 3600, 'UTC', now())"""
        )
        _add_integrations(cursor, integrations)
        _add_tests(cursor, tests)
        cursor.execute(
            """INSERT INTO test_results (id, test_case_id, source, run_id, status,
                executed_at, time_basis, attempts, message, revision, sample, created_at)
            SELECT gen_random_uuid(), 'test-' || (n %% %s), 'ci', 'run-' || n,
                CASE WHEN random() < %s THEN 'failed' ELSE 'passed' END,
                to_timestamp(%s + n * %s::float8 / %s), 'exact', 1, '', '', false, now()
            FROM generate_series(0, %s) n""",
            [tests, FAILED_SHARE, START, END - START, MILLION, MILLION - 1],
        )
        _add_incidents(cursor, incidents_a_day)
        _announce_with_some_tests(cursor)
        cursor.execute("ANALYZE")
        raised, _ = rejudge_source("ci")
        cursor.execute("VACUUM ANALYZE")  # as autovacuum would have done
    return raised


def _add_integrations(cursor, integrations):
    cursor.execute(
        """INSERT INTO integrations (slug, name, position, enabled,
            error_rate_warning, error_rate_critical, booking_loss_warning,
            booking_loss_critical, expected_interval, created_at, updated_at)
        SELECT 'channel-' || n, 'Channel ' || n, n, true, 0.02, 0.05, 0.005, 0.015,
            interval '24 hours', now(), now() FROM generate_series(5, %s) n
        ON CONFLICT DO NOTHING""",
        [integrations],
    )


def _add_tests(cursor, tests):
    cursor.execute(
        """INSERT INTO test_cases (test_case_id, name, source_id, family,
            first_seen_at, last_seen_at, sample, created_at, updated_at)
        SELECT 'test-' || n, 'Test ' || n, 'ci', '', to_timestamp(%s),
            to_timestamp(%s), false, now(), now() FROM generate_series(0, %s) n""",
        [START, END, tests - 1],
    )


def _add_incidents(cursor, a_day):
    cursor.execute(
        """INSERT INTO integration_incidents (id, integration_id, started_at,
            ended_at, severity, state, origin, occurrences, event_types, sample,
            detected_at, detected_by, acknowledged_by, resolved_by, created_at,
            updated_at)
        SELECT gen_random_uuid(), slug, s, s + random() * interval '1 hour', 'high',
            'open', 'burst', 5, '{}', false, s, 'api', '', '', s, s
        FROM (
            SELECT slug, to_timestamp(%s + random() * %s) AS s
            FROM integrations, generate_series(1, %s)
        ) starts""",
        [START, END - START, a_day * DAYS],
    )


def _announce_with_some_tests(cursor):
    """Give twenty tests a link, so that there is something to list."""
    cursor.execute(
        """INSERT INTO test_results (id, test_case_id, source, run_id, status,
            executed_at, time_basis, attempts, message, revision, sample, created_at)
        SELECT gen_random_uuid(), 'test-' || t, 'ci', id::text, 'failed',
            started_at - interval '20 minutes', 'exact', 1, '', '', false, now()
        FROM generate_series(0, 19) t, integration_incidents
        WHERE integration_id = 'channel-' || (5 + t % 6)"""
    )


def load_large(tests=10_000, integrations=100, alarms_a_test=120):
    """Put 1.2e6 alarms of 10,000 tests beside incidents of 100 integrations."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """TRUNCATE test_alarms, test_evidence_days, test_alarm_changes,
                integration_incidents, test_results, test_cases CASCADE"""
        )
        _add_integrations(cursor, integrations)
        _add_tests(cursor, tests)
        cursor.execute(
            """INSERT INTO test_alarms (id, test_case_id, failed_at, created_at)
            SELECT gen_random_uuid(), 'test-' || (n %% %s),
                to_timestamp(%s + random() * %s), now()
            FROM generate_series(1, %s) n ON CONFLICT DO NOTHING""",
            [tests, START, END - START, tests * alarms_a_test],
        )
        _add_incidents(cursor, 2)
        cursor.execute("VACUUM ANALYZE")
