"""The bands, the worst signal, freshness and the whole, at every edge."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration_health.domain.status import (
    Band,
    Bands,
    Finding,
    Overall,
    Signal,
    Signals,
    is_stale,
    overall,
    worst,
    worst_finding,
)
from integration_health.enums import HealthStatus, SyncStatus

BANDS = Bands(
    error_rate=Band(Decimal("0.02"), Decimal("0.05")),
    booking_loss=Band(Decimal("0.005"), Decimal("0.015")),
)
HEALTHY, WARNING, CRITICAL = HealthStatus
RATES = st.decimals(0, 1, places=4)
SYNCS = st.none() | st.sampled_from(list(SyncStatus))


@pytest.mark.parametrize(
    ("rate", "status"),
    [
        pytest.param("0", HEALTHY),
        pytest.param("0.0199", HEALTHY),
        pytest.param("0.02", WARNING, id="the user's example of 0.02 is a warning"),
        pytest.param("0.0499", WARNING),
        pytest.param("0.05", CRITICAL),
        pytest.param("1", CRITICAL),
    ],
)
def test_error_rate_band(rate, status):
    assert BANDS.error_rate.status(Decimal(rate)) == status


@pytest.mark.parametrize(
    ("rate", "status"),
    [
        pytest.param("0.0049", HEALTHY),
        pytest.param("0.005", WARNING),
        pytest.param("0.0149", WARNING),
        pytest.param("0.015", CRITICAL),
    ],
)
def test_booking_loss_band(rate, status):
    assert BANDS.booking_loss.status(Decimal(rate)) == status


@pytest.mark.parametrize(
    ("rate", "sync"),
    [
        pytest.param("0.019", SyncStatus.OK),
        pytest.param("0.02", SyncStatus.WARNING),
        pytest.param("0.05", SyncStatus.ERROR),
    ],
)
def test_aspect_rate_gives_a_sync_status(rate, sync):
    assert BANDS.error_rate.sync_status(Decimal(rate)) == sync


@pytest.mark.parametrize(
    ("signals", "finding"),
    [
        pytest.param(Signals(), None, id="nothing known"),
        pytest.param(
            Signals(pricing=SyncStatus.OK, error_rate=Decimal("0.01")),
            Finding(Signal.ERROR_RATE, HEALTHY, Decimal("0.01"), Decimal("0.02")),
            id="the error rate speaks for health",
        ),
        pytest.param(
            Signals(pricing=SyncStatus.OK),
            Finding(Signal.PRICING, HEALTHY, sync=SyncStatus.OK),
            id="one sync alone",
        ),
        pytest.param(
            Signals(
                pricing=SyncStatus.WARNING,
                fees=SyncStatus.ERROR,
                error_rate=Decimal("0.06"),
            ),
            Finding(Signal.FEES, CRITICAL, sync=SyncStatus.ERROR),
            id="of equally bad ones the first",
        ),
        pytest.param(
            Signals(pricing=SyncStatus.WARNING, booking_loss_rate=Decimal("0.02")),
            Finding(Signal.BOOKING_LOSS, CRITICAL, Decimal("0.02"), Decimal("0.015")),
            id="the worst, wherever it stands",
        ),
        pytest.param(
            Signals(error_rate=Decimal("0.03")),
            Finding(Signal.ERROR_RATE, WARNING, Decimal("0.03"), Decimal("0.02")),
            id="with the limit it reached",
        ),
    ],
)
def test_worst_finding(signals, finding):
    assert worst_finding(signals, BANDS) == finding


@given(SYNCS, SYNCS, st.none() | RATES, st.none() | RATES)
def test_status_is_the_worst_of_the_known(pricing, fees, error_rate, booking_loss):
    of_sync = dict(zip(SyncStatus, HealthStatus, strict=True))
    known = [of_sync[sync] for sync in (pricing, fees) if sync is not None]
    if error_rate is not None:
        known.append(BANDS.error_rate.status(error_rate))
    if booking_loss is not None:
        known.append(BANDS.booking_loss.status(booking_loss))

    finding = worst_finding(Signals(pricing, fees, error_rate, booking_loss), BANDS)

    assert (finding.status if finding else None) == worst(known)


@given(RATES, RATES)
def test_a_higher_rate_is_never_healthier(one, other):
    low, high = sorted([one, other])
    statuses = [BANDS.error_rate.status(rate) for rate in (low, high)]

    assert worst(statuses) == statuses[1]


@pytest.mark.parametrize(
    ("age", "stale"),
    [
        pytest.param(timedelta(hours=48), False, id="twice the interval to the moment"),
        pytest.param(timedelta(hours=48, microseconds=1), True, id="a moment more"),
        pytest.param(timedelta(minutes=-5), False, id="a clock ahead"),
    ],
)
def test_freshness(age, stale):
    now = datetime(2026, 1, 10, tzinfo=UTC)

    assert is_stale(now - age, timedelta(hours=24), now) is stale


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        pytest.param([], Overall(None, None, 0), id="no channels"),
        pytest.param([("a", None)], Overall(None, None, 1), id="nothing known"),
        pytest.param([("a", HEALTHY)], Overall(HEALTHY, None, 0)),
        pytest.param(
            [("a", HEALTHY), ("b", None)],
            Overall(None, None, 1),
            id="healthy, but one unknown",
        ),
        pytest.param(
            [("a", None), ("b", WARNING)],
            Overall(WARNING, "b", 1),
            id="a known warning outweighs the unknown",
        ),
        pytest.param(
            [("a", WARNING), ("b", CRITICAL), ("c", CRITICAL)],
            Overall(CRITICAL, "b", 0),
            id="the first of the worst drives it",
        ),
    ],
)
def test_overall(statuses, expected):
    assert overall(statuses) == expected
