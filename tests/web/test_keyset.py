"""Where a page of a list starts, in its address."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from qa_observability.web.keyset import key_parameter, read_key, written_key

KEY = (datetime(2026, 11, 24, 12, 5, 7, 123456, tzinfo=UTC), UUID(int=7))


def test_a_key_is_read_as_it_was_written():
    assert read_key(written_key(KEY)) == KEY
    assert key_parameter().read(written_key(KEY)) == written_key(KEY)


def test_the_first_page_has_none():
    assert written_key(None) == ""


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "x",
        "2026-11-24T12:05:07+00:00",
        f"2026-11-24T12:05:07~{UUID(int=7)}",  # no offset
        "2026-11-24T12:05:07+00:00~7",
        f"yesterday~{UUID(int=7)}",
    ],
)
def test_what_nobody_wrote_is_no_key(raw):
    assert read_key(raw) is None
    assert key_parameter().read(raw) is None
