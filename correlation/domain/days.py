"""What does each day add to the evidence, and is what was counted of it still true?"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from correlation.domain.alarms import Alarms
from correlation.domain.arrays import Flags, Index
from correlation.domain.chance import HOUR, Calendar
from correlation.domain.counts import ChannelTally, HourlyAlarms, Tally
from correlation.domain.spans import Spans
from correlation.domain.zones import Zone, ZoneSpans

DAY = 86_400
_HOURS = 24
_KIND_BITS = 5  # of a mark's 32: the others hold a test's number
_KINDS = 2**_KIND_BITS
_DIGEST_BYTES = 16
# Part of every fingerprint: another way of counting makes all that was counted stale.
_METHOD = b"2"

_STORED = np.dtype("<u4")

# By days since the Unix epoch. A mark is a little-endian uint32, test number * 32 + kind.
# Among the marks of alarms each alarm that counts has one, its kind the hour of the UTC
# day. Among those of a channel kinds 0 to 23 are alarms that found it failing, 24 to 27
# hits of that zone.
MarksByDay = Mapping[int, bytes]


class Marks(NamedTuple):
    """The marks of ascending days in a row, of each as many as its length."""

    days: Index
    lengths: Index
    packed: npt.NDArray[np.uint32]

    @classmethod
    def read(cls, days: Index, sizes: Index, packed: bytes) -> "Marks":
        """Return the marks of days whose bytes follow each other."""
        return cls(days, sizes // _STORED.itemsize, np.frombuffer(packed, _STORED))

    def chosen(self, flags: Flags) -> "Marks":
        """Return those of the flagged days."""
        if flags.all():
            return self
        inside = np.repeat(flags, self.lengths)
        return Marks(self.days[flags], self.lengths[flags], self.packed[inside])


class Marker:
    """Marks alarms that count, laid out once for the marks of many channels.

    Their ``tests`` are test numbers.
    """

    __slots__ = ("_first_day", "_hourly", "_moments", "_numbers", "_places")

    def __init__(self, trials: Alarms) -> None:
        days = trials.moments // DAY
        self._moments = trials.moments
        self._first_day = int(days[0]) if len(days) else 0
        # sixteen bits sort fast
        self._places = (days - self._first_day).astype(np.uint16)
        self._numbers = (trials.tests * _KINDS).astype(_STORED)
        hours = (trials.moments - days * DAY) // HOUR
        self._hourly = self._numbers + hours.astype(_STORED)

    def of_alarms(self) -> MarksByDay:
        """Return the marks of the alarms themselves."""
        return self._by_day(self._places, self._hourly)

    def of_channel(self, zones: ZoneSpans) -> MarksByDay:
        """Return the marks of what the alarms met at one channel."""
        failing = zones.failing.positions(self._moments)
        found, marks = [failing], [self._hourly[failing]]
        for zone in Zone:
            hits = zones.hits[zone].positions(self._moments)
            found.append(hits)
            marks.append(self._numbers[hits] + _STORED.type(_HOURS + zone))
        return self._by_day(self._places[np.concatenate(found)], np.concatenate(marks))

    def _by_day(
        self, places: npt.NDArray[np.uint16], marks: npt.NDArray[np.uint32]
    ) -> MarksByDay:
        """Return the marks by the day of their alarm; of one day in the order given."""
        packed = marks[np.argsort(places, kind="stable")].tobytes()
        ends = (np.cumsum(np.bincount(places)) * _STORED.itemsize).tolist()
        return {
            self._first_day + place: packed[start:end]
            for place, (start, end) in enumerate(pairwise([0, *ends]))
            if start < end
        }


def fingerprints(watched: Sequence[Spans], judged: Iterable[str]) -> dict[int, bytes]:
    """Return, for each day on which anything is watched, what was watched and of whom.

    Equal prints mean equal spans within the day. ``judged`` are the sources whose tests'
    alarms are held against them, in any order.
    """
    named = hashlib.blake2b(_METHOD, digest_size=_DIGEST_BYTES)
    for name in sorted(judged):
        named.update(name.encode() + b"\0")
    rows = _cut_at_midnight(watched)
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    days, firsts = np.unique(rows[:, 0], return_index=True)
    packed = memoryview(rows.tobytes())
    edges = [*(firsts * rows[:1].nbytes).tolist(), len(packed)]
    prints = {}
    for day, (start, end) in zip(days.tolist(), pairwise(edges), strict=True):
        digest = named.copy()
        digest.update(packed[start:end])
        prints[day] = digest.digest()
    return prints


def tally_of(
    alarms: Marks, channels: Iterable[Marks], calendar: Calendar
) -> tuple[Index, Tally]:
    """Return the ascending test numbers, and all days added up, a row for each number.

    Each channel is taken when the tally's is, so that not all need be in memory.
    """
    every = _unpacked(alarms, calendar)
    numbers = np.flatnonzero(np.bincount(every.numbers))
    row_of = np.zeros(int(numbers.max(initial=0)) + 1, dtype=np.intp)
    row_of[numbers] = np.arange(len(numbers))
    counting = HourlyAlarms(row_of[every.numbers], every.slots)
    met = (_channel_tally(_unpacked(each, calendar), row_of) for each in channels)
    return numbers, Tally(counting, len(numbers), met)


class _Unpacked(NamedTuple):
    """Test number, kind, and where the kind is an hour its slot, of each mark."""

    numbers: Index
    kinds: Index
    slots: Index


def _channel_tally(met: _Unpacked, row_of: Index) -> ChannelTally:
    tests = row_of[met.numbers]
    hourly = met.kinds < _HOURS
    return ChannelTally(
        HourlyAlarms(tests[hourly], met.slots[hourly]),
        tuple(tests[met.kinds == _HOURS + zone] for zone in Zone),
    )


def _unpacked(marks: Marks, calendar: Calendar) -> _Unpacked:
    numbers_and_kinds = marks.packed.astype(np.intp)
    kinds = numbers_and_kinds & (_KINDS - 1)
    midnights = calendar.slots(marks.days * DAY)
    slots = np.repeat(midnights, marks.lengths) + kinds
    return _Unpacked(numbers_and_kinds >> _KIND_BITS, kinds, slots)


def _cut_at_midnight(watched: Sequence[Spans]) -> Index:
    """Return spans as rows (day, place in ``watched``, start, end), one for each day."""
    starts = np.concatenate([spans.starts for spans in watched])
    ends = np.concatenate([spans.ends for spans in watched])
    kinds = np.repeat(np.arange(len(watched)), [len(spans.starts) for spans in watched])
    first, last = starts // DAY, (ends - 1) // DAY
    touched = last - first + 1
    of_row = np.repeat(np.arange(len(starts)), touched)
    days = (
        first[of_row] + np.arange(len(of_row)) - (np.cumsum(touched) - touched)[of_row]
    )
    return np.stack(
        [
            days,
            kinds[of_row],
            np.maximum(starts[of_row], days * DAY),
            np.minimum(ends[of_row], (days + 1) * DAY),
        ],
        axis=1,
    )
