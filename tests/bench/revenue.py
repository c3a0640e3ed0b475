"""How fast is money? Ratios against one row read through the same stack, in one run.

``python -m tests.bench.revenue [MILLIONS]``: impact of 30 days with 50 integrations, at
one million raw events and then at MILLIONS (default 10).
"""

import statistics
import sys
import time
from datetime import timedelta
from types import ModuleType

from tests.bench.database import database

INTEGRATIONS = 50
DAYS = 90
REQUESTS = 60
MOST_TIMES_A_ROW = 30
MOST_TIMES_A_MILLION = 1.2
MOST_SECONDS_TO_CALCULATE = 0.1  # the user's limit
MOST_CALCULATIONS_A_ROW = 5  # an order below it wherever one row takes 3 ms
MILLION = 1_000_000


def load_channels(now):
    """Fill integrations, assumptions, and the daily counts and rates of ninety days."""
    from django.db import connection

    from revenue.configure import Authorship, put_configuration
    from revenue.domain.document import Configuration, ConfigurationChange
    from tests.revenue.builders import values

    today = now.date()
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO integrations (slug, name, position, enabled,
                error_rate_warning, error_rate_critical, booking_loss_warning,
                booking_loss_critical, expected_interval, created_at, updated_at)
            SELECT 'channel-' || n, 'Channel ' || n, n, true, 0.02, 0.05, 0.005, 0.015,
                interval '24 hours', now(), now() FROM generate_series(5, %s) n""",
            [INTEGRATIONS],
        )
        cursor.execute(
            """INSERT INTO integration_event_days
                (integration_id, day, event_type, severity, rows, occurrences, failures)
            SELECT slug, %s::date - ago, type, severity, 300, 300, 1 + (ago * 7) %% 40
            FROM integrations, generate_series(0, %s) ago,
                unnest(array['pricing_sync_error', 'fee_sync_error', 'booking_loss',
                    'availability_sync_error', 'api_error']) type,
                unnest(array['medium', 'high']) severity""",
            [today, DAYS - 1],
        )
        cursor.execute(
            """INSERT INTO integration_health_days
                (integration_id, day, snapshots, covered_seconds, error_rate_seconds,
                    booking_loss_rate, booking_loss_seconds, pricing_seconds,
                    fees_seconds)
            SELECT slug, %s::date - ago, 24, 86400, 0, 0.0123, 86400, 0, 0
            FROM integrations, generate_series(0, %s) ago""",
            [today, DAYS - 1],
        )
    slugs = ["airbnb", *(f"channel-{n}" for n in range(5, INTEGRATIONS + 1))]
    document = Configuration(
        values("250.00", "0.05"),
        {slug: values("300.00", "0.07", "40") for slug in slugs},
    )
    change = ConfigurationChange(document, today - timedelta(days=400))
    put_configuration(change, Authorship(None, "bench", now))


def load_events(first, last, now):
    """Add raw events ``first`` to ``last``; the counts above already stand for them."""
    from django.db import connection

    from integration_health.storage.partitions import ensure_partitions

    today = now.date()
    ensure_partitions(today - timedelta(days=ago) for ago in range(DAYS))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no triggers
        cursor.execute(
            """INSERT INTO integration_events (id, integration_id, event_type, severity,
                message, metadata, occurred_at, occurred_on, occurrences, dedup_key,
                fingerprint, in_maintenance, source, actor)
            SELECT gen_random_uuid(), 'airbnb', 'pricing_sync_error', 'high', '', '{}',
                (%s::date - n %% %s) + time '06:00', %s::date - n %% %s, 1, n::text,
                '', false, 'api', '' FROM generate_series(%s, %s) n""",
            [today, DAYS, today, DAYS, first, last],
        )
        cursor.execute("SET session_replication_role = origin")
        # Else the server does so by itself, while the requests are measured.
        cursor.execute("VACUUM (ANALYZE)")


def answered(client, path):
    """Return a request's seconds, in this process: by the clock and by the processor."""
    start, worked = time.perf_counter(), time.process_time()
    response = client.get(path)
    found = time.perf_counter() - start, time.process_time() - worked
    assert response.status_code == 200, response.content
    return found


def measured(client):
    """Return the 95th percentiles of one row, of impact, and of impact after a change.

    One after the other in every round, so that whatever else the machine does slows all
    three. The last is the median of one row's processor seconds.
    """
    rounds = []
    for _ in range(REQUESTS):
        row = answered(client, "/api/v1/one-row")
        kept = answered(client, "/api/v1/revenue/impact")
        fail_once_more()
        changed = answered(client, "/api/v1/revenue/impact")
        rounds.append((row[0], kept[0], changed[0], row[1]))
    *clocks, processor = zip(*rounds, strict=True)
    slowest = [statistics.quantiles(times, n=20)[-1] for times in clocks]
    return *slowest, statistics.median(processor)


def calculation(now, integration_id=None):
    """Return the processor's seconds for the calculation alone, sources in hand."""
    from qa_observability.lib.periods import Period, Window
    from revenue.reports.impact import build_impact
    from revenue.reports.sources import read_sources

    period = Period.MONTH
    previous = period.previous(ending=now)
    sources = read_sources(Window(previous.start, now), integration_id)
    times = []
    for _ in range(10):
        start = time.process_time()
        build_impact(sources, period=period, now=now, integration_id=integration_id)
        times.append(time.process_time() - start)
    return statistics.median(times)


def fail_once_more():
    """Change the data, so that the next request calculates."""
    from django.db.models import F

    from integration_health.models import EventDay

    EventDay.objects.filter(integration="airbnb").update(failures=F("failures") + 1)


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


def client_of_a_lead():
    from django.contrib.auth.models import Permission, User
    from django.test import Client

    user = User.objects.create_user("leo")
    user.user_permissions.set(Permission.objects.filter(codename="view_money"))
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


def main(millions):
    """Print the ratios; return how many miss their target."""
    with database():
        from django.test.utils import override_settings
        from django.utils import timezone

        now = timezone.now()
        load_channels(now)
        load_events(1, MILLION, now)
        client = client_of_a_lead()
        with override_settings(ROOT_URLCONF=routes()):
            first_row, small, _changed, _worked = measured(client)
            load_events(MILLION + 1, millions * MILLION, now)
            one_row, large, changed, worked = measured(client)
        alone, single = calculation(now), calculation(now, "airbnb")
    rows = [
        ("impact against one row", large / one_row, MOST_TIMES_A_ROW),
        ("after a change, against one row", changed / one_row, MOST_TIMES_A_ROW),
        (
            f"at {millions} M against 1 M",
            (large / one_row) / (small / first_row),
            MOST_TIMES_A_MILLION,
        ),
        ("calculation, 50 channels, s", alone, MOST_SECONDS_TO_CALCULATE),
        ("calculation against one row", alone / worked, MOST_CALCULATIONS_A_ROW),
        ("calculation, one channel, s", single, MOST_SECONDS_TO_CALCULATE / 10),
    ]
    sys.stdout.write(
        f"p95: one row {one_row:.4f} s, impact {large:.4f} s, "
        f"after a change of data {changed:.4f} s\n"
    )
    for name, found, most in rows:
        sys.stdout.write(f"{name:32} {found:8.3f}  (at most {most})\n")
    return sum(found > most for _name, found, most in rows)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10))
