"""How fast do events come in over HTTP? As a share of raw COPY, in one run.

``python -m tests.bench.ingest``: batches of 10,000 JSON lines, fully checked, scrubbed,
made idempotent and rolled up, on as many connections as there are web workers, against
COPY of the same rows, ready made, into the same table on as many connections: once without
its triggers (the target), once with them, so that both pay for the rollups. Counted are
the rows that landed, of several batches a worker: their first ones all start in the same
moment. Then the memory of the server at a small and a large body.
"""

import gc
import json
import os
import random
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections import defaultdict
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from tests.bench.database import database

WORKERS = 2
BATCH = 10_000
BATCHES = 4 * WORKERS
ROUNDS = 3
LEAST_SHARE = 0.6
LEAST_SHARE_WITH_BAD_ROWS = 0.5
MOST_MEMORY_GROWTH = 96  # MB between a body of 1 MB and one of 60 MB
PORT = 8765

TYPES = (
    "pricing_sync_error",
    "fee_sync_error",
    "booking_loss",
    "availability_sync_error",
    "api_error",
)


def batch(name, now, bad_share=0.0, rows=BATCH):
    """Return JSON lines as a PMS would push them."""
    chance = random.Random(name)
    lines = []
    for n in range(rows):
        is_bad = chance.random() < bad_share
        event = {
            "integrationId": chance.choice(["booking-com", "airbnb", "vrbo", "hmbn"]),
            "eventType": chance.choice(TYPES),
            "severity": "urgent"
            if is_bad
            else chance.choices(["low", "medium", "high", "critical"], [5, 3, 2, 1])[0],
            "message": f"Rate push for listing {chance.randrange(10**6)} was refused "
            f"after {chance.randrange(900)} ms: upstream answered 503",
            "metadata": {
                "httpStatus": 503,
                "attempt": chance.randrange(5),
                "zone": "eu",
            },
            "occurredAt": (
                now - timedelta(seconds=chance.randrange(86_400))
            ).isoformat(),
            "dedupKey": f"{name}-{n}",
        }
        lines.append(json.dumps(event))
    return "\n".join(lines).encode()


def rows_of(body):
    """Return the same events as COPY takes them, ready made."""
    from qa_observability.lib.ids import uuid7_text

    rows = []
    for line in body.splitlines():
        event = json.loads(line)
        rows.append(
            "\t".join(
                (
                    uuid7_text(time.time_ns() // 1_000_000),
                    event["integrationId"],
                    event["eventType"],
                    event["severity"],
                    event["message"],
                    json.dumps(event["metadata"]),
                    event["occurredAt"],
                    event["occurredAt"][:10],
                    event["dedupKey"],
                    r"\\x00112233445566778899aabbccddeeff",
                    "api",
                    "bench",
                )
            )
        )
    return ("\n".join(rows) + "\n").encode()


COPY = (
    "COPY integration_events (id, integration_id, event_type, severity, message, metadata,"
    " occurred_at, occurred_on, dedup_key, fingerprint, source, actor) FROM STDIN"
)


def copy(block):
    from django.db import connection, transaction

    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy(COPY) as writer,
    ):
        writer.write(block)


def at_once(work, blocks):
    """Return the seconds that all blocks take, shared by as many threads as workers."""
    from django.db import connection

    def run(own):
        for block in own:
            work(block)
        connection.close()

    threads = [
        threading.Thread(target=run, args=[blocks[n::WORKERS]]) for n in range(WORKERS)
    ]
    gc.collect()
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - started


def raw_copy(now, name):
    blocks = [rows_of(batch(f"{name}-{n}", now)) for n in range(BATCHES)]
    return landed(lambda: at_once(copy, blocks))


