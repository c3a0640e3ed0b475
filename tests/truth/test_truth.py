"""A slice of the ground truth; `make truth` judges all levels over more seeds."""

import pytest

from tests.truth.foreign import FOREIGN
from tests.truth.levels import LEVELS
from tests.truth.report import GATES, VARIED_GATE, level_report
from tests.truth.variations import VARIATIONS
from tests.truth.world import world_of

SEEDS = range(1000, 1003)


@pytest.mark.parametrize(
    "level",
    [level for level in LEVELS if level.name in GATES],
    ids=lambda level: level.name,
)
def test_the_method_passes_its_gates_on_seeded_worlds(level):
    report = level_report(level, SEEDS)

    assert GATES[level.name].failures(report) == []


@pytest.mark.parametrize("name", ["by the week", "in trouble"])
def test_what_fails_at_the_same_bad_times_is_not_called_a_link(name):
    (varied,) = [level for level in VARIATIONS if level.name == name]
    report = level_report(varied, SEEDS)

    assert VARIED_GATE.failures(report) == []


@pytest.mark.parametrize("foreign", FOREIGN, ids=lambda foreign: foreign.name)
def test_worlds_of_another_make_hold_no_surprise(foreign):
    report = level_report(foreign, SEEDS)

    assert VARIED_GATE.failures(report) == []


def test_the_method_beats_every_rival_on_the_hard_level():
    hard = level_report(LEVELS[2], SEEDS)

    rivals = {name: found.f1 for name, found in hard.rivals.items()}
    ours = rivals.pop("this method")

    assert ours > max(rivals.values()) + 0.1


def test_a_world_is_the_same_for_the_same_seed():
    first, second = world_of(LEVELS[0], 5), world_of(LEVELS[0], 5)

    assert (first.moments == second.moments).all()
    assert (first.episodes == second.episodes).all()
