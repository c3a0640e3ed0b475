from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from correlation.enums import TimeBasis
from correlation.junit.timestamps import Moment, moment

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
TEN = datetime(2026, 1, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-05T10:00:00Z", Moment(TEN, TimeBasis.EXACT)),
        ("2026-01-05T07:00:00-03:00", Moment(TEN, TimeBasis.EXACT)),
        ("2026-01-05T07:00:00.0-0300", Moment(TEN, TimeBasis.EXACT)),
        ("2026-01-05 10:00:00Z", Moment(TEN, TimeBasis.EXACT)),
        ("2026-01-05T 10:00:00", Moment(TEN, TimeBasis.ZONE_ASSUMED)),
        ("2026-01-05T10:00", Moment(TEN, TimeBasis.ZONE_ASSUMED)),
        ("1767607200", Moment(TEN, TimeBasis.EXACT)),
        ("1767607200000", Moment(TEN, TimeBasis.EXACT)),
        ("Mon, 05 Jan 2026 10:00:00 GMT", Moment(TEN, TimeBasis.EXACT)),
        ("5 Jan 2026 10:00:00 -0000", Moment(TEN, TimeBasis.ZONE_ASSUMED)),
        (
            "2026-01-05",
            Moment(datetime(2026, 1, 5, tzinfo=UTC), TimeBasis.DATE_ONLY),
        ),
        ("0001-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("2026-02-30T10:00:00Z", None),
        ("2099-01-01T00:00:00Z", None),
        ("20260105", None),
        ("176760720", None),
        ("Mon, 99 Jan 2026", None),
        ("Mon, " * 20, None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_moments_are_read_with_their_trust(text, expected):
    assert moment(text, zone=None, now=NOW) == expected


@pytest.mark.parametrize(
    ("at", "is_believed"),
    [
        (NOW + timedelta(days=1), True),
        (NOW + timedelta(days=1, seconds=1), False),
        (datetime(2000, 1, 1, tzinfo=UTC), True),
        (datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC), False),
    ],
)
def test_only_moments_of_this_age_are_believed(at, is_believed):
    assert (moment(at.isoformat(), zone=None, now=NOW) is not None) is is_believed


def test_a_chosen_zone_makes_a_local_time_exact():
    found = moment("2026-01-05T07:00:00", zone=ZoneInfo("America/Sao_Paulo"), now=NOW)

    assert found == Moment(TEN, TimeBasis.EXACT)


@given(
    st.datetimes(datetime(2000, 1, 2), datetime(2026, 1, 9)),  # noqa: DTZ001
    st.integers(min_value=-14 * 60, max_value=14 * 60),
)
def test_every_iso_moment_is_read_exactly(naive, minutes):
    at = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))

    assert moment(at.isoformat(), zone=None, now=NOW) == Moment(at, TimeBasis.EXACT)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading(text):
    found = moment(text, zone=None, now=NOW)

    assert found is None or found.at <= NOW + timedelta(days=1)
