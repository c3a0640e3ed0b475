"""Which rows of a file count, where do they belong, and what is left out and why?"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import msgspec
from django.utils.translation import gettext as _

from integration_health.domain.mapping import AMBIGUOUS
from integration_health.domain.routes import UNSAFE_CHARACTERS
from integration_health.enums import Severity
from integration_health.imports.options import AHEAD, ImportOptions, window_required
from integration_health.imports.staging import StagedRow
from integration_health.imports.summary import PreviewRow
from integration_health.models.events import KEPT
from integration_health.rules import StoredRules
from integration_health.splunk.event_rows import RawEventRow
from integration_health.splunk.records import IgnoredRow, RejectedRow
from integration_health.splunk.rows import ParsedExport
from integration_health.splunk.stat_rows import EndpointStatRow, RateCheck
from qa_observability.lib.scrub import scrub_text

MOST_REFUSALS = 10_000  # rows kept with their reason; the count is always whole
PREVIEWED = 20
TOLD_EVERY = 2_000
BURST_BIN = timedelta(minutes=5)
NO_PATH = "{log line}"

_LONGEST_MESSAGE = 500
_LONGEST_WORD = 200
_SMALLEST_SERVER_ERROR = 500
_DIGEST_BYTES = 16
_DIGEST_RANGE = 1 << 8 * _DIGEST_BYTES


@dataclass(slots=True)
class Intake:
    """What one pass over the rows of a file came to.

    ``content`` is the sum of the rows' hashes: the same for the same rows in any order
    and wrapping. ``first`` and ``last`` are the earliest and latest moment of a row.
    """

    read: int = 0
    accepted: int = 0
    rejected: int = 0
    ignored: int = 0
    refusals: list[RejectedRow] = field(default_factory=list)
    rate_checks: Counter[RateCheck] = field(default_factory=Counter)
    ambiguous: int = 0
    content: int = 0
    spans: set[int] = field(default_factory=set)
    binned: bool | None = None
    first: datetime | None = None
    last: datetime | None = None
    preview: list[PreviewRow] = field(default_factory=list)

    def refuse(self, row: RejectedRow) -> None:
        """Count a refused row; keep the first 10,000."""
        self.rejected += 1
        if len(self.refusals) < MOST_REFUSALS:
            self.refusals.append(row)

    def accept(self, row: StagedRow, moment: datetime | None) -> None:
        """Count an accepted row."""
        self.accepted += 1
        self.ambiguous += row.integration_key == AMBIGUOUS
        if moment is not None:
            self.first = moment if self.first is None else min(self.first, moment)
            self.last = moment if self.last is None else max(self.last, moment)
        if len(self.preview) < PREVIEWED:
            self.preview.append(
                PreviewRow(
                    row.line,
                    row.route,
                    row.integration_key,
                    row.aspect,
                    row.requests,
                    row.errors,
                    moment,
                )
            )

    def add_content(self, *parts: object) -> None:
        """Add one row to the file's content."""
        self.content = (self.content + int.from_bytes(_digest(*parts))) % _DIGEST_RANGE


class Told(Protocol):
    """Hears now and then how many rows were read, and at last that they are all."""

    def __call__(self, rows: int, *, are_all: bool = False) -> None: ...


