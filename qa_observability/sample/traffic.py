"""What would Splunk export of the story? One file a fortnight, JSON lines in 5-minute steps."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random

from qa_observability.lib.periods import ONE_DAY
from qa_observability.sample.story import BIN, SATURDAY, SEED, Story, floor

FORTNIGHT = 14 * ONE_DAY
NOISE = 0.02  # share of quiet steps in which one request fails


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint: whose it is, what it concerns, how often it is called.

    ``every`` is a whole number of 5-minute steps; ``requests`` the mean of one call.
    """

    channel: str
    aspect: str
    path: str
    every: int
    requests: int


def _of(channel: str, token: str, size: int) -> tuple[Route, ...]:
    base = f"/v9/chan-hub/{token}"
    return (
        Route(channel, "pricing", f"{base}/rate-push?listing=10001", 12, 12 * size),
        Route(channel, "fees", f"{base}/fee-sync", 12, 10 * size),
        Route(channel, "booking", f"{base}/reservation-ack", 12, 4 * size),
        Route(channel, "availability", f"{base}/calendar-push", 12, 8 * size),
    )


ROUTES = (
    *_of("booking-com", "bookingdotcom", 12),
    *_of("airbnb", "airbnb", 10),
    *_of("vrbo", "homeaway", 7),
    Route("google", "availability", "/v9/chan-hub/google/availability-query", 12, 300),
    Route("", "other", "/v9/guest-notes/3f2bdc9a-77aa-4c11-9c55-0a1b2c3d4e5f", 36, 5),
)


@dataclass(frozen=True, slots=True)
class Export:
    """One exported file: its name, its window, its bytes."""

    name: str
    start: datetime
    end: datetime
    content: bytes


def exports(story: Story) -> Iterator[Export]:
    """Yield a Splunk export per fortnight, oldest first; the last one ends with the story."""
    random = Random(SEED + 1)
    start = story.start
    while start < story.end:
        end = min(start + FORTNIGHT, story.end)
        rows = list(_rows(story, random, start, end))
        yield Export(
            f"endpoint-stats-5m-{start:%Y-%m-%d}.json", start, end, _json_lines(rows)
        )
        start = end


def _rows(
    story: Story, random: Random, start: datetime, end: datetime
) -> Iterator[dict[str, str]]:
    """Yield what the search prints; nothing for a step in which nobody called.

    While a route fails, the PMS retries in every step.
    """
    failing = failing_steps(story)
    for step in range((end - start) // BIN):
        moment = start + step * BIN
        for route in ROUTES:
            ratio = failing.get((route.channel, route.aspect, moment))
            if ratio is not None or step % route.every == 0:
                yield _row(random, route, moment, ratio)


def failing_steps(story: Story) -> dict[tuple[str, str, datetime], float]:
    """Return the error ratio of every failing (channel, aspect, 5-minute step)."""
    failing = {}
    for episode in story.episodes:
        moment = floor(episode.start, BIN)
        while moment < episode.end:
            failing[episode.channel, episode.aspect, moment] = episode.error_ratio
            moment += BIN
    moment = story.maintenance_start
    while moment < story.end:
        if story.in_maintenance(moment):
            for aspect in ("pricing", "fees", "booking", "availability"):
                failing["vrbo", aspect, moment] = 0.95
        moment += BIN
    return failing


def _row(
    random: Random, route: Route, moment: datetime, ratio: float | None
) -> dict[str, str]:
    requests = max(
        1, round(route.requests * _rhythm(moment) * random.uniform(0.7, 1.3))
    )
    if ratio is None:
        noisy = route.aspect != "booking" and random.random() < NOISE
        return _stats(route, moment, requests, int(noisy))
    errors = max(3, round(requests * ratio))
    return _stats(route, moment, max(requests, errors), errors)


def _rhythm(moment: datetime) -> float:
    """Return the day's rhythm: 0.4 at night, 1.6 in the afternoon; weekends quieter."""
    hour = moment.hour + moment.minute / 60
    weekend = 0.8 if moment.weekday() >= SATURDAY else 1.0
    return weekend * (1 - 0.6 * math.cos((hour - 3) / 24 * 2 * math.pi))


def _stats(
    route: Route, moment: datetime, requests: int, errors: int
) -> dict[str, str]:
    server = errors if route.aspect == "booking" else errors // 3
    return {
        "_time": f"{moment:%Y-%m-%d %H:%M:%S}.000 UTC",
        "endpoint": route.path,
        "total_requests": str(requests),
        "total_errors": str(errors),
        "client_errors_4xx": str(errors - server),
        "server_errors_5xx": str(server),
        "keyword_errors": "0",
        "unique_clients": "0",
        "error_rate": f"{100 * errors / requests:.2f}",
    }


def _json_lines(rows: list[dict[str, str]]) -> bytes:
    lines = []
    for number, row in enumerate(rows, start=1):
        line: dict[str, object] = {"preview": False}
        if number == len(rows):
            line["lastrow"] = True
        lines.append(json.dumps(line | {"result": row}, separators=(",", ":")))
    return ("\n".join(lines) + "\n").encode()
