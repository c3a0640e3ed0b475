from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration_health.domain.status import Band, Bands
from integration_health.domain.traffic import (
    Traffic,
    TrafficSignals,
    ratio,
    severity_of,
    signals_of,
)
from integration_health.enums import Aspect, Severity, SyncStatus

BAND = Band(Decimal("0.02"), Decimal("0.05"))
BANDS = Bands(error_rate=BAND, booking_loss=Band(Decimal("0.005"), Decimal("0.015")))


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (0, 0, None),
        (0, 7, Decimal("0.0000")),
        (7, 7, Decimal("1.0000")),
        (1, 20_000, Decimal("0.0001")),
        (1, 20_001, Decimal("0.0000")),
    ],
)
def test_a_ratio_is_rounded_half_up_to_four_decimals(part, whole, expected):
    assert ratio(part, whole) == expected


def test_no_traffic_says_nothing():
    assert signals_of({}, BANDS) == TrafficSignals(*[None] * 8)


def test_each_aspect_gives_its_rate_and_booking_loss_counts_5xx():
    signals = signals_of(
        {
            Aspect.PRICING: Traffic(100, 2, 0),
            Aspect.FEES: Traffic(100, 5, 5),
            Aspect.BOOKING: Traffic(200, 10, 3),
            Aspect.AVAILABILITY: Traffic(0, 0),
            Aspect.OTHER: Traffic(600, 3),
        },
        BANDS,
    )

    assert signals == TrafficSignals(
        error_rate=Decimal("0.0200"),
        pricing_error_rate=Decimal("0.0200"),
        fees_error_rate=Decimal("0.0500"),
        booking_error_rate=Decimal("0.0500"),
        availability_error_rate=None,
        booking_loss_rate=Decimal("0.0150"),
        pricing_sync_status=SyncStatus.WARNING,
        fees_sync_status=SyncStatus.ERROR,
    )


@pytest.mark.parametrize(
    ("errors", "severity"),
    [
        (0, Severity.LOW),
        (199, Severity.LOW),
        (200, Severity.MEDIUM),
        (499, Severity.MEDIUM),
        (500, Severity.HIGH),
        (10_000, Severity.HIGH),
    ],
)
def test_the_severity_is_the_bands(errors, severity):
    assert severity_of(Traffic(10_000, errors), BAND) == severity


def test_the_severity_of_nothing_is_a_bug():
    with pytest.raises(ValueError, match="no requests"):
        severity_of(Traffic(0, 0), BAND)


TRAFFIC = st.builds(
    lambda requests, errors, server: Traffic(
        requests, min(errors, requests), min(server, errors, requests)
    ),
    *[st.integers(0, 10**9)] * 3,
)


@given(st.dictionaries(st.sampled_from(Aspect), TRAFFIC))
def test_the_error_rate_is_of_all_requests_together(by_aspect):
    requests = sum(each.requests for each in by_aspect.values())
    errors = sum(each.errors for each in by_aspect.values())

    assert signals_of(by_aspect, BANDS).error_rate == ratio(errors, requests)
