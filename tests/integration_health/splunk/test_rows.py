import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from integration_health.splunk.event_rows import RawEventRow
from integration_health.splunk.stat_rows import EndpointStatRow, RateCheck
from tests.integration_health.splunk.exports import DATA, read, refusals


def stats(**fields):
    row = {"endpoint": "/a", "total_requests": "100", "total_errors": "5"} | fields
    return read(json.dumps({"preview": False, "lastrow": True, "result": row}))[0]


def event(**fields):
    row = {"_raw": "x", "_time": "2026-01-05T10:15:23Z"} | fields
    return read(json.dumps({"preview": False, "lastrow": True, "result": row}))[0]


def test_a_statistics_row_is_read_whole():
    rows = stats(
        client_errors_4xx="3",
        server_errors_5xx="2",
        error_rate="5.00",
        unique_clients="0",
        _time="2026-01-05 10:15:00.000 UTC",
        _span="300",
    )

    assert rows == [
        EndpointStatRow(
            1,
            "/a",
            100,
            5,
            3,
            2,
            RateCheck.AGREES,
            datetime(2026, 1, 5, 10, 15, tzinfo=UTC),
            300,
        )
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"count": "100", "total_requests": None, "errors": "5", "total_errors": None},
        {"total": 100, "total_requests": "", "total_errors": 5.0},
    ],
)
def test_aliases_and_typed_numbers_are_accepted(fields):
    (row,) = stats(**fields)

    assert (row.requests, row.errors) == (100, 5)


@pytest.mark.parametrize(
    ("rate", "check"),
    [
        ("5.00", RateCheck.AGREES),
        ("5.01", RateCheck.AGREES),
        ("5.02", RateCheck.DIFFERS),
        (5, RateCheck.AGREES),
        ("0.05", RateCheck.FRACTION),
        ("90.00", RateCheck.DIFFERS),
        (None, RateCheck.AGREES),
    ],
)
def test_the_rate_is_compared_and_recomputed(rate, check):
    (row,) = stats(error_rate=rate)

    assert row.rate_check is check


def test_the_alias_of_the_rate_is_compared_too():
    (row,) = stats(**{"error_rate_%": "90"})

    assert row.rate_check is RateCheck.DIFFERS


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"endpoint": ""}, "endpoint"),
        ({"endpoint": "/a\n/b"}, "endpoint"),
        ({"endpoint": "/" + "a" * 40_000}, "endpoint"),
        ({"total_requests": "1e3"}, "total_requests"),
        ({"total_requests": "1,234"}, "total_requests"),
        ({"total_requests": "38.900"}, "total_requests"),
        ({"total_requests": True}, "total_requests"),
        ({"total_requests": -1}, "total_requests"),
        ({"total_requests": 10**12 + 1}, "total_requests"),
        ({"total_requests": "١٢"}, "total_requests"),
        ({"total_errors": "101"}, "total_errors"),
        ({"total_errors": None}, "total_errors"),
        ({"client_errors_4xx": "60", "server_errors_5xx": "41"}, "client_errors_4xx"),
        ({"server_errors_5xx": "NaN"}, "server_errors_5xx"),
        ({"error_rate": "100.01"}, "error_rate"),
        ({"error_rate": "12,5"}, "error_rate"),
        ({"error_rate": True}, "error_rate"),
        ({"_time": "2026-01-05 10:15:00.000 IST"}, "_time"),
        ({"_time": ["a", "b"]}, "_time"),
    ],
)
def test_an_impossible_row_is_refused_by_field(fields, field):
    assert [(line, name) for line, name, _ in refusals(stats(**fields))] == [(1, field)]


def test_the_example_of_raw_events_is_read_whole():
    rows = read(DATA / "raw_events.ndjson")[0]

    assert rows == [
        RawEventRow(
            line=1,
            occurred_at=datetime(2026, 1, 5, 10, 15, 23, 204000, UTC),
            method="POST",
            path="/v9/chan-hub/airbnb/calendar-push",
            status=200,
            is_error=False,
            host="app-1.example.test",
            source="/var/log/demo/access_log",
            text=rows[0].text,
            identity=rows[0].identity,
        ),
        rows[1]._replace(
            path="/v9/chan-hub/bookingdotcom/rate-push?listing=10001",
            status=502,
            is_error=True,
        ),
        rows[2]._replace(
            path="",
            status=None,
            is_error=True,
            text="ERROR c.e.demo.FeeSync - push rejected",
        ),
        rows[3]._replace(
            method="GET",
            path="/v9/chan-hub/vrbo/fee-sync",
            status=429,
            is_error=True,
            occurred_at=datetime(2026, 1, 5, 10, 15, 27, 500000, UTC),
        ),
    ]


def test_an_event_is_the_same_in_every_format():
    lines = read(DATA / "raw_events.ndjson")[0]
    table = read(DATA / "raw_events.csv")[0]

    assert [row.identity for row in lines] == [row.identity for row in table]
    assert len({row.identity for row in lines}) == 4


def test_splunks_own_address_of_an_event_is_its_identity():
    first = event(_raw="a", _bkt="main~1", _cd="1:2")
    moved = event(_raw="b", _bkt="main~1", _cd="1:2")
    other = event(_raw="a", _bkt="main~1", _cd="1:3")

    assert first[0].identity == moved[0].identity != other[0].identity


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"status": "503", "uri": "/x", "method": "PUT"}, ("PUT", "/x", 503, True)),
        ({"status": ["404", "x"]}, ("", "", 404, True)),
        ({"status": "OK"}, ("", "", None, False)),
        ({"_raw": '"GET /a HTTP/2" 500'}, ("GET", "/a", 500, True)),
        ({"_raw": '"GET /a" 302 1'}, ("GET", "/a", 302, False)),
        ({"_raw": "all is well"}, ("", "", None, False)),
        ({"_raw": "WARN retry"}, ("", "", None, False)),
        ({"_raw": "SEVERE broken"}, ("", "", None, True)),
        ({"_raw": "java.io.IOException: gone"}, ("", "", None, True)),
        ({"_raw": "x", "level": "error"}, ("", "", None, True)),
        ({"_raw": "ERROR x", "level": "INFO"}, ("", "", None, False)),
    ],
)
def test_status_method_and_path_come_from_fields_or_the_line(fields, expected):
    (row,) = event(**fields)

    assert (row.method, row.path, row.status, row.is_error) == expected


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"_raw": ""}, "_raw"), ({"_time": None}, "_time"), ({"_time": "soon"}, "_time")],
)
def test_an_event_without_text_or_time_is_refused(fields, field):
    row = {"_raw": "x", "status": "500"} | fields
    lines = "".join(
        json.dumps({"preview": False, "result": each}) + "\n"
        for each in ({"_raw": "x", "_time": "1767608123"}, row)
    )

    assert [(line, name) for line, name, _ in refusals(read(lines)[0])] == [(2, field)]


def test_the_zone_chosen_at_import_reaches_the_rows():
    text = '{"result":{"_raw":"x","_time":"2026-01-05 11:15:23 CET"},"lastrow":true}'

    (row,) = read(text, zone=ZoneInfo("Europe/Berlin"))[0]

    assert row.occurred_at == datetime(2026, 1, 5, 10, 15, 23, tzinfo=UTC)


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr("integration_health.splunk.rows.MOST_ROWS", 1)

    with pytest.raises(Exception, match="five million"):
        read(DATA / "raw_events.ndjson")
