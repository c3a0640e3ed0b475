import pytest
from hypothesis import given
from hypothesis import strategies as st

from correlation.domain.excerpts import GAP, HEAD, TAIL, Excerpt, excerpt


@pytest.mark.parametrize(
    ("length", "kept"),
    [
        (0, 0),
        (HEAD, HEAD),
        (HEAD + TAIL, HEAD + TAIL),
        (HEAD + TAIL + 1, HEAD + TAIL + len(GAP)),
        (10**6, HEAD + TAIL + len(GAP)),
    ],
)
def test_first_and_last_part_are_kept(length, kept):
    assert len(excerpt("x" * length)) == kept


@given(st.text(alphabet="abc", min_size=1, max_size=9000), st.integers(1, 700))
def test_pieces_give_what_the_whole_gives(text, size):
    kept = Excerpt()
    for start in range(0, len(text), size):
        kept.add(text[start : start + size])

    assert kept.text() == excerpt(text)
