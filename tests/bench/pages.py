"""What does the overview cost? Processor, queries, bytes, and how soon it is painted.

``python -m tests.bench.pages [MILLIONS]``: on the sample quarter, and then with MILLIONS
(default 10) of events and a year of hourly checks. The processor's time is this process's,
of a lead's whole request: once while nothing changed, once after each change of the data.
Bytes and painting are headless Chromium's, of a first visit to a server on loopback whose
static files are those of a release; without Chromium (``CHROMIUM`` names it) they are
left out, and said to be.
"""

import os
import statistics
import sys
import time
from contextlib import contextmanager

from tests.bench.database import database
from tests.bench.health import MILLION, load_checks, load_events
from tests.bench.revenue import fail_once_more
from tests.browser.conftest import FLAGS, found_browser, sign_in
from tests.browser.server import PEOPLE, manage, serving

PAGE = "/dashboard"
REQUESTS = 60
VISITS = 10
MOST_MILLISECONDS = 60
MOST_QUERIES = 30
MOST_BYTES = 120_000
MOST_SECONDS_TO_PAINT = 0.5

PAINTED = """() => new Promise(resolve => new PerformanceObserver(list =>
    resolve(list.getEntries().at(-1).startTime / 1000)
).observe({type: "largest-contentful-paint", buffered: true}))"""


def client_of_a_lead():
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client(SERVER_NAME="localhost", headers={"Accept-Encoding": "gzip"})
    client.force_login(User.objects.get(username="lead"))
    return client


def processor(client, before):
    """Return the 95th percentile of the milliseconds of this process's processor."""
    times = []
    for _ in range(REQUESTS):
        before()
        start = time.process_time()
        assert client.get(PAGE).status_code == 200
        times.append((time.process_time() - start) * 1000)
    return statistics.quantiles(times, n=20)[-1]


def queries(client):
    """Return how often a request asks the database, after a change of the data."""
    from django.db import connection

    asked = []

    def count(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    fail_once_more()
    with connection.execute_wrapper(count):
        client.get(PAGE)
    return len(asked)


@contextmanager
def served():
    """Serve this process's database as a release would; yield the address."""
    from django.db import connection

    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    environment = os.environ | {
        "DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}",
        "DJANGO_SETTINGS_MODULE": "tests.browser.served_settings",
    }
    manage(environment, "collectstatic", "--no-input", "--verbosity=0")
    with serving(environment) as address:
        yield address


def first_visits(program):
    """Return the most bytes of a first visit, and the 95th percentile until painted."""
    from playwright.sync_api import sync_playwright

    sizes, paints = [], []
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        first = browser.new_context()
        sign_in(first.new_page(), address, "lead")
        for _ in range(VISITS):
            context = browser.new_context(storage_state=first.storage_state())
            page = context.new_page()
            received = []
            network = context.new_cdp_session(page)
            network.send("Network.enable")
            network.on(
                "Network.loadingFinished",
                lambda done, received=received: received.append(
                    done["encodedDataLength"]
                ),
            )
            page.goto(f"{address}{PAGE}", wait_until="networkidle")
            paints.append(page.evaluate(PAINTED))
            sizes.append(sum(received))
            context.close()
        browser.close()
    return max(sizes), statistics.quantiles(paints, n=20, method="inclusive")[-1]


def measured(world):
    """Print what the page costs in this world; return how many targets it misses."""
    client = client_of_a_lead()
    client.get(PAGE)
    rows = [
        (
            "p95 processor, nothing changed, ms",
            processor(client, lambda: None),
            MOST_MILLISECONDS,
        ),
        (
            "p95 processor, data changed, ms",
            processor(client, fail_once_more),
            MOST_MILLISECONDS,
        ),
        ("queries, data changed", queries(client), MOST_QUERIES),
    ]
    program = found_browser()
    if program is None:
        sys.stdout.write("no Chromium: bytes and painting not measured\n")
    else:
        size, paint = first_visits(program)
        rows += [
            ("bytes of a first visit", size, MOST_BYTES),
            ("p95 until painted, s", paint, MOST_SECONDS_TO_PAINT),
        ]
    for name, found, most in rows:
        sys.stdout.write(f"{world}: {name:36} {found:10.2f}  (at most {most})\n")
    return sum(found > most for _name, found, most in rows)


def main(millions):
    """Print the figures; return how many miss their target."""
    with database():
        from django.core.management import call_command
        from django.utils import timezone

        call_command("shell", command=PEOPLE, no_imports=True, verbosity=0)
        call_command("load_sample", verbosity=0)
        missed = measured("sample quarter")
        call_command("purge_sample", verbosity=0)
        now = timezone.now()
        load_checks(now)
        load_events(1, millions * MILLION, now)
        missed += measured(f"{millions} M events")
    return missed


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10))
