"""How fast is channel health read, and does history make it slower? In one run.

``python -m tests.bench.health [MILLIONS]``: health list, integration detail, events page,
daily trend, incidents and the admin, which has no target, each against one row by its key
through the same stack, at one million events over ninety days and then at MILLIONS
(default 10). Then the retention of a week against the DELETE it replaces. Each step is
told as it ends: ten million take long.
"""

import statistics
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from types import ModuleType

from tests.bench.database import database

ONE_ROW = "/api/v1/one-row"
REQUESTS = 40
MILLION = 1_000_000
MOST_TIMES_A_ROW = 20
MOST_TIMES_A_MILLION = 1.5
MOST_SHARE_OF_A_DELETE = 0.05

ADMIN = "/admin/integration_health/integrationevent/"
ROUTES = {
    "health list": "/api/v1/integrations/health?period=30d",
    "health list, 1 year": "/api/v1/integrations/health?period=1y",
    "integration detail": "/api/v1/integrations/health/airbnb?period=30d",
    "events page": "/api/v1/integrations/health/airbnb/events?period=90d",
    "events of a type": "/api/v1/integrations/health/airbnb/events?period=90d"
    "&type=booking_loss&severity=critical",
    "incidents": "/api/v1/integrations/incidents?period=90d",
    "admin list": ADMIN,
    "admin list, 90 days": f"{ADMIN}?period=90d",
    "admin search, 7 days": f"{ADMIN}?period=7d&q=4711",
    "admin filter, 90 days": f"{ADMIN}?period=90d&integration__slug__exact=hmbn"
    "&severity__exact=critical",
}
CORRECTIONS = 10  # events put right, then removed

# As they would have come: in the order of their moments, which their ids follow.
EVENTS = """
    INSERT INTO integration_events (id, integration_id, event_type, severity, message,
        metadata, occurred_at, occurred_on, occurrences, dedup_key, fingerprint,
        in_maintenance, source, actor)
    SELECT (lpad(to_hex((extract(epoch FROM occurred_at) * 1000)::bigint), 12, '0')
            || '7' || substr(md5(n::text), 1, 19))::uuid,
        integration_id, event_type, severity,
        'Rate push for listing ' || n || ' was refused', '{"httpStatus": 503}',
        occurred_at, (occurred_at AT TIME ZONE 'UTC')::date, 1, n::text,
        decode(md5(integration_id || event_type || severity), 'hex'), false, 'api', ''
    FROM (
        SELECT n,
            (ARRAY['booking-com', 'booking-com', 'booking-com', 'airbnb', 'airbnb',
                'vrbo', 'hmbn'])[1 + n %% 7] AS integration_id,
            (ARRAY['api_error', 'api_error', 'pricing_sync_error', 'fee_sync_error',
                'booking_loss'])[1 + (n / 7) %% 5] AS event_type,
            (ARRAY['low', 'low', 'low', 'medium', 'medium', 'high', 'critical'])
                [1 + (n / 35) %% 7] AS severity,
            %s::timestamptz - power(random(), 2) * interval '89 days' AS occurred_at
        FROM generate_series(%s, %s) n
        ORDER BY occurred_at
    ) raw
"""
ROLLUPS = """
    TRUNCATE integration_event_hours, integration_event_days, integration_failures;
    INSERT INTO integration_event_hours (integration_id, hour, event_type, severity, rows,
        occurrences, failures)
    SELECT integration_id, date_trunc('hour', occurred_at, 'UTC'), event_type, severity,
        count(*), count(*), count(DISTINCT fingerprint)
    FROM integration_events GROUP BY 1, 2, 3, 4;
    INSERT INTO integration_event_days (integration_id, day, event_type, severity, rows,
        occurrences, failures)
    SELECT integration_id, (hour AT TIME ZONE 'UTC')::date, event_type, severity,
        sum(rows), sum(occurrences), sum(failures)
    FROM integration_event_hours GROUP BY 1, 2, 3, 4
"""


@contextmanager
def step(name):
    """Say at once that a step has ended, and after how many seconds."""
    start = time.perf_counter()
    yield
    sys.stdout.write(f"-- {name}: {time.perf_counter() - start:.0f} s\n")
    sys.stdout.flush()