def untold(rows: int, *, are_all: bool = False) -> None:
    """Tell nobody how many rows were read."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What rows are checked against, and how they become staged ones."""

    options: ImportOptions
    rules: StoredRules
    now: datetime
    told: Told = untold

    def staged_rows(self, export: ParsedExport, intake: Intake) -> Iterator[StagedRow]:
        """Yield the accepted rows of an export, counting every row in ``intake``.

        Raises: ``InvalidField`` for statistics without ``_time`` and without a window.
        """
        for position, row in enumerate(export.rows(), start=1):
            intake.read += 1
            if position % TOLD_EVERY == 0:
                self.told(position)
            if isinstance(row, EndpointStatRow):
                staged = self._stat(position, row, intake)
            elif isinstance(row, RawEventRow):
                staged = self._event(position, row, intake)
            elif isinstance(row, IgnoredRow):
                intake.ignored += 1
                continue
            else:
                intake.refuse(row)
                continue
            if staged is not None:
                intake.accept(staged, staged.occurred_at or staged.bin_start)
                yield staged

    def _stat(
        self, position: int, row: EndpointStatRow, intake: Intake
    ) -> StagedRow | None:
        if intake.binned is None:
            intake.binned = row.bin_start is not None
        if not intake.binned and self.options.window is None:
            raise window_required()
        route, mapped = self.rules.place(row.endpoint)
        if reason := self._unfit(row.bin_start, needed=intake.binned):
            intake.refuse(RejectedRow(row.line, "_time", reason, route))
            return None
        intake.rate_checks[row.rate_check] += 1
        if row.span_seconds:
            intake.spans.add(row.span_seconds)
        key = _digest(row.endpoint, row.bin_start)
        intake.add_content(key, row.requests, row.errors, row.server_errors)
        return StagedRow(
            position,
            row.line,
            mapped.integration_key,
            route,
            mapped.aspect,
            mapped.channel_hint,
            key,
            row.bin_start if intake.binned else None,
            row.requests,
            row.errors,
            row.client_errors,
            row.server_errors,
        )

    def _event(
        self, position: int, row: RawEventRow, intake: Intake
    ) -> StagedRow | None:
        if reason := self._unfit(row.occurred_at, needed=True):
            intake.refuse(RejectedRow(row.line, "_time", reason, scrub_text(row.text)))
            return None
        intake.add_content(row.identity, row.occurred_at)
        if not (row.is_error or self.options.complete):
            intake.ignored += 1
            return None
        route, mapped = self.rules.place(row.path or row.text)
        route = route if row.path else NO_PATH
        is_server_error = row.status is None or row.status >= _SMALLEST_SERVER_ERROR
        return StagedRow(
            position,
            row.line,
            mapped.integration_key,
            route,
            mapped.aspect,
            mapped.channel_hint,
            bytes.fromhex(row.identity),
            _bin_of(row.occurred_at) if self.options.complete else None,
            1,
            int(row.is_error),
            int(row.is_error and not is_server_error),
            int(row.is_error and is_server_error),
            row.occurred_at,
            Severity.HIGH if is_server_error else Severity.MEDIUM,
            _message(row, route),
            _metadata(row, route),
        )

    def _unfit(self, moment: datetime | None, *, needed: bool) -> str:
        """Return why a row's time rules it out; empty when it does not."""
        if not needed:
            return ""
        if moment is None:
            return _("The time is missing; other rows have one.")
        if moment > self.now + AHEAD:
            return _("The time lies in the future.")
        if moment < self.now - KEPT:
            return _("Older than 90 days, which is how long events are kept.")
        window = self.options.window
        if window is not None and not window.contains(moment):
            return _("The time lies outside the window given.")
        return ""


def _bin_of(moment: datetime) -> datetime:
    return moment - timedelta(seconds=moment.timestamp() % BURST_BIN.total_seconds())


def _message(row: RawEventRow, route: str) -> str:
    """Return a text that equal failures share, whoever the client was."""
    if row.status is not None:
        return f"{_clean(row.method)} {route} answered {row.status}".strip()
    return scrub_text(_clean(row.text, 2 * _LONGEST_MESSAGE))[:_LONGEST_MESSAGE]


def _metadata(row: RawEventRow, route: str) -> str:
    told = {
        "method": _clean(row.method),
        "route": route,
        "status": row.status,
        "host": _clean(row.host),
        "source": _clean(row.source),
    }
    known = {name: value for name, value in told.items() if value not in {"", None}}
    return msgspec.json.encode(known).decode()


def _clean(text: str, longest: int = _LONGEST_WORD) -> str:
    return UNSAFE_CHARACTERS.sub("\ufffd", text[:longest])


def _digest(*parts: object) -> bytes:
    text = "\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=_DIGEST_BYTES).digest()
