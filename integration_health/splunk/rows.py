"""What does one exported row mean? Endpoint statistics, or an event of the log."""

from collections.abc import Collection, Iterator
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from integration_health.enums import BatchKind
from integration_health.splunk.errors import UnreadableExport
from integration_health.splunk.event_rows import RawEventRow, event_row
from integration_health.splunk.fields import RowRefused
from integration_health.splunk.reader import SplunkExport
from integration_health.splunk.records import (
    ExportFacts,
    IgnoredRow,
    RawRow,
    Record,
    RejectedRow,
    excerpt,
)
from integration_health.splunk.stat_rows import (
    ERRORS,
    REQUESTS,
    EndpointStatRow,
    stat_row,
)

MOST_ROWS = 5_000_000

ParsedRow = EndpointStatRow | RawEventRow | RejectedRow | IgnoredRow


class ParsedExport:
    """The rows of an export with their meaning; ``kind`` is known once one was met.

    ``zone`` is used only for moments that name no certain zone themselves.
    """

    def __init__(self, export: SplunkExport, *, zone: ZoneInfo | None = None) -> None:
        self.facts: ExportFacts = export.facts
        self.kind: BatchKind | None = None
        self._records = export.rows()
        self._zone = zone
        self._odd_row: RawRow | None = None

    def rows(self) -> Iterator[ParsedRow]:
        """Yield every row parsed, refused or ignored, in the file's order.

        Raises: ``UnreadableExport`` when the columns are of neither kind of export, and
            above five million rows.
        """
        for count, record in enumerate(self._records, start=1):
            if count > MOST_ROWS:
                raise UnreadableExport(
                    _("The file has more than five million rows. Export less at once."),
                    kind="too_many_rows",
                )
            yield self._parsed(record)
        if self.kind is None and self.facts.columns:
            self._know_kind(self.facts.columns)
        if self.kind is None and self._odd_row is not None:
            raise _neither_kind(self._odd_row.fields)

    def _parsed(self, record: Record) -> ParsedRow:
        if not isinstance(record, RawRow):
            return record
        if self.kind is None:
            self._know_kind(self.facts.columns or record.fields)
        if self.kind is None:
            self._odd_row = self._odd_row or record
            return _rejected(
                record, RowRefused("", _("Neither endpoint nor _raw is there."))
            )
        try:
            if self.kind == BatchKind.ENDPOINT_STATS:
                return stat_row(record, self.facts, self._zone)
            return event_row(record, self._zone)
        except RowRefused as refused:
            return _rejected(record, refused)

    def _know_kind(self, names: Collection[str]) -> None:
        self.kind = kind_of(names)
        if self.kind is None and self.facts.columns:
            raise _neither_kind(names)
        if self.kind == BatchKind.ENDPOINT_STATS and self.facts.columns:
            _refuse_missing_columns(names)


def kind_of(names: Collection[str]) -> BatchKind | None:
    """Return which kind of export has these columns; ``None`` for neither."""
    if "endpoint" in names and any(name in names for name in REQUESTS):
        return BatchKind.ENDPOINT_STATS
    if "_raw" in names:
        return BatchKind.RAW_EVENTS
    return BatchKind.ENDPOINT_STATS if "endpoint" in names else None


def _refuse_missing_columns(names: Collection[str]) -> None:
    for wanted in (REQUESTS, ERRORS):
        if not any(name in names for name in wanted):
            raise UnreadableExport(
                _("The column %(wanted)s is missing; there are: %(names)s.")
                % {"wanted": wanted[0], "names": excerpt(", ".join(names))},
                kind="missing_column",
            )


def _neither_kind(names: Collection[str]) -> UnreadableExport:
    columns = excerpt(", ".join(names))
    if "_time" in names:
        return UnreadableExport(
            _(
                "The file is a time chart: one column per series and no endpoint "
                "(%(names)s). Replace timechart by: bin _time span=5m | stats ... by "
                "_time endpoint"
            )
            % {"names": columns},
            kind="timechart",
        )
    return UnreadableExport(
        _(
            "The column endpoint (statistics) or _raw (events) is missing; there are: "
            "%(names)s. Rename in the search: | rename your_column as endpoint"
        )
        % {"names": columns},
        kind="missing_column",
    )


def _rejected(record: RawRow, refused: RowRefused) -> RejectedRow:
    fields = record.fields
    shown = fields.get("endpoint") or fields.get("_raw") or fields
    return RejectedRow(record.line, refused.field, refused.reason, excerpt(str(shown)))