def load_events(first, last, now):
    """Add events without their triggers, then the rollups they would have had.

    Vacuumed, as autovacuum would soon have done: else the first readers do its work.
    """
    from django.db import connection

    from integration_health.refresh.retention import make_partitions

    make_partitions(now)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE integration_events DISABLE TRIGGER USER")
        for start in range(first, last + 1, MILLION):
            end = min(last, start + MILLION - 1)
            with step(f"events {start:,} to {end:,}"):
                cursor.execute(EVENTS, [now, start, end])
        cursor.execute("ALTER TABLE integration_events ENABLE TRIGGER USER")
        with step("their rollups"):
            cursor.execute(ROLLUPS)
        with step("vacuum"):
            cursor.execute("VACUUM (ANALYZE)")


def load_checks(now):
    """Record a check of every channel each hour of a year, as pollers would."""
    from django.db import connection

    from integration_health.models import Incident, Integration
    from integration_health.refresh.health_days import rebuild_health_days

    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO integration_health (id, integration_id, status,
                computed_status, status_source, pricing_sync_status, fees_sync_status,
                booking_loss_rate, error_rate, last_checked, source, actor, created_at,
                updated_at)
            SELECT gen_random_uuid(), slug, 'healthy', 'healthy', 'computed', 'ok', 'ok',
                0.001, 0.0190, %s::timestamptz - hours * interval '1 hour', 'poller', '',
                now(), now()
            FROM integrations, generate_series(0, 400 * 24) hours""",
            [now],
        )
    slugs = list(Integration.objects.values_list("slug", flat=True))
    rebuild_health_days(slugs, (now - timedelta(days=400)).date(), now.date())
    Incident.objects.bulk_create(
        Incident(
            integration_id=slugs[n % len(slugs)],
            started_at=now - timedelta(hours=5 * n + 1),
            ended_at=now - timedelta(hours=5 * n),
            severity="high",
            detected_at=now,
            event_types={"api_error": 9},
        )
        for n in range(400)
    )


def against_a_row(client, path):
    """Return the 95th percentile of a route's seconds, and how many times one row's.

    Both are asked for in turn, so that a busy moment of the machine meets both.
    """
    times = {ONE_ROW: [], path: []}
    for _ in range(REQUESTS):
        for each, taken in times.items():
            start = time.perf_counter()
            response = client.get(each)
            response.content  # noqa: B018  templates render on demand
            taken.append(time.perf_counter() - start)
            assert response.status_code == 200, response.content
    row, route = (statistics.quantiles(times[each], n=20)[-1] for each in times)
    return route, route / row


def routes():
    """Return the real routes, and one that reads a single row through the same stack."""
    from django.urls import path
    from rest_framework.response import Response
    from rest_framework.views import APIView

    from integration_health.models import Integration
    from qa_observability.urls import urlpatterns

    class OneRow(APIView):
        def get(self, request):
            row = Integration.objects.get(pk="airbnb")
            return Response({"integration_id": row.slug, "name": row.name})

    module = ModuleType("routes")
    module.urlpatterns = [path("api/v1/one-row", OneRow.as_view()), *urlpatterns]
    return module


def read_all():
    """Return the p95 of every route, in seconds and against one row."""
    from django.contrib.auth.models import User
    from django.test import Client
    from django.test.utils import override_settings

    user, _ = User.objects.get_or_create(
        username="ana", is_staff=True, is_superuser=True
    )
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    read = {}
    with override_settings(ROOT_URLCONF=routes()):
        for name, path in ROUTES.items():
            with step(name):
                read[name] = against_a_row(client, path)
        with step("admin corrections"):
            return read | corrections(client)


def corrections(client):
    """Return what a day, a form, an edit and a deletion cost in the admin, as read_all."""
    from integration_health.models import EventDay, IntegrationEvent

    newest = IntegrationEvent.objects.newest_first()[:CORRECTIONS]
    rows, days, forms, edits, deletions = [], [], [], [], []
    for event in list(newest):
        day = event.occurred_on
        by_day = {"occurred_on__year": day.year, "occurred_on__month": day.month}
        address = f"{ADMIN}{event.pk}/"
        rows.append(seconds_of(client.get, ONE_ROW))
        days.append(
            seconds_of(client.get, ADMIN, by_day | {"occurred_on__day": day.day})
        )
        forms.append(seconds_of(client.get, f"{address}change/"))
        sent = {
            "integration": event.integration_id,
            "event_type": event.event_type,
            "severity": event.severity,
            "occurred_at_0": f"{event.occurred_at:%Y-%m-%d}",
            "occurred_at_1": f"{event.occurred_at:%H:%M:%S}",
            "occurrences": "7",
            "message": event.message,
            "metadata": "{}",
        }
        edits.append(seconds_of(client.post, f"{address}change/", sent, status=302))
        assert IntegrationEvent.objects.get(pk=event.pk).occurrences == 7
        before = sum(EventDay.objects.filter(day=day).values_list("rows", flat=True))
        deletions.append(
            seconds_of(client.post, f"{address}delete/", {"post": "yes"}, status=302)
        )
        after = sum(EventDay.objects.filter(day=day).values_list("rows", flat=True))
        assert after == before - 1
    row = statistics.median(rows)
    measured = {"day": days, "form": forms, "edit": edits, "delete": deletions}
    return {
        f"admin {name}": (max(taken), statistics.median(taken) / row)
        for name, taken in measured.items()
    }


def seconds_of(ask, *asked, status=200):
    """Return how long a request took, its page rendered."""
    start = time.perf_counter()
    response = ask(*asked)
    response.content  # noqa: B018  templates render on demand
    assert response.status_code == status, response.content
    return time.perf_counter() - start


def retention(now):
    """Return the share of a DELETE's seconds that dropping the next week takes.

    Recent weeks, the fullest ones; the seconds of the DELETE are stretched to the rows of
    the dropped week. It is followed by the VACUUM without which its space is not free, as
    it is after a drop; the rollup triggers are off. A drop is a detach, after which the
    rows are gone for everybody, and the file system's freeing of blocks, which no way to
    drop a table spares and which is in nobody's way: it is said apart, and is what a full
    week's drop takes longer than that of a week just truncated.
    """
    from django.db import connection

    from integration_health.storage.partitions import WEEK, partitions

    past = (now - timedelta(days=28)).date()
    deleted, full, empty = [each for each in partitions() if each.monday > past][:3]
    rows = count_of(full.name)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE integration_events DISABLE TRIGGER USER")
        start = time.perf_counter()
        cursor.execute(
            "DELETE FROM integration_events WHERE occurred_on >= %s AND occurred_on < %s",
            [deleted.monday, deleted.monday + WEEK],
        )
        gone = cursor.rowcount
        cursor.execute(f"VACUUM {deleted.name}")
    deleting = (time.perf_counter() - start) * rows / gone
    drop_seconds(deleted)
    dropping = drop_seconds(full)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {empty.name}")
    without_blocks = drop_seconds(empty)
    sys.stdout.write(
        f"a week of {rows:,} rows: DELETE {deleting:.3f} s, drop {dropping:.3f} s"
        f" ({dropping / deleting:.4f} of it), one without blocks {without_blocks:.3f} s\n"
    )
    return without_blocks / deleting


def drop_seconds(week):
    """Drop a week, the oldest; return how long that took."""
    from integration_health.storage.partitions import WEEK, drop_partitions_before

    drop_partitions_before(week.monday)
    start = time.perf_counter()
    assert drop_partitions_before(week.monday + WEEK) == [week.name]
    return time.perf_counter() - start


def count_of(table):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def report(millions, small, large):
    """Print a line per route; return how many miss a target."""
    missed = 0
    for name, (seconds, against_row) in large.items():
        growth = against_row / small[name][1]
        is_free = name.startswith("admin")
        sys.stdout.write(
            f"{name:22} {seconds * 1000:8.1f} ms  {against_row:6.1f} x a row"
            f"  {growth:5.2f} x at 1 M  {'(no target)' if is_free else ''}\n"
        )
        too_slow = against_row > MOST_TIMES_A_ROW or (
            millions > 1 and growth > MOST_TIMES_A_MILLION
        )
        missed += too_slow and not is_free
    return missed


def main(millions):
    """Print the ratios; return how many miss their target."""
    with database():
        from django.utils import timezone

        now = timezone.now()
        with step("checks of 400 days"):
            load_checks(now)
        load_events(1, MILLION, now)
        small = large = read_all()
        if millions > 1:
            load_events(MILLION + 1, millions * MILLION, now)
            large = read_all()
        share = retention(now)
    missed = report(millions, small, large)
    sys.stdout.write(
        f"dropping a week against DELETE, blocks apart: {share:.4f}  (at most 0.05)\n"
    )
    return missed + (share > MOST_SHARE_OF_A_DELETE)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10))
