"""What is the answer to an import? The same for API, command and pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from integration_health.enums import BatchKind
from qa_observability.lib.periods import Window


class ImportStatus(StrEnum):
    """What became of a file."""

    COMMITTED = "committed"
    DRY_RUN = "dry_run"
    DUPLICATE = "duplicate"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the importer should know: a stable code, and what to do about it."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class IntegrationCounts:
    """Requests and errors of one integration; the rate is a ratio, 0 to 1.

    The rate is ``None`` without requests, and when only failures were exported.
    """

    integration_id: str
    requests: int
    errors: int
    error_rate: Decimal | None


@dataclass(frozen=True, slots=True)
class UnmappedCounts:
    """Rows that no rule maps to a channel, ambiguous ones among them."""

    rows: int
    requests: int
    errors: int


@dataclass(frozen=True, slots=True)
class OtherCounts:
    """Rows of a partner that is named but not watched."""

    name: str
    rows: int
    requests: int
    errors: int


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was refused: its line, the field at fault, and why."""

    line: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What a file held and what it came to; read = accepted + rejected + ignored.

    ``duplicates`` are part of ``ignored``; ``unmapped`` and ``others`` of accepted.
    ``import_id`` is ``None`` when nothing was stored; of a duplicate it is the earlier
    import's. Lists at most 1,000 rejected rows. Source: DESIGN section 8.
    """

    import_id: UUID | None
    status: ImportStatus
    dry_run: bool
    shape: BatchKind | None
    window: Window | None
    read: int
    accepted: int
    rejected: int
    ignored: int
    duplicates: int
    incomplete: bool
    truncated: bool
    warnings: Sequence[Notice]
    integrations: Sequence[IntegrationCounts]
    unmapped: UnmappedCounts
    others: Sequence[OtherCounts]
    rejected_rows: Sequence[RefusedRow]


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row as understood: what a preview shows of the first twenty."""

    line: int
    route: str
    integration_key: str
    aspect: str
    requests: int
    errors: int
    moment: datetime | None
