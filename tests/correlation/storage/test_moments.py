"""Moments leave the database as whole epoch seconds, also odd ones."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from correlation.storage.moments import moment_of, seconds_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("moment", "seconds"),
    [
        pytest.param("2026-01-10T10:15:00Z", 1_768_040_100, id="an ordinary one"),
        pytest.param("2026-01-10T10:15:00.999999Z", 1_768_040_100, id="a fraction"),
        pytest.param("1999-12-31T23:59:59.5Z", 946_684_799, id="before its epoch"),
        pytest.param("2026-01-10T12:15:00+02:00", 1_768_040_100, id="another zone"),
    ],
)
def test_a_moment_is_read_as_seconds(moment, seconds):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(timestamptz_send(%s::timestamptz), '')", [moment]
        )
        (sent,) = cursor.fetchone()

    assert seconds_of(sent).tolist() == [seconds]


def test_seconds_come_in_the_order_sent():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(timestamptz_send(to_timestamp(n)), '' ORDER BY n DESC)"
            " FROM generate_series(1, 3) n"
        )
        (sent,) = cursor.fetchone()

    assert seconds_of(sent).tolist() == [3, 2, 1]


def test_seconds_become_a_utc_moment():
    assert moment_of(1_768_040_100) == datetime(2026, 1, 10, 10, 15, tzinfo=UTC)
