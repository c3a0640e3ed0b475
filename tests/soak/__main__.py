"""``make soak``: kill random processes under load, many times, and count what is left.

Writers send events without pause, each batch again until it is acknowledged, while web,
worker, beat, PostgreSQL, Valkey and their children are killed with SIGKILL. At the end
every acknowledged event must be there once, and the sums must equal the rows.

``ROUNDS`` (default 200) kills; ``SEED`` repeats a run.
"""

import os
import random
import signal
import sys
import threading
import time
from contextlib import suppress
from http.client import HTTPException
from itertools import count

from tests.runtime.folders import open_folder_made
from tests.runtime.started import Start, becomes, free_port, processes_of, ready

WRITERS = 2
BATCH = 50
LONGEST_OUTAGE = 120.0
EVENTS_AND_SUMS = (
    "from integration_health.models import EventDay, IntegrationEvent as Event;"
    "from django.db.models import Sum;"
    "print(Event.objects.count(), Event.objects.values('dedup_key').distinct().count(),"
    " EventDay.objects.aggregate(sum=Sum('rows'))['sum'])"
)


class Writer(threading.Thread):
    """Sends batch after batch; one without an answer is sent again, the same keys."""

    def __init__(self, start, token, name):
        super().__init__(name=name, daemon=True)  # a failed run ends
        self.service, self.token = start, token
        self.stopping = threading.Event()
        self.acknowledged = 0
        self.repeated = 0

    def run(self):
        for number in count():
            keys = [f"{self.name}-{number}-{each}" for each in range(BATCH)]
            while not self._sent(keys):
                self.repeated += 1
                time.sleep(0.1)
            self.acknowledged += BATCH
            if self.stopping.is_set():
                return

    def _sent(self, keys):
        # A refused connection, a 503 while PostgreSQL is away, half an answer: not one.
        with suppress(OSError, HTTPException):
            return sum(self.service.send(self.token, keys)) == BATCH
        return False


def kill_any(leaders, chance):
    """Kill a process and return its id; one that ended by itself is passed over."""
    while True:
        victim = chance.choice(chance.choice([leaders, processes_of(leaders)]))
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
            return victim


def kill_one(start, chance):
    """Kill one process and return the seconds until the service is whole again.

    Half the time one of the five, else any that these have started.
    """
    leaders = start.children()
    victim = kill_any(leaders, chance)
    killed_at = time.monotonic()

    def whole():
        now = start.children()
        return len(now) == len(leaders) and victim not in now and ready(start.port)

    if not becomes(whole, within=LONGEST_OUTAGE):
        raise SystemExit(f"Not back within {LONGEST_OUTAGE:.0f} s:\n{start.said()}")
    return time.monotonic() - killed_at


def main():
    rounds = int(os.environ.get("ROUNDS", "200"))
    seed = int(os.environ.get("SEED", time.time_ns() % 1_000_000))
    chance = random.Random(seed)
    sys.stdout.write(f"{rounds} kills, SEED={seed}\n")
    with open_folder_made() as folder:
        start = Start(folder / "local", free_port()).wait_until_ready()
        try:
            return soak(start, rounds, chance)
        finally:
            start.end(signal.SIGTERM)


def soak(start, rounds, chance):
    token = start.manage("api_token", "admin", "--scopes", "ingest")
    writers = [Writer(start, token, f"writer-{each}") for each in range(WRITERS)]
    for writer in writers:
        writer.start()
    outages = []
    for _ in range(rounds):
        time.sleep(chance.uniform(0, 3))
        outages.append(kill_one(start, chance))
    for writer in writers:
        writer.stopping.set()
        writer.join()
    acknowledged = sum(writer.acknowledged for writer in writers)
    rows, keys, summed = map(
        int, start.manage("shell", "-v0", "-c", EVENTS_AND_SUMS).split()
    )
    sys.stdout.write(
        f"acknowledged {acknowledged}, stored {rows}, distinct {keys}, summed {summed}; "
        f"batches sent again {sum(writer.repeated for writer in writers)}; "
        f"back after {sorted(outages)[len(outages) // 2]:.1f} s (median), "
        f"{max(outages):.1f} s (longest)\n"
    )
    return 0 if acknowledged == rows == keys == summed else 1


if __name__ == "__main__":
    sys.exit(main())
