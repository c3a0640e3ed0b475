"""How do test results come in? One verb for files, the API, the shell and samples."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction

from correlation.domain.zones import LONGEST_WINDOW_SECONDS
from correlation.early_warnings import warn_of
from correlation.ingest.rows import Run, row_text
from correlation.models import TestSource
from correlation.parsed import ParsedResult, ReadingNote, RejectedLine
from correlation.storage.alarms import judge_alarms
from correlation.storage.pending_results import (
    FailureSpans,
    clear_pending,
    copy_pending,
    store_pending,
)
from qa_observability import sample_registry
from qa_observability.metrics.rows import count_rows

CHUNK = 500  # rows copied at once: bounds memory, and larger was no faster
LISTED = 1_000  # up to so many lines each gets its result, beyond only the exceptions
MOST_LISTED = 10_000  # exceptions listed at most; the counts are always whole

ACCEPTED, DUPLICATE, REJECTED = "accepted", "duplicate", "rejected"

Reading = ParsedResult | RejectedLine


@dataclass(frozen=True, slots=True)
class ResultOutcome:
    """What became of one line; ``reason`` is a stable code, a colon and a sentence."""

    line: int
    outcome: str
    field: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ResultsImport:
    """How many lines were accepted, known already, rejected; and the lines, in order.

    Of more than 1,000 lines only duplicates and rejected ones are listed, the first
    10,000 of each. ``alarms`` counts the alarms raised, ``joined`` the variants of
    parametrised tests that went to their base test, ``sample_removed`` is whether this
    import was the first real one.
    """

    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    results: tuple[ResultOutcome, ...] = ()
    alarms: int = 0
    joined: int = 0
    sample_removed: bool = False
    warnings: tuple[ReadingNote, ...] = ()


@dataclass(slots=True)
class _Intake:
    """What has been seen of the lines so far."""

    lines: list[int] = field(default_factory=list)
    pending: int = 0
    sources: set[str] = field(default_factory=set)
    rejected: int = 0
    refusals: list[ResultOutcome] = field(default_factory=list)

    def accept(self, result: ParsedResult, source: str) -> None:
        self.pending += 1
        self.sources.add(source)
        if self.pending <= LISTED:
            self.lines.append(result.line)

    def refuse(self, refused: RejectedLine) -> None:
        self.rejected += 1
        if self.rejected <= MOST_LISTED:
            reason = f"{refused.code}: {refused.reason}"
            self.refusals.append(
                ResultOutcome(refused.line, REJECTED, refused.field or None, reason)
            )

    def lines_with(self, duplicates: list[int]) -> tuple[ResultOutcome, ...]:
        results = self.refusals + [
            ResultOutcome(line, DUPLICATE) for line in duplicates[:MOST_LISTED]
        ]
        if self.pending + self.rejected <= LISTED:
            known = set(duplicates)
            results += [
                ResultOutcome(line, ACCEPTED)
                for line in self.lines
                if line not in known
            ]
        return tuple(sorted(results, key=lambda result: result.line))


def import_results(
    readings: Iterable[Reading],
    *,
    run: Run,
    now: datetime,
    sample: bool = False,
    keep_sample: bool = False,
) -> ResultsImport:
    """Store the results, their tests and the alarms they raise; say what became of each.

    ``run`` names source, run and revision of results that bring none of their own. The
    same source, run and test again adds nothing; a later attempt takes the earlier one's
    place. All in one transaction, the caller's if there is one: an exception from
    ``readings`` stores nothing. Memory is bounded by 500 rows, so ``readings`` may be a
    stream of any length. The first real results take the sample away unless
    ``keep_sample``.
    Source: DESIGN sections 6 (step 1), 7 and 8.
    """
    intake = _Intake()
    with transaction.atomic():
        clear_pending()
        for chunk in _chunks(readings):
            _copy(chunk, run, now, intake)
        if not intake.pending:
            _count(intake, duplicates=0)
            return ResultsImport(
                rejected=intake.rejected, results=intake.lines_with([])
            )
        is_first = not (sample or keep_sample) and _remove_sample(now)
        _ensure_sources(intake.sources)
        stored = store_pending(sample=sample, now=now)
        raised, _withdrawn = judge_alarms(stored.spans)
        if raised:
            _warn_after_commit(stored.spans, now)
        _count(intake, duplicates=len(stored.duplicates))
        return ResultsImport(
            accepted=intake.pending - len(stored.duplicates),
            duplicates=len(stored.duplicates),
            rejected=intake.rejected,
            results=intake.lines_with(stored.duplicates),
            alarms=raised,
            joined=stored.joined,
            sample_removed=is_first,
        )


def _warn_after_commit(spans: FailureSpans, now: datetime) -> None:
    """Raise early warnings once the alarms stand; that they fail must not fail an import.

    Tests that failed only long ago are not asked about: a past's import costs nothing.
    """
    since = now - timedelta(seconds=LONGEST_WINDOW_SECONDS)
    tests = [
        test
        for test, high in zip(spans.tests, spans.highs, strict=True)
        if high > since
    ]

    def warn() -> None:
        warn_of(tests, now=now)

    if tests:
        transaction.on_commit(warn, robust=True)


def _count(intake: _Intake, *, duplicates: int) -> None:
    count_rows(
        "results",
        "tests",
        accepted=intake.pending - duplicates,
        duplicates=duplicates,
        rejected=intake.rejected,
    )


def _copy(chunk: Iterable[Reading], run: Run, now: datetime, intake: _Intake) -> None:
    rows = []
    for reading in chunk:
        if isinstance(reading, RejectedLine):
            intake.refuse(reading)
        else:
            intake.accept(reading, reading.source or run.source)
            rows.append(row_text(reading, run, now))
    if rows:
        copy_pending(rows)


def _remove_sample(now: datetime) -> bool:
    if not sample_registry.any_loaded():
        return False
    sample_registry.purge_all(now)
    return True


def _ensure_sources(names: Iterable[str]) -> None:
    """Make the sources that are new, with the usual window; sorted against deadlock."""
    TestSource.objects.bulk_create(
        [TestSource(name=name) for name in sorted(names)], ignore_conflicts=True
    )


def _chunks(readings: Iterable[Reading]) -> Iterator[list[Reading]]:
    remaining = iter(readings)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk
