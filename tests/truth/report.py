"""What does the method reach on a level, beside its rivals, and is it enough?"""

from dataclasses import dataclass

import numpy as np

from correlation.domain.verdicts import Direction
from tests.truth.foreign import Foreign, foreign_world
from tests.truth.levels import Level
from tests.truth.measures import (
    Found,
    brier,
    calibration_error,
    direction_accuracy,
    found,
)
from tests.truth.rivals import RIVALS, method
from tests.truth.world import World, world_of

PAIRS = 400


@dataclass(frozen=True)
class LevelReport:
    """Figures of one level over all seeds. ``false_links`` is per 400 unlinked pairs."""

    level: str
    rivals: dict[str, Found]
    direction: float
    brier: float
    calibration: float
    false_links: float

    @property
    def ours(self) -> Found:
        return self.rivals["this method"]


@dataclass(frozen=True)
class Gate:
    """What a level must reach: lowest precision, F1 and direction; highest errors."""

    precision: float
    f1: float
    direction: float
    calibration: float = 0.03
    false_links: float = 1.0

    def failures(self, report: LevelReport) -> list[str]:
        """Name the figures that fall short."""
        at_least = {
            "precision": (report.ours.precision, self.precision),
            "F1": (report.ours.f1, self.f1),
            "direction": (report.direction, self.direction),
        }
        at_most = {
            "calibration error": (report.calibration, self.calibration),
            "false links": (report.false_links, self.false_links),
        }
        return [
            f"{report.level}: {name} {value:.3f} below {limit}"
            for name, (value, limit) in at_least.items()
            if value < limit
        ] + [
            f"{report.level}: {name} {value:.3f} above {limit}"
            for name, (value, limit) in at_most.items()
            if value > limit
        ]


GATES = {
    "easy": Gate(precision=0.0, f1=0.95, direction=0.9),
    "medium": Gate(precision=0.95, f1=0.93, direction=0.9),
    "hard": Gate(precision=0.90, f1=0.80, direction=0.9),
}
VARIED_GATE = Gate(precision=0.90, f1=0.80, direction=0.9)


def level_report(level: Level | Foreign, seeds: range) -> LevelReport:
    """Judge every rival on the same seeded worlds."""
    worlds = worlds_of(level, seeds)
    precedes = [world.truth == Direction.PRECEDES for world in worlds]
    verdicts = [method(world) for world in worlds]
    confidences = [announced(verdict) for verdict in verdicts]
    return LevelReport(
        level.name,
        {
            name: found([rival(world) for world in worlds], precedes)
            for name, rival in RIVALS.items()
        },
        direction_accuracy(
            [verdict.direction for verdict in verdicts],
            [world.truth for world in worlds],
        ),
        brier(confidences, precedes),
        calibration_error(confidences, precedes),
        false_links(level.unlinked(), seeds),
    )


def worlds_of(level: Level | Foreign, seeds: range) -> list[World]:
    """Return the world of each seed, by the generator that the level belongs to."""
    if isinstance(level, Foreign):
        return [foreign_world(level, seed) for seed in seeds]
    return [world_of(level, seed) for seed in seeds]


def announced(verdict):
    """Return the probability that a test announces a channel.

    The confidence of a pair linked in another order speaks of that order.
    """
    other = (verdict.direction == Direction.SIMULTANEOUS) | (
        verdict.direction == Direction.FOLLOWS
    )
    return np.where(other, 0.0, verdict.confidence)


def false_links(level: Level | Foreign, seeds: range) -> float:
    """Return how many links are claimed per 400 pairs where there are none."""
    worlds = worlds_of(level, seeds)
    claimed = sum(
        int((method(world).direction == Direction.PRECEDES).sum()) for world in worlds
    )
    return claimed * PAIRS / sum(world.truth.size for world in worlds)
