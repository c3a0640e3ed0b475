"""Many at once: 50 people on pages, 10 API clients, 120 events a second, jobs running.

The service runs as ``make run`` starts it, with the sample quarter, on this machine, which
also plays everybody. People look at the next page every 60 seconds, clients ask the next
question every second, and two writers send a batch every second. 120 events a second is
a thousand times the stated daily load.

``DURATION`` seconds, 300 by default. Fails on any error, on p95 of reads of 500 ms or more,
on an acknowledged event that is not stored once, and on memory that grows by more than 15 %
from the first third to the last.
"""

import os
import random
import signal
import statistics
import sys
import threading
import time
from http.client import HTTPConnection, HTTPException
from http.cookiejar import CookieJar
from itertools import count, cycle
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from tests.runtime.folders import open_folder_made
from tests.runtime.started import (
    MAKE_SAMPLE_REAL,
    UP,
    Start,
    free_port,
    processes_of,
)

PEOPLE, PAGE_EVERY = 50, 60.0
CLIENTS, ASK_EVERY = 10, 1.0
WRITERS, BATCH, SEND_EVERY = 2, 60, 1.0
P95_SECONDS = 0.5
GROWTH = 1.15
PAGES = (
    "/dashboard",
    "/dashboard/integrations/airbnb",
    "/dashboard/revenue/impact",
    "/dashboard/correlation/test-integration",
    "/dashboard/incidents",
    "/dashboard/reports",
)
QUESTIONS = tuple(
    f"/api/v1/{path}"
    for path in (
        "integrations/health?period=30d",
        "integrations/health/airbnb?period=7d",
        "integrations/health/vrbo/events",
        "integrations/incidents",
        "revenue/impact?period=30d",
        "correlation/test-integration?period=30d",
        "alerts",
    )
)
ROWS = (
    "from integration_health.models import IntegrationEvent as Event;"
    "rows = Event.objects.filter(message__startswith='load-');"
    "print(rows.count(), rows.values('dedup_key').distinct().count())"
)


class Player(threading.Thread):
    """Asks one address after the other, each in its time; notes how long it waited."""

    def __init__(self, port, headers, addresses, every, stop):
        super().__init__(daemon=True)
        self.port, self.headers, self.stop = port, headers, stop
        self.addresses, self.every = cycle(addresses), every
        self.waited: list[float] = []
        self.errors: list[str] = []

    def run(self):
        self.stop.wait(random.uniform(0, self.every))
        for number in count():
            due = time.monotonic() + self.every
            if self.stop.is_set():
                return
            self.ask(next(self.addresses), number)
            self.stop.wait(max(0.0, due - time.monotonic()))

    def ask(self, address, number):
        started = time.monotonic()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", address, headers=self.headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, HTTPException) as failure:
            self.errors.append(f"{address} {type(failure).__name__}")
        else:
            if answer.status != 200:
                self.errors.append(f"{address} {answer.status}")
        finally:
            connection.close()
        self.waited.append(time.monotonic() - started)


class Writer(Player):
    """Sends a batch of events each time; counts what was acknowledged."""

    def __init__(self, start, token, name, stop):
        super().__init__(start.port, {}, ("events",), SEND_EVERY, stop)
        self.service, self.token, self.mark = start, token, name
        self.acknowledged = 0

    def ask(self, address, number):
        started = time.monotonic()
        keys = [f"load-{self.mark}-{number}-{each}" for each in range(BATCH)]
        try:
            accepted, _known = self.service.send(self.token, keys)
            self.acknowledged += accepted
        except OSError as failure:
            self.errors.append(f"events {failure}")
        self.waited.append(time.monotonic() - started)


