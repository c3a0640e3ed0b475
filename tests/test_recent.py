"""An answer is worked out once for all who ask at once."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from qa_observability import recent as module
from qa_observability.recent import recent
from tests.runtime.started import becomes

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Work:
    """Counts how often it is done; takes until it is let go."""

    def __init__(self):
        self.times = 0
        self.may_end = threading.Event()

    def __call__(self):
        self.times += 1
        assert self.may_end.wait(30)
        return f"answer {self.times}"


def asking(answers, key, work, stamp="a"):
    def ask():
        answers.append(recent(key, work, stamp=stamp, now=NOW))

    thread = threading.Thread(target=ask)
    thread.start()
    return thread


def test_of_those_who_ask_at_once_one_works_it_out():
    work, answers = Work(), []
    threads = [asking(answers, "impact", work) for _ in range(4)]
    assert becomes(lambda: module._turns["impact"].wanted_by == 4)

    work.may_end.set()
    for thread in threads:
        thread.join(30)

    assert (work.times, answers) == (1, ["answer 1"] * 4)
    assert module._turns == {}


def test_another_question_waits_for_nobody():
    slow, answers = Work(), []
    thread = asking(answers, "impact", slow)
    assert becomes(lambda: slow.times == 1)

    assert recent("series", lambda: "at once", stamp="a", now=NOW) == "at once"

    slow.may_end.set()
    thread.join(30)
    assert answers == ["answer 1"]


def test_who_saw_a_later_change_is_not_given_what_was_worked_out_before_it():
    work, answers = Work(), []
    before = asking(answers, "impact", work)
    assert becomes(lambda: work.times == 1)
    after = asking(answers, "impact", work, stamp="b")
    assert becomes(lambda: module._turns["impact"].wanted_by == 2)

    work.may_end.set()
    before.join(30)
    after.join(30)

    assert answers == ["answer 1", "answer 2"]


def test_work_that_fails_leaves_the_turn_to_the_next():
    def fails():
        raise LookupError("no data")

    with pytest.raises(LookupError):
        recent("impact", fails, stamp="a", now=NOW)

    assert module._turns == {}
    assert recent("impact", lambda: 5, stamp="a", now=NOW) == 5


@pytest.mark.parametrize(
    ("later", "again"),
    [
        (timedelta(seconds=59), False),
        (timedelta(minutes=1), True),
        (timedelta(seconds=-1), True),
    ],
)
def test_an_answer_is_kept_for_a_minute(later, again):
    recent("impact", lambda: "first", stamp="a", now=NOW)

    answer = recent("impact", lambda: "second", stamp="a", now=NOW + later)

    assert answer == ("second" if again else "first")


@pytest.mark.parametrize(("later", "again"), [(59, False), (60, True)])
def test_an_answer_made_of_kept_ones_is_as_old_as_the_oldest(later, again):
    def of_two_parts():
        recent("new part", lambda: "new", stamp="a", now=NOW + timedelta(seconds=30))
        return recent("part", lambda: "old", stamp="a", now=NOW)

    recent("part", lambda: "old", stamp="a", now=NOW)
    recent("whole", of_two_parts, stamp="a", now=NOW + timedelta(seconds=30))

    answer = recent(
        "whole", lambda: "anew", stamp="a", now=NOW + timedelta(seconds=later)
    )

    assert answer == ("anew" if again else "old")
