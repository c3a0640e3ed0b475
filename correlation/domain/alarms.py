"""When does a test raise an alarm? Once per run of failures, retries included."""

from dataclasses import dataclass

import numpy as np

from correlation.domain.arrays import Flags, Index, Seconds
from correlation.domain.spans import Spans


@dataclass(frozen=True, slots=True, eq=False)
class Alarms:
    """Alarms ascending by moment; ``tests`` are row numbers below ``test_count``."""

    tests: Index
    moments: Seconds
    test_count: int

    @classmethod
    def sorted(cls, tests: Index, moments: Seconds, test_count: int) -> "Alarms":
        """Return alarms given in any order."""
        order = np.argsort(moments, kind="stable")
        return cls(tests[order], moments[order], test_count)

    @classmethod
    def none(cls) -> "Alarms":
        """Return no alarm of no test."""
        nothing = np.array([], dtype=np.int64)
        return cls(nothing, nothing, 0)

    def counting(self, observed: Spans) -> "Alarms":
        """Return the alarms inside the seconds that are watched."""
        inside = observed.positions(self.moments)
        return Alarms(self.tests[inside], self.moments[inside], self.test_count)

    def between(self, start: int, end: int) -> "Alarms":
        """Return the alarms from ``start`` up to, not including, ``end``."""
        part = slice(*np.searchsorted(self.moments, [start, end]))
        return Alarms(self.tests[part], self.moments[part], self.test_count)


def alarm_flags(tests: Index, moments: Seconds, window_seconds: int) -> Flags:
    """Mark the failed results that are alarms.

    Takes failed results ascending by test, then moment. The first of a test is an
    alarm, and each whose previous failure is more than half a window earlier: retries,
    duplicates and a test that is always red raise one.
    Source: DESIGN section 6, step 1.
    """
    flags = np.ones(len(tests), dtype=bool)
    same_test = tests[1:] == tests[:-1]
    recent = 2 * (moments[1:] - moments[:-1]) <= window_seconds
    flags[1:] = ~(same_test & recent)
    return flags