def cookie_of(start):
    """Sign in as a person does; return the cookie that all of them share."""
    jar = CookieJar()
    browser = build_opener(HTTPCookieProcessor(jar))
    address = f"http://127.0.0.1:{start.port}/sign-in"
    browser.open(address, timeout=30).read()
    token = next(cookie.value for cookie in jar if cookie.name == "csrftoken")
    fields = {
        "username": "admin",
        "password": start.path("admin-password").read_text().strip(),
        "csrfmiddlewaretoken": token,
    }
    browser.open(address, urlencode(fields).encode(), timeout=30).read()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def memory_of(leaders):
    """Resident MiB of all our processes, shared pages counted once by their share."""
    total = 0
    for pid in processes_of(leaders):
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue  # another account's, or just ended
        total += next(
            int(line.split()[1]) for line in text.splitlines() if line[:4] == "Pss:"
        )
    return total / 1024


def watched(leaders, seconds):
    """Return the memory every five seconds."""
    until, seen = time.monotonic() + seconds, []
    while time.monotonic() < until:
        seen.append(memory_of(leaders))
        time.sleep(5)
    return seen


def p95(seconds):
    return statistics.quantiles(seconds, n=20)[-1] if len(seconds) > 1 else 0.0


def main():
    seconds = float(os.environ.get("DURATION", "300"))
    with open_folder_made() as folder:
        command = ["env", "THROTTLE_RATE=1000000/min", *UP]
        start = Start(folder / "local", free_port(), command)
        try:
            return load(start.wait_until_ready(), seconds)
        finally:
            start.end(signal.SIGTERM)


def load(start, seconds):
    start.manage("load_sample")
    start.manage("shell", "-v0", "-c", MAKE_SAMPLE_REAL)
    stop = threading.Event()
    cookie = {"Cookie": cookie_of(start), "Accept-Encoding": "gzip"}
    key = {"Authorization": f"Token {start.manage('api_token', 'admin')}"}
    ingest = start.manage("api_token", "admin", "--scopes", "ingest")

    def shifted(addresses, by):
        by %= len(addresses)
        return addresses[by:] + addresses[:by]

    people = [
        Player(start.port, cookie, shifted(PAGES, each), PAGE_EVERY, stop)
        for each in range(PEOPLE)
    ]
    clients = [
        Player(start.port, key, shifted(QUESTIONS, each), ASK_EVERY, stop)
        for each in range(CLIENTS)
    ]
    writers = [Writer(start, ingest, str(each), stop) for each in range(WRITERS)]
    everyone = [*people, *clients, *writers]
    for player in everyone:
        player.start()
    memory = watched(start.children(), seconds)
    stop.set()
    for player in everyone:
        player.join()
    stored = tuple(map(int, start.manage("shell", "-v0", "-c", ROWS).split()))
    return told(people, clients, writers, memory, stored)


def told(people, clients, writers, memory, stored):
    """Print what was seen; return 1 when a target was missed."""
    missed = []
    for name, players in (("pages", people), ("API", clients), ("batches", writers)):
        waited = [each for player in players for each in player.waited]
        sys.stdout.write(
            f"{name}: {len(waited)}, median {statistics.median(waited):.3f} s, "
            f"p95 {p95(waited):.3f} s, longest {max(waited):.3f} s\n"
        )
        if players is not writers and p95(waited) >= P95_SECONDS:
            missed.append(f"p95 of {name}")
    errors = [
        each for player in [*people, *clients, *writers] for each in player.errors
    ]
    acknowledged = sum(writer.acknowledged for writer in writers)
    third = max(1, len(memory) // 3)
    growth = statistics.mean(memory[-third:]) / statistics.mean(memory[:third])
    sys.stdout.write(
        f"errors {len(errors)} {sorted(set(errors))[:5]}; acknowledged {acknowledged}, "
        f"stored {stored[0]}, distinct {stored[1]}; memory {memory[0]:.0f} to "
        f"{memory[-1]:.0f} MiB, last third {growth:.2f} x the first; "
        f"load average {os.getloadavg()[0]:.1f}\n"
    )
    missed += ["errors"] if errors else []
    missed += ["count"] if not acknowledged == stored[0] == stored[1] else []
    missed += ["memory"] if growth > GROWTH else []
    sys.stdout.write(f"missed: {', '.join(missed) or 'nothing'}\n")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
