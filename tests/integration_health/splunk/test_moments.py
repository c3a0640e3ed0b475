from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration_health.splunk.moments import UncertainMoment, moment_of

BERLIN = ZoneInfo("Europe/Berlin")
CHICAGO = ZoneInfo("America/Chicago")
FIRST = datetime.fromisoformat("2000-01-02")
LAST = datetime.fromisoformat("2100-01-01")
MOMENT = datetime(2026, 1, 5, 10, 15, 23, 204000, UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05T10:15:23.204+00:00",
        "2026-01-05T10:15:23.204+0000",
        "2026-01-05T07:15:23.204-0300",
        "2026-01-05T10:15:23.204Z",
        "2026-01-05 10:15:23.204 UTC",
        "2026-01-05 07:15:23.204 -03",
        " 2026-01-05 10:15:23,204 GMT ",
        "1767608123.204",
    ],
)
def test_certain_forms_need_no_zone(text):
    assert moment_of(text, None) == MOMENT


@pytest.mark.parametrize(
    ("text", "zone", "moment"),
    [
        ("2026-01-05 11:15:23.204 CET", BERLIN, MOMENT),
        ("2026-01-05 11:15:23.204", BERLIN, MOMENT),
        ("2026-01-05 04:15:23.204 CST", CHICAGO, MOMENT),
        ("2026-10-25 02:30:00 CEST", BERLIN, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-10-25 02:30:00 CET", BERLIN, datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ],
)
def test_the_chosen_zone_settles_the_rest(text, zone, moment):
    assert moment_of(text, zone) == moment


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        pytest.param("2026-01-05 10:15:23 CST", None, id="ambiguous"),
        pytest.param("2026-01-05 10:15:23", None, id="no zone"),
        pytest.param("2026-01-05T10:15", None, id="no zone, no seconds"),
        pytest.param("2026-01-05 10:15:23 IST", BERLIN, id="not that zone's name"),
        pytest.param("2026-10-25 02:30:00", BERLIN, id="occurs twice"),
        pytest.param("2026-03-29 02:30:00", BERLIN, id="never occurs"),
        pytest.param("2026-02-30 10:15:23 UTC", None, id="no such day"),
        pytest.param("01/05/2026 10:15", BERLIN, id="day or month first"),
        pytest.param("1767608123204", None, id="milliseconds"),
        pytest.param("1999-01-05T10:15:23Z", None, id="long ago"),
        pytest.param("9999-12-31T23:59:59-12:00", None, id="beyond the calendar"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_nothing_is_guessed(text, zone):
    with pytest.raises(UncertainMoment):
        moment_of(text, zone)


@given(st.datetimes(FIRST, LAST, timezones=st.timezones(), allow_imaginary=False))
def test_iso_moments_survive(moment):
    assert moment_of(moment.isoformat(), None) == moment.astimezone(UTC)
