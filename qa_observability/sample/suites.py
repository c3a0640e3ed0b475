"""What would the test suites report? JSON lines of the smoke runs, JUnit of the nights."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from xml.sax.saxutils import quoteattr

from qa_observability.lib.periods import ONE_DAY
from qa_observability.sample.story import SATURDAY, SEED, SMOKE_EVERY, Story

SMOKE_SOURCE = "smoke"
NIGHTLY_SOURCE = "nightly"
NIGHT_HOUR = timedelta(hours=2, minutes=15)
FIRST_HOUR, LAST_HOUR = 6, 22  # of the smoke suite, UTC
FLICKER = 0.08  # share of smoke runs in which the flaky test fails

NIGHTLY = tuple(
    (f"suites.{area}.{module}", name)
    for area, module, names in (
        ("pricing", "test_rate_plans", ("weekend_rate", "long_stay_discount")),
        ("pricing", "test_currency", ("brl_to_usd", "eur_to_usd", "rounding")),
        ("pricing", "test_min_stay", ("min_stay_pushed", "min_stay_removed")),
        ("fees", "test_cleaning_fee", ("per_stay", "per_night", "waived")),
        ("fees", "test_taxes", ("city_tax", "vat_included", "tax_exempt_guest")),
        ("fees", "test_pets", ("pet_fee_added",)),
        ("booking", "test_create", ("instant", "request", "with_promotion")),
        ("booking", "test_modify", ("dates_changed", "guests_changed")),
        ("booking", "test_cancel", ("free", "with_penalty", "by_channel")),
        ("calendar", "test_blocks", ("owner_block", "overlap_refused")),
        ("calendar", "test_ical", ("imported", "exported")),
        ("content", "test_photos", ("order_kept", "caption_pushed")),
    )
    for name in names
)


@dataclass(frozen=True, slots=True)
class SmokeTest:
    """One test of the half-hourly suite and the channel it declares, if any."""

    id: str
    name: str
    integration: str | None


SMOKE = (
    SmokeTest("smoke/airbnb-cleaning-fee", "Airbnb: cleaning fee arrives", "airbnb"),
    SmokeTest("smoke/airbnb-calendar", "Airbnb: calendar push is accepted", "airbnb"),
    SmokeTest("smoke/airbnb-quote", "Airbnb: quote matches the PMS", "airbnb"),
    SmokeTest("smoke/booking-rate-parity", "Booking.com: rate parity", "booking-com"),
    SmokeTest("smoke/booking-ari", "Booking.com: availability push", "booking-com"),
    SmokeTest("smoke/vrbo-reservation", "Vrbo: reservation is acknowledged", "vrbo"),
    SmokeTest("smoke/vrbo-content", "Vrbo: content sync", "vrbo"),
    SmokeTest("smoke/hmbn-content", "HMBN: content sync", "hmbn"),
    SmokeTest("smoke/guest-portal", "Guest portal: booking flow", None),
    SmokeTest("smoke/payment-sandbox", "Payments: sandbox charge", None),
    SmokeTest("smoke/legacy-report", "Legacy owner report opens", None),
    SmokeTest("smoke/mail-confirmation", "Mail: confirmation is sent", None),
)


def smoke_lines(story: Story) -> Iterator[bytes]:
    """Yield a week of JSON lines at a time, as the runner would push them.

    The suite runs every half hour of the day and rests at night.
    """
    random = Random(SEED + 2)
    red = _red_rules(story, random)
    week: list[str] = []
    run = story.start
    while run < story.end:
        if FIRST_HOUR <= run.hour < LAST_HOUR:
            week += [_smoke_line(test, run, red) for test in SMOKE]
        run += SMOKE_EVERY
        if (run - story.start) % (7 * ONE_DAY) == timedelta():
            yield "\n".join(week).encode()
            week = []
    if week:
        yield "\n".join(week).encode()


def _smoke_line(
    test: SmokeTest, run: datetime, red: dict[str, Callable[[datetime], bool]]
) -> str:
    executed_at = run + timedelta(seconds=4 * SMOKE.index(test))
    failed = test.id in red and red[test.id](run)
    line = {
        "testCaseId": test.id,
        "testCaseName": test.name,
        "status": "failed" if failed else "passed",
        "executedAt": executed_at.isoformat().replace("+00:00", "Z"),
        "runId": f"smoke-{run:%Y%m%d-%H%M}",
        "source": SMOKE_SOURCE,
        "durationMs": 900 + 137 * SMOKE.index(test),
    }
    if test.integration:
        line["integrationId"] = test.integration
    return json.dumps(line, separators=(",", ":"))


def _red_rules(story: Story, random: Random) -> dict[str, Callable[[datetime], bool]]:
    """Return when each test that ever fails is red.

    The precursors turn red a while before their channel and stay so until it recovers;
    the mail test lags behind Vrbo's lost bookings; one test flickers, one is always red.
    """
    runs = (story.end - story.start) // SMOKE_EVERY + 1
    flickers = {
        story.start + number * SMOKE_EVERY
        for number in range(runs)
        if random.random() < FLICKER
    }
    vrbo = [e for e in story.episodes if (e.channel, e.aspect) == ("vrbo", "booking")]
    return {
        "smoke/airbnb-cleaning-fee": _from_warning_on(
            story, "airbnb", story.fee_warnings
        ),
        "smoke/booking-rate-parity": _from_warning_on(
            story, "booking-com", story.price_warnings
        ),
        "smoke/mail-confirmation": lambda run: any(
            timedelta(minutes=20) <= run - e.start < timedelta(minutes=80) for e in vrbo
        ),
        "smoke/vrbo-reservation": lambda run: any(
            e.start - timedelta(minutes=1) <= run < e.end for e in vrbo
        ),
        "smoke/guest-portal": lambda run: run in flickers,
        "smoke/legacy-report": lambda _run: True,
    }


def _from_warning_on(
    story: Story, channel: str, warnings: tuple[datetime, ...]
) -> Callable[[datetime], bool]:
    """Return a rule: red from a warning until the episode it announces ends."""
    spans = []
    for warning in warnings:
        ends = [
            episode.end
            for episode in story.episodes
            if episode.channel == channel
            and timedelta() <= episode.start - warning <= timedelta(hours=1)
        ]
        spans.append((warning, max(ends, default=warning + SMOKE_EVERY)))
    return lambda run: any(start <= run < end for start, end in spans)


@dataclass(frozen=True, slots=True)
class NightlyReport:
    """One night's JUnit file."""

    run_id: str
    name: str
    content: bytes


