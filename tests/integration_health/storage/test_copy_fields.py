"""A field that COPY reads in binary arrives as the value it was made of."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import connection

from integration_health.storage.copy_fields import (
    DAY,
    HEADER,
    JSON_START,
    NULL,
    TRAILER,
    field,
    moment_at,
    moment_field,
    since_2000,
)

pytestmark = pytest.mark.django_db
BEFORE_2000 = datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)


def copied(kind, value):
    """Return what PostgreSQL reads where a row of one column holds this field."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE arrived (value {kind}) ON COMMIT DROP")
        with cursor.copy("COPY arrived FROM STDIN (FORMAT binary)") as copy:
            copy.write(HEADER + (1).to_bytes(2) + value + TRAILER)
        cursor.execute("SELECT value FROM arrived")
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("kind", "made", "value"),
    [
        ("text", field("tab\t\\N é 漢 🏨".encode()), "tab\t\\N é 漢 🏨"),
        ("text", field(b""), ""),
        ("text", NULL, None),
        ("bytea", field(bytes(16)), bytes(16)),
        ("jsonb", JSON_START.pack(11, 1) + b'{"a":"\\\\"}', '{"a": "\\\\"}'),
        ("timestamptz", moment_field(BEFORE_2000), BEFORE_2000),
        (
            "timestamptz",
            moment_field(datetime(2026, 1, 2, 1, tzinfo=timezone(timedelta(hours=2)))),
            datetime(2026, 1, 1, 23, tzinfo=UTC),
        ),
    ],
)
def test_field_arrives_as_it_was(kind, made, value):
    assert copied(kind, made) == value


@pytest.mark.parametrize("moment", [BEFORE_2000, datetime(2024, 2, 29, tzinfo=UTC)])
def test_day_of_a_moment_is_its_utc_date(moment):
    day = (since_2000(moment) // DAY).to_bytes(4, signed=True)

    assert copied("date", field(day)) == moment.date()


@pytest.mark.parametrize("moment", [BEFORE_2000, datetime(2026, 1, 2, 3, tzinfo=UTC)])
def test_moment_counted_from_2000_is_found_again(moment):
    assert moment_at(since_2000(moment)) == moment
