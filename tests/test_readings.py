"""Blocks of one page read each thing once; everybody else reads anew."""

import pytest

from qa_observability.readings import one_reading, read_once


@pytest.fixture
def counted():
    calls = []

    @read_once
    def read(what, named=None):
        calls.append((what, named))
        return object()

    return read, calls


def test_inside_one_reading_equal_questions_share_the_answer(counted):
    read, calls = counted

    with one_reading():
        assert read(["a", "b"]) is read(["a", "b"])
        assert read("a", named=1) is read("a", named=1)
        assert read("a", named=1) is not read("a", named=2)

    assert calls == [(["a", "b"], None), ("a", 1), ("a", 2)]


def test_outside_and_in_the_next_reading_it_is_read_anew(counted):
    read, calls = counted

    for _ in range(2):
        with one_reading():
            read("a")
    read("a")
    read("a")

    assert len(calls) == 4


def test_a_failed_reading_is_not_remembered():
    answers = iter([ValueError("no"), "yes"])

    @read_once
    def read():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with one_reading():
        with pytest.raises(ValueError, match="no"):
            read()
        assert read() == "yes"


def test_an_error_ends_the_reading(counted):
    read, calls = counted

    @one_reading()
    def page():
        read("a")
        raise KeyError("broken page")

    for _ in range(2):
        with pytest.raises(KeyError):
            page()

    assert len(calls) == 2
