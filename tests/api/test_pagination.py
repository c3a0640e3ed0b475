import base64
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from qa_observability.api.pagination import cursor_from, cut_page, encode_cursor
from qa_observability.lib.errors import InvalidInput


def asking(cursor):
    return Request(APIRequestFactory().get("/", {"cursor": cursor}))


@given(st.datetimes(timezones=st.just(UTC)), st.uuids())
def test_a_cursor_comes_back_as_it_went(moment, key):
    assert cursor_from(asking(encode_cursor((moment, key))), datetime, UUID) == (
        moment,
        key,
    )


def test_no_cursor_is_the_first_page():
    assert cursor_from(Request(APIRequestFactory().get("/")), datetime, UUID) is None


@pytest.mark.parametrize(
    "cursor",
    [
        pytest.param("abc", id="not ours"),
        pytest.param("é", id="not ASCII"),
        pytest.param("!!!!", id="not base64"),
        pytest.param(encode_cursor((1, 2)), id="of another list"),
        pytest.param(encode_cursor(()), id="empty"),
        pytest.param(base64.urlsafe_b64encode(b"[" * 90).decode(), id="hostile"),
    ],
)
def test_a_foreign_cursor_is_refused(cursor):
    with pytest.raises(InvalidInput) as refused:
        cursor_from(asking(cursor), datetime, UUID)

    assert refused.value.code == "invalid_cursor"


@given(st.text(min_size=1, max_size=400))
def test_no_text_raises_anything_but_a_refusal(text):
    with suppress(InvalidInput):
        cursor_from(asking(text), datetime, UUID)


@pytest.mark.parametrize(
    ("rows", "page", "more"),
    [
        pytest.param([], [], False, id="nothing"),
        pytest.param([1], [1], False, id="fewer"),
        pytest.param([1, 2], [1, 2], False, id="exactly"),
        pytest.param([1, 2, 3], [1, 2], True, id="one more"),
    ],
)
def test_cut_page_points_on_only_when_more_follows(rows, page, more):
    cut, cursor = cut_page(rows, 2, lambda row: (row,))

    assert (cut, cursor) == (page, encode_cursor((2,)) if more else None)
