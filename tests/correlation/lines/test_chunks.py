from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from correlation.lines import chunks
from correlation.lines.chunks import LINE_LIMIT, TooLongLine, split_lines
from qa_observability.lib.errors import TooLarge


class Dripping(BytesIO):
    """A stream that gives a few bytes at a time, as networks do."""

    def read(self, size=-1):
        return super().read(min(size, 3))


@given(st.lists(st.text(alphabet="ab ", max_size=9)))
def test_lines_come_out_as_they_went_in(lines):
    body = "\n".join(lines).encode()

    assert (
        list(split_lines(Dripping(body)))
        == [line.strip().encode() for line in body.decode().split("\n")][
            : None if body and not body.endswith(b"\n") else -1
        ]
    )


def test_windows_endings_and_its_byte_order_mark_fall_away():
    assert list(split_lines(BytesIO(b"\xef\xbb\xbfa\r\n\r\nb"))) == [b"a", b"", b"b"]


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (LINE_LIMIT, b"x" * LINE_LIMIT),
        (LINE_LIMIT + 1, TooLongLine),
        (10**6, TooLongLine),
    ],
)
def test_a_line_too_long_is_skipped_and_the_next_one_read(length, expected):
    body = b"x" * length + b"\nnext"

    assert list(split_lines(BytesIO(body))) == [expected, b"next"]


def test_a_last_line_too_long_is_told():
    assert list(split_lines(BytesIO(b"x" * 10**6))) == [TooLongLine]


def test_a_stream_above_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(chunks, "STREAM_LIMIT", 9)

    with pytest.raises(TooLarge):
        list(split_lines(BytesIO(b"x" * 10)))
