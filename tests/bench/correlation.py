"""How fast are links found? Ratios within one run.

``python -m tests.bench.correlation``: the hit kernel against range joins of polars and
DuckDB where these are installed, refreshes against reading their rows, reads of the API
against one row, and the memory of a large refresh.
"""

import os
import resource
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from types import ModuleType

import numpy as np

from correlation.domain.alarms import Alarms
from correlation.domain.counts import count, count_by_test
from correlation.domain.episodes import Episodes
from correlation.domain.observation import observe
from correlation.domain.spans import Spans
from correlation.domain.verdicts import judge
from correlation.domain.zones import SKEW_SECONDS, of_integration
from tests.engines import choose_place, running_cluster

START = 1_767_571_200  # 2026-01-05, a Monday, 00:00 UTC
DAYS = 90
END = START + DAYS * 86_400
WINDOW = 3600
MILLION = 1_000_000
FAILED_SHARE = 0.12
REQUESTS = 60

LEAST_TIMES_A_JOIN = 10
MOST_TIMES_THE_READ = 3
MOST_TIMES_A_ROW = 20
LEAST_TIMES_A_RECENT = 5
MOST_MEGABYTES = 500


def say(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def best_of(times, action):
    """Return the shortest seconds of some runs, and what the last one gave."""
    shortest, value = float("inf"), None
    for _ in range(times):
        begin = time.perf_counter()
        value = action()
        shortest = min(shortest, time.perf_counter() - begin)
    return shortest, value


# -- the kernel


def kernel_inputs(tests=1_000, integrations=10):
    random = np.random.default_rng(3)
    alarms = Alarms.sorted(
        random.integers(0, tests, MILLION),
        random.integers(START, END, MILLION),
        tests,
    )
    starts = random.integers(START, END, MILLION)
    events = Episodes.sorted(
        random.integers(0, integrations, MILLION), starts, starts, integrations
    )
    return alarms, events


def kernel(alarms, events):
    """Return per test and integration the alarms with an event within the window."""
    found = np.empty((alarms.test_count, events.integration_count), dtype=np.int64)
    for column in range(events.integration_count):
        starts = of_integration(events, column).starts
        ahead = Spans.covering(starts - WINDOW, starts - SKEW_SECONDS)
        found[:, column] = count_by_test(alarms, ahead)
    return found


def duckdb_join(alarms, events):
    import duckdb

    rows = duckdb.connect()
    rows.register(
        "alarms",
        {
            "id": np.arange(len(alarms.moments)),
            "test": alarms.tests,
            "t": alarms.moments,
        },
    )
    rows.register("events", {"integration": events.integrations, "s": events.starts})
    found = rows.execute(
        f"""SELECT test, integration, count(DISTINCT id) FROM alarms JOIN events
        ON s > t + {SKEW_SECONDS} AND s <= t + {WINDOW} GROUP BY 1, 2"""
    ).fetchnumpy()
    return _square(alarms, events, *found.values())


def polars_join(alarms, events):
    import polars as pl

    left = pl.DataFrame(
        {
            "id": np.arange(len(alarms.moments)),
            "test": alarms.tests,
            "from": alarms.moments + SKEW_SECONDS,
            "to": alarms.moments + WINDOW,
        }
    ).lazy()
    right = pl.DataFrame(
        {"integration": events.integrations, "s": events.starts}
    ).lazy()
    found = (
        left.join_where(
            right,
            pl.col("s") > pl.col("from"),
            pl.col("s") <= pl.col("to"),
        )
        .group_by("test", "integration")
        .agg(pl.col("id").n_unique())
        .collect(engine="streaming")
    )
    return _square(alarms, events, *(found[name].to_numpy() for name in found.columns))


def _square(alarms, events, tests, integrations, counts):
    found = np.zeros((alarms.test_count, events.integration_count), dtype=np.int64)
    found[tests, integrations] = counts
    return found


def measure_kernel():
    alarms, events = kernel_inputs()
    ours, answer = best_of(3, lambda: kernel(alarms, events))
    say(f"hit kernel, 1e6 results x 1e6 events: {ours:.3f} s")
    passed = True
    for name, join in (("duckdb", duckdb_join), ("polars", polars_join)):
        try:
            __import__(name)
        except ImportError:
            say(f"  {name} is not installed: not compared")
            continue
        theirs, same = best_of(1, lambda join=join: join(alarms, events))
        assert np.array_equal(answer, same), f"{name} counts something else"
        say(f"  {theirs / ours:.0f} x faster than {name}'s range join")
        passed &= theirs / ours >= LEAST_TIMES_A_JOIN
    return passed


# -- refreshes and reads


@contextmanager
def database():
    """Give a private cluster with every table, gone afterwards."""
    choose_place()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    with running_cluster():
        import django

        django.setup()
        from django.db import connection

        connection.creation.create_test_db(verbosity=0, serialize=False)
        yield


def load(tests=1_000, integrations=10, incidents_a_day=2):
    """Fill 1e6 results of which 12 % failed, their alarms, and incidents."""
    from django.db import connection

    from correlation.storage.alarms import rejudge_source

    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(
            """INSERT INTO test_sources (name, window_seconds, time_zone, created_at)
            VALUES ('ci', 3600, 'UTC', now())"""
        )
        cursor.execute(
            """INSERT INTO integrations (slug, name, position, enabled,
                error_rate_warning, error_rate_critical, booking_loss_warning,
                booking_loss_critical, expected_interval, created_at, updated_at)
            SELECT 'channel-' || n, 'Channel ' || n, n, true, 0.02, 0.05, 0.005, 0.015,
                interval '24 hours', now(), now() FROM generate_series(5, %s) n""",
            [integrations],
        )
        cursor.execute(
            """INSERT INTO test_cases (test_case_id, name, source_id, family,
                first_seen_at, last_seen_at, sample, created_at, updated_at)
            SELECT 'test-' || n, 'Test ' || n, 'ci', '', to_timestamp(%s),
                to_timestamp(%s), false, now(), now() FROM generate_series(0, %s) n""",
            [START, END, tests - 1],
        )
        cursor.execute(
            """INSERT INTO test_results (id, test_case_id, source, run_id, status,
                executed_at, time_basis, attempts, message, revision, sample, created_at)
            SELECT gen_random_uuid(), 'test-' || (n %% %s), 'ci', 'run-' || n,
                CASE WHEN random() < %s THEN 'failed' ELSE 'passed' END,
                to_timestamp(%s + n * %s::float8 / %s), 'exact', 1, '', '', false, now()
            FROM generate_series(0, %s) n""",
            [tests, FAILED_SHARE, START, END - START, MILLION, MILLION - 1],
        )
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
            [START, END - START, incidents_a_day * DAYS],
        )
        _announce_with_some_tests(cursor)
        cursor.execute("ANALYZE")
        raised, _ = rejudge_source("ci")
        cursor.execute("ANALYZE")
    say(
        f"  loaded 1e6 results, {raised} alarms, {incidents_a_day * DAYS} incidents each"
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


def read_rows():
    """Read alarms and incidents the fastest way there is: one binary array each."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT test_case_id, array_send(array_agg(failed_at))
            FROM test_alarms GROUP BY 1"""
        )
        cursor.fetchall()
        cursor.execute(
            """SELECT integration_id, array_send(array_agg(started_at)),
                array_send(array_agg(ended_at))
            FROM integration_incidents GROUP BY 1"""
        )
        cursor.fetchall()


