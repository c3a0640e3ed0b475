"""How hard is a world? Four levels of the same disturbances."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Level:
    """What a world is made of. Shares and chances are 0 to 1, durations in seconds.

    ``sensitivity`` is the range of a linked test's chance to see one failure;
    ``own_failures`` the range of unrelated failures per day of an ordinary test;
    ``storms`` hit every channel at once, ``pairs`` two of them, ``outages`` no channel
    but most tests;
    ``trouble`` is how many times a day some hours begin in which a channel, and the tests
    ``in_trouble`` with it, fail often for a reason outside both; ``weekly`` tests fail at
    an hour of the week at which their channel often does;
    ``rhythm`` how much hours and weekdays swing; ``bad_week`` the factor of a bad week.
    """

    name: str
    days: int = 90
    channels: int = 4
    episodes_per_day: float = 0.7
    echo: float = 0.15
    rhythm: float = 0.4
    bad_week: float = 2.0
    bad_weeks: float = 0.15
    storms: int = 2
    pairs: int = 2
    outages: int = 2
    trouble: float = 0.0
    sensitivity: tuple[float, float] = (0.85, 0.98)
    own_failures: tuple[float, float] = (0.02, 0.15)
    lead: tuple[int, int] = (240, 3000)
    lag: tuple[int, int] = (240, 3000)
    skew: int = 10
    run_every: tuple[int, ...] = (300, 600, 900)
    retried: float = 0.3
    duplicated: float = 0.02
    split: float = 0.0
    missed: float = 0.0
    precursors: int = 8
    laggards: int = 5
    companions: int = 4
    flaky: int = 14
    always_red: int = 3
    by_clock: int = 12
    by_week: int = 12
    tiny: int = 10
    quiet: int = 32
    in_trouble: int = 0
    weekly: int = 0

    @property
    def tests(self) -> int:
        return (
            self.precursors
            + self.laggards
            + self.companions
            + self.flaky
            + self.always_red
            + self.by_clock
            + self.by_week
            + self.tiny
            + self.quiet
            + self.in_trouble
            + self.weekly
        )

    def unlinked(self) -> "Level":
        """Return the same world without a single real link."""
        linked = self.precursors + self.laggards + self.companions
        return replace(
            self,
            name=f"{self.name}, no links",
            precursors=0,
            laggards=0,
            companions=0,
            quiet=self.quiet + linked,
        )


LEVELS = (
    Level("easy"),
    Level(
        "medium",
        episodes_per_day=0.6,
        rhythm=0.6,
        bad_week=3.0,
        storms=3,
        pairs=4,
        outages=4,
        sensitivity=(0.6, 0.85),
        own_failures=(0.05, 0.4),
        skew=30,
        run_every=(300, 600, 900, 1800),
        duplicated=0.05,
        split=0.05,
    ),
    Level(
        "hard",
        episodes_per_day=0.4,
        rhythm=0.8,
        bad_week=4.0,
        bad_weeks=0.2,
        storms=5,
        pairs=6,
        outages=6,
        sensitivity=(0.25, 0.55),
        own_failures=(0.2, 1.5),
        lead=(120, 3300),
        lag=(60, 3300),
        skew=45,
        run_every=(600, 900, 1800),
        duplicated=0.08,
        split=0.1,
        missed=0.05,
    ),
    Level(
        "brutal",
        days=60,
        episodes_per_day=0.4,
        rhythm=0.9,
        bad_week=5.0,
        bad_weeks=0.25,
        storms=6,
        pairs=8,
        outages=8,
        lead=(60, 3500),
        lag=(30, 3500),
        sensitivity=(0.2, 0.5),
        own_failures=(0.3, 1.5),
        skew=60,
        run_every=(900, 1800),
        duplicated=0.1,
        split=0.15,
        missed=0.15,
    ),
)