def nightly_reports(story: Story) -> Iterator[NightlyReport]:
    """Yield a JUnit report per working night, oldest first; cases fail now and then."""
    random = Random(SEED + 3)
    night = story.start + NIGHT_HOUR
    while night < story.end:
        if night.weekday() < SATURDAY:
            yield NightlyReport(
                run_id=f"nightly-{night:%Y%m%d}",
                name=f"junit-{night:%Y-%m-%d}.xml",
                content=_junit(random, night),
            )
        night += ONE_DAY


def _junit(random: Random, night: datetime) -> bytes:
    cases = []
    for classname, name in NIGHTLY:
        failed = random.random() < (0.12 if name == "brl_to_usd" else 0.01)
        body = '<failure message="assert 1 == 2"/>' if failed else ""
        cases.append(
            f"<testcase classname={quoteattr(classname)} name={quoteattr(name)}"
            f' time="{random.uniform(0.2, 9):.3f}">{body}</testcase>'
        )
    failures = sum("<failure" in case for case in cases)
    return (
        "<?xml version='1.0' encoding='utf-8'?>\n<testsuites>"
        f'<testsuite name="pytest" tests="{len(cases)}" failures="{failures}"'
        f' errors="0" skipped="0" timestamp="{night.isoformat()}">'
        f"{''.join(cases)}</testsuite></testsuites>\n"
    ).encode()