def measure_refresh():
    from correlation.refresh import refresh_correlations

    end = datetime.fromtimestamp(END, UTC)
    reading, _ = best_of(5, read_rows)
    recent, summary = best_of(5, lambda: refresh_correlations(now=end))
    full, _ = best_of(1, lambda: refresh_correlations(now=end, full=True))
    say(
        f"refresh from stored alarms and incidents: {recent:.3f} s, "
        f"{recent / reading:.1f} x reading them; {summary['links']} links"
    )
    say(f"refresh with alarms derived anew: {full:.2f} s, {full / recent:.0f} x that")
    return (
        recent / reading <= MOST_TIMES_THE_READ
        and full / recent >= LEAST_TIMES_A_RECENT
    )


def measure_reads():
    from django.contrib.auth.models import Permission, User
    from django.test import Client
    from django.test.utils import override_settings

    user = User.objects.create_user("leo")
    user.user_permissions.set(Permission.objects.filter(codename="view_money"))
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)

    def got(path):
        answer = client.get(f"/api/v1/{path}")
        assert answer.status_code == 200, answer.content

    passed = True
    with override_settings(ROOT_URLCONF=_routes_and_one_row()):
        row = _p95(lambda: got("one-row"))
        for path in (
            "correlation/test-integration?period=1y",
            "correlation/test-integration/test-3?period=1y",
            "correlation/backtest",
        ):
            seconds = _p95(lambda path=path: got(path))
            say(f"  GET {path}: {seconds * 1000:.1f} ms, {seconds / row:.1f} x one row")
            passed &= seconds / row <= MOST_TIMES_A_ROW
    return passed


def _routes_and_one_row():
    from django.urls import path
    from rest_framework.response import Response
    from rest_framework.views import APIView

    from correlation.models import TestIntegrationCorrelation
    from qa_observability.urls import urlpatterns

    class OneRow(APIView):
        def get(self, request):
            link = TestIntegrationCorrelation.objects.order_by("id").first()
            return Response({"score": link.correlation_score})

    module = ModuleType("routes")
    module.urlpatterns = [path("api/v1/one-row", OneRow.as_view()), *urlpatterns]
    return module


def _p95(action):
    """Return the 95th percentile of the seconds an action takes."""
    action()
    taken = []
    for _ in range(REQUESTS):
        begin = time.perf_counter()
        action()
        taken.append(time.perf_counter() - begin)
    return statistics.quantiles(taken, n=20)[-1]


# -- memory


def large():
    """Count and judge 10,000 tests x 100 integrations; print the peak in MB."""
    random = np.random.default_rng(5)
    alarms = 120 * 10_000
    tests = Alarms.sorted(
        random.integers(0, 10_000, alarms), random.integers(START, END, alarms), 10_000
    )
    starts = random.integers(START, END, 100 * 2 * DAYS)
    episodes = Episodes.sorted(
        random.integers(0, 100, len(starts)), starts, starts + 1800, 100
    )
    begin = time.perf_counter()
    watched = observe(episodes, start=START, end=END, window_seconds=WINDOW)
    judge(count(tests, watched))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(f"{peak:.0f} {time.perf_counter() - begin:.1f}")


def measure_memory():
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.correlation", "large"],
        check=True,
        capture_output=True,
        text=True,
    )
    megabytes, seconds = done.stdout.split()
    say(f"10,000 tests x 100 integrations: {seconds} s, peak {megabytes} MB")
    return float(megabytes) <= MOST_MEGABYTES


def main():
    if sys.argv[1:] == ["large"]:
        large()
        return 0
    passed = [measure_kernel(), measure_memory()]
    with database():
        load()
        passed += [measure_refresh(), measure_reads()]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
