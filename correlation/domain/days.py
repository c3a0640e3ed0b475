"""What does each day add to the evidence, and is what was counted of it still true?"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from correlation.domain.alarms import Alarms
from correlation.domain.arrays import Index, Seconds
from correlation.domain.chance import HOUR, Calendar
from correlation.domain.counts import HourlyAlarms, Tally
from correlation.domain.spans import Spans
from correlation.domain.zones import Zone, ZoneSpans

DAY = 86_400
_HOURS = 24
_KIND_BITS = 5  # of a mark's 32: the others hold a test's number
_KINDS = 2**_KIND_BITS
_DIGEST_BYTES = 16
# Part of every fingerprint: another way of counting makes all that was counted stale.
_METHOD = b"1"

_STORED = np.dtype("<u4")

MarksByDay = Mapping[int, bytes]


@dataclass(frozen=True, slots=True)
class MarkedDays:
    """What was counted of each day, by days since the Unix epoch.

    A mark is a little-endian uint32, ``test number * 32 + kind``. In ``alarms`` each
    alarm that counts has one, its kind the hour of the UTC day. In ``channels``, by
    integration, kinds 0 to 23 are alarms that found the channel failing, 24 to 26 hits
    of that zone.
    """

    alarms: MarksByDay
    channels: Sequence[MarksByDay]


def alarm_marks(trials: Alarms) -> MarksByDay:
    """Return the marks of the alarms that count; their ``tests`` are test numbers."""
    return _by_day(trials.moments, _hourly(trials.tests, trials.moments))


def channel_marks(trials: Alarms, zones: ZoneSpans) -> MarksByDay:
    """Return the marks of what the alarms met at one channel."""
    failing = zones.failing.positions(trials.moments)
    places = [failing]
    marks = [_hourly(trials.tests[failing], trials.moments[failing])]
    for zone in Zone:
        hits = zones.hits[zone].positions(trials.moments)
        places.append(hits)
        marks.append(trials.tests[hits] * _KINDS + _HOURS + zone)
    return _by_day(trials.moments[np.concatenate(places)], np.concatenate(marks))


def fingerprints(watched: Sequence[Spans], judged: Iterable[str]) -> dict[int, bytes]:
    """Return, for each day on which anything is watched, what was watched and of whom.

    Equal prints mean equal spans within the day. ``judged`` are the sources whose tests'
    alarms are held against them, in any order.
    """
    named = hashlib.blake2b(_METHOD, digest_size=_DIGEST_BYTES)
    for name in sorted(judged):
        named.update(name.encode() + b"\0")
    rows = np.concatenate(
        [_cut_at_midnight(spans, kind) for kind, spans in enumerate(watched)]
    )
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    days, firsts = np.unique(rows[:, 0], return_index=True)
    prints = {}
    for day, part in zip(days.tolist(), _split(rows, firsts), strict=True):
        digest = named.copy()
        digest.update(part.tobytes())
        prints[day] = digest.digest()
    return prints


def tally_of(marked: MarkedDays, calendar: Calendar) -> tuple[Index, Tally]:
    """Return the ascending test numbers, and all days added up, a row for each number."""
    alarms = _joined(marked.alarms, calendar)
    numbers = np.flatnonzero(np.bincount(alarms.numbers))
    row_of = np.zeros(int(numbers.max(initial=0)) + 1, dtype=np.intp)
    row_of[numbers] = np.arange(len(numbers))
    hits = np.empty((len(Zone), len(numbers), len(marked.channels)), dtype=np.int64)
    failing = []
    for column, channel in enumerate(marked.channels):
        met = _joined(channel, calendar)
        tests = row_of[met.numbers]
        for zone in Zone:
            of_zone = tests[met.kinds == _HOURS + zone]
            hits[zone, :, column] = np.bincount(of_zone, minlength=len(numbers))
        hourly = met.kinds < _HOURS
        failing.append(HourlyAlarms(tests[hourly], met.slots[hourly]))
    counting = HourlyAlarms(row_of[alarms.numbers], alarms.slots)
    return numbers, Tally(counting, tuple(failing), hits)


class _Marks(NamedTuple):
    """Test number, kind, and where the kind is an hour its slot, of each mark."""

    numbers: Index
    kinds: Index
    slots: Index


def _joined(by_day: MarksByDay, calendar: Calendar) -> _Marks:
    """Return all marks, days ascending."""
    days = sorted(by_day)
    lengths = [len(by_day[day]) // _STORED.itemsize for day in days]
    packed = b"".join(by_day[day] for day in days)
    marks = np.frombuffer(packed, _STORED).astype(np.intp)
    kinds = marks & (_KINDS - 1)
    midnights = calendar.slots(np.array(days, dtype=np.int64) * DAY)
    return _Marks(marks >> _KIND_BITS, kinds, np.repeat(midnights, lengths) + kinds)


def _hourly(numbers: Index, moments: Seconds) -> Index:
    return np.asarray(numbers * _KINDS + moments % DAY // HOUR, dtype=np.intp)


def _by_day(moments: Seconds, marks: Index) -> MarksByDay:
    """Return the marks by the day of their moment; of one day in the order given."""
    days = moments // DAY
    order = np.argsort(days, kind="stable")
    found, firsts = np.unique(days[order], return_index=True)
    parts = _split(marks[order].astype(_STORED), firsts)
    return {
        day: part.tobytes() for day, part in zip(found.tolist(), parts, strict=True)
    }


def _split(rows: npt.NDArray[Any], firsts: Index) -> list[npt.NDArray[Any]]:
    """Return the stretches of rows that begin at ``firsts``; none of none."""
    return np.split(rows, firsts[1:]) if len(firsts) else []


def _cut_at_midnight(spans: Spans, kind: int) -> Index:
    """Return spans as rows (day, kind, start, end), one for each day they touch."""
    first, last = spans.starts // DAY, (spans.ends - 1) // DAY
    touched = last - first + 1
    begin = np.repeat(np.cumsum(touched) - touched, touched)
    days = np.repeat(first, touched) + np.arange(touched.sum()) - begin
    return np.stack(
        [
            days,
            np.full(len(days), kind),
            np.maximum(np.repeat(spans.starts, touched), days * DAY),
            np.minimum(np.repeat(spans.ends, touched), (days + 1) * DAY),
        ],
        axis=1,
    )
