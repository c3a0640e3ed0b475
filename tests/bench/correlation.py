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
from datetime import UTC, datetime, timedelta
from types import ModuleType

import numpy as np
import psycopg

from correlation.domain.alarms import Alarms
from correlation.domain.counts import count_by_test
from correlation.domain.episodes import Episodes
from correlation.domain.spans import Spans
from correlation.domain.zones import SKEW_SECONDS, of_integration
from tests.bench.correlation_rows import END, MILLION, START, load, load_large
from tests.bench.database import database

WINDOW = 3600
REQUESTS = 60
ALARMS = """
    SELECT test_case_id, string_agg(timestamptz_send(failed_at), '')
    FROM test_alarms GROUP BY 1
"""
INCIDENTS = """
    SELECT integration_id, string_agg(timestamptz_send(started_at), ''),
        string_agg(timestamptz_send(ended_at), '')
    FROM integration_incidents GROUP BY 1
"""

LEAST_TIMES_A_JOIN = 10
MOST_TIMES_THE_READ = 3
MOST_TIMES_A_ROW = 20
LEAST_TIMES_A_DAY = 20
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


def read_rows():
    """Read alarms and incidents the fastest way there is: one binary array each."""
    from django.db import connection

    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        for statement in (ALARMS, INCIDENTS):
            cursor.execute(statement, binary=True)
            cursor.fetchall()


def measure_refresh():
    """Hold refreshes against reading their rows, in turns so that load hits all alike.

    Three: every day counted anew from the stored alarms; one day whose alarms changed;
    and the alarms themselves derived anew from all results.
    """
    from django.db import connection

    from correlation.models import EvidenceDay
    from correlation.refresh import refresh_correlations

    end = datetime.fromtimestamp(END, UTC)
    late = end - timedelta(days=3)
    reading = whole = day = float("inf")
    for _ in range(7):
        reading = min(reading, best_of(1, read_rows)[0])
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE test_evidence_days")
        seconds, summary = best_of(1, lambda: refresh_correlations(now=end))
        whole = min(whole, seconds)
        EvidenceDay.objects.filter(day=late.date()).delete()
        day = min(day, best_of(1, lambda: refresh_correlations(now=end))[0])
    anew, _ = best_of(1, lambda: refresh_correlations(now=end, full=True))
    say(
        f"refresh of every day from stored alarms and incidents: {whole:.3f} s, "
        f"{whole / reading:.1f} x reading them; {summary['links']} links"
    )
    say(
        f"refresh after one day changed: {day:.3f} s, {day / reading:.1f} x reading all"
    )
    say(
        f"full refresh, alarms derived anew: {anew:.2f} s, {anew / day:.0f} x one day's"
    )
    return whole / reading <= MOST_TIMES_THE_READ and anew / day >= LEAST_TIMES_A_DAY


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


def refresh_large():
    """Refresh everything; print the peak in MB and seconds."""
    import django

    django.setup()
    from correlation.refresh import refresh_correlations

    end = datetime.fromtimestamp(END, UTC)
    whole, _ = best_of(1, lambda: refresh_correlations(now=end))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(f"{peak:.0f} {whole:.1f}")


def measure_memory():
    from django.db import connection

    load_large()
    address, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.correlation", "large"],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ
        | {"DATABASE_URL": f"{address}/{connection.settings_dict['NAME']}"},
    )
    megabytes, seconds = done.stdout.split()
    say(f"refresh of 10,000 tests x 100 integrations: {seconds} s, peak {megabytes} MB")
    return float(megabytes) <= MOST_MEGABYTES


def main():
    if sys.argv[1:] == ["large"]:
        refresh_large()
        return 0
    passed = [measure_kernel()]
    with database():
        say(f"  loaded 1e6 results, {load()} alarms")
        passed += [measure_refresh(), measure_reads(), measure_memory()]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