@contextmanager
def no_rollups():
    """Drop the trigger of inserts meanwhile: merely disabled, it still slows COPY down."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'events_added'"
            " AND tgrelid = 'integration_events'::regclass"
        )
        (definition,) = cursor.fetchone()
        cursor.execute("DROP TRIGGER events_added ON integration_events")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(definition)


def landed(work):
    """Return rows per second that are in the table afterwards and were not before."""
    from integration_health.models import IntegrationEvent

    before = IntegrationEvent.objects.count()
    seconds = work()
    return (IntegrationEvent.objects.count() - before) / seconds


def over_http(token, now, name, bad_share=0.0):
    bodies = [batch(f"{name}-{n}", now, bad_share) for n in range(BATCHES)]
    return landed(lambda: at_once(lambda body: post(token, body), bodies))


def post(token, body):
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}/api/v1/integrations/events",
        data=body,
        headers={
            "Authorization": f"Token {token}",
            "Content-Type": "application/x-ndjson",
        },
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


@contextmanager
def server():
    """Run the web server as `make run` does, on the bench's database."""
    from django.db import connection

    address, _slash, _name = os.environ["DATABASE_URL"].rpartition("/")
    url = f"{address}/{connection.settings_dict['NAME']}"
    child = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
            *("--host", "127.0.0.1", "--port", str(PORT)),
            *("--workers", str(WORKERS), "--blocking-threads", "4"),
            "qa_observability.wsgi:application",
        ],
        env=os.environ | {"DATABASE_URL": url, "LOG_LEVEL": "ERROR"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz")
                break
            except OSError:
                time.sleep(0.2)
        yield child
    finally:
        child.terminate()
        child.wait(30)


def token_of_a_pipeline(now):
    from django.contrib.auth.models import Permission, User

    from qa_observability.tokens import issue_token

    user = User.objects.create_user("pipeline")
    user.user_permissions.set(Permission.objects.filter(codename="ingest_events"))
    return issue_token(user, ["ingest"], name="bench", by=None, now=now).key


def peak_memory(child):
    """Return the largest memory any process of the server ever held, in MB."""
    peaks = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:
            continue
        if f"PPid:\t{child.pid}\n" in text and "VmHWM" in text:
            peaks.append(int(text.split("VmHWM:")[1].split()[0]) // 1024)
    return max(peaks, default=0)


def measure(now):
    """Return rows per second by what sent them, per round, and two peaks of memory."""
    from integration_health.refresh.retention import make_partitions

    make_partitions(now)
    token = token_of_a_pipeline(now)
    rates = defaultdict(list)
    with server() as child:
        post(token, batch("warm", now, rows=100))
        for n in range(ROUNDS):
            with no_rollups():
                rates["raw COPY"].append(raw_copy(now, f"raw-{n}"))
            rates["COPY with rollups"].append(raw_copy(now, f"counted-{n}"))
            rates["over HTTP"].append(over_http(token, now, f"http-{n}"))
            rates["over HTTP, 1 % bad"].append(
                over_http(token, now, f"bad-{n}", bad_share=0.01)
            )
        small = peak_memory(child)
        post(token, batch("large", now, rows=180_000))
        return rates, small, peak_memory(child)


def share(rates, one, other):
    """Return the median of the rounds' ratios: a busy moment meets both."""
    pairs = zip(rates[one], rates[other], strict=True)
    return statistics.median(sent / raw for sent, raw in pairs)


def main():
    """Print the ratios; return how many miss their target."""
    with database():
        from django.utils import timezone

        rates, small, large = measure(timezone.now())
    for name, found in rates.items():
        sys.stdout.write(f"{name:28} {statistics.median(found):8,.0f} rows/s\n")
    sys.stdout.write(f"peak memory {small} MB, with a body of 60 MB {large} MB\n")
    missed = 0
    for sent, raw, least in (
        ("over HTTP", "raw COPY", LEAST_SHARE),
        ("over HTTP, 1 % bad", "raw COPY", LEAST_SHARE_WITH_BAD_ROWS),
        ("over HTTP", "COPY with rollups", None),
    ):
        found = share(rates, sent, raw)
        target = "no target" if least is None else f"at least {least}"
        sys.stdout.write(f"{sent} against {raw}: {found:.2f} ({target})\n")
        missed += least is not None and found < least
    growth = large - small
    sys.stdout.write(
        f"memory at 60 MB: {growth} MB more (at most {MOST_MEMORY_GROWTH})\n"
    )
    return missed + (growth > MOST_MEMORY_GROWTH)


if __name__ == "__main__":
    sys.exit(main())
