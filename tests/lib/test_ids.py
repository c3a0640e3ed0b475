"""New keys sort by time and say their version."""

from itertools import islice
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from qa_observability.lib.ids import uuid7, uuid7_halves, uuid7_text

milliseconds = st.integers(min_value=0, max_value=(1 << 48) - 1)


@given(milliseconds)
def test_uuid7_holds_its_moment_version_and_variant(moment):
    key = uuid7(moment)

    assert (key.int >> 80, key.version, key.variant) == (
        moment,
        7,
        UUID(int=2 << 62).variant,
    )


@given(milliseconds, milliseconds)
def test_uuid7_sorts_by_moment(one, other):
    if one != other:
        assert (uuid7(one) < uuid7(other)) == (one < other)


def test_uuid7_never_repeats():
    assert len({uuid7(0) for _ in range(1000)}) == 1000


@given(milliseconds)
def test_text_of_a_uuid7_is_one(moment):
    key = UUID(uuid7_text(moment))

    assert (key.int >> 80, key.version, key.variant) == (
        moment,
        7,
        UUID(int=2 << 62).variant,
    )


def test_texts_never_repeat():
    assert len({uuid7_text(0) for _ in range(1000)}) == 1000


@given(milliseconds)
def test_halves_of_one_moment_make_uuids_one_after_the_other(moment):
    upper, lower = uuid7_halves(moment)
    keys = [UUID(int=upper << 64 | own) for own in islice(lower, 3)]

    assert [(key.int >> 80, key.version, key.variant) for key in keys] == [
        (moment, 7, UUID(int=2 << 62).variant)
    ] * 3
    assert [key.int - keys[0].int for key in keys] == [0, 1, 2]


def test_halves_of_two_calls_do_not_meet():
    one, other = (set(islice(uuid7_halves(0)[1], 1000)) for _ in range(2))

    assert not one & other
