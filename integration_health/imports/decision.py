"""Is a staged file stored? The question, and the summary either way."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _

from integration_health.domain.mapping import AMBIGUOUS, UNMAPPED
from integration_health.domain.traffic import ratio
from integration_health.enums import BatchKind
from integration_health.imports.batches import (
    content_hash,
    overlap_conflict,
    overlap_in_words,
    overlapping,
    standing,
)
from integration_health.imports.notices import is_truncated
from integration_health.imports.options import ImportOptions, Overlap
from integration_health.imports.staged import StagedExport
from integration_health.imports.summary import (
    ImportStatus,
    ImportSummary,
    IntegrationCounts,
    Notice,
    OtherCounts,
    RefusedRow,
    UnmappedCounts,
)
from integration_health.models import ImportBatch

MOST_LISTED = 1_000


class Decision:
    """Whether a staged file is stored, and the summary either way."""

    def __init__(
        self,
        staged: StagedExport,
        options: ImportOptions,
        slugs: tuple[str, ...],
        sha256: str,
    ) -> None:
        self.staged = staged
        self.options = options
        self.slugs = slugs
        self.sha256 = sha256
        self.key = content_hash(staged, options)
        self.truncated = is_truncated(staged.facts)
        self.notices: list[Notice] = [*staged.notices]
        self.overlapped = list(overlapping(staged, options))

    def without_storing(self) -> ImportSummary | None:
        """Return the summary of a file that is not to be stored; ``None`` if it is.

        Raises: ``Conflict`` when it overlaps earlier imports and may not replace them.
        """
        same = standing(self.options).filter(content_hash=self.key).first()
        if same is not None and self.staged.intake.accepted:
            return self._duplicate(same)
        if self.staged.accepted == 0:
            known = self.staged.duplicates > 0
            return self.summary(ImportStatus.DUPLICATE if known else ImportStatus.EMPTY)
        self._note_same_file()
        if self.overlapped and self.options.overlap == Overlap.REFUSE:
            if not self.options.dry_run:
                raise overlap_conflict(self.overlapped)
            self.notices.append(Notice("overlap", overlap_in_words(self.overlapped)))
        return self.summary(ImportStatus.DRY_RUN) if self.options.dry_run else None

    def summary(
        self, status: ImportStatus, import_id: UUID | None = None
    ) -> ImportSummary:
        """Return the summary as things stand."""
        staged = self.staged
        return ImportSummary(
            import_id=import_id,
            status=status,
            dry_run=self.options.dry_run,
            shape=staged.kind,
            window=staged.window,
            read=staged.intake.read,
            accepted=staged.accepted,
            rejected=staged.rejected,
            ignored=staged.ignored,
            duplicates=staged.duplicates,
            incomplete=staged.facts.incomplete,
            truncated=self.truncated,
            warnings=self.notices,
            integrations=list(self._integrations()),
            unmapped=self._unmapped(),
            others=[
                OtherCounts(each.other_name, each.rows, each.requests, each.errors)
                for each in staged.totals
                if each.other_name
            ],
            rejected_rows=[
                RefusedRow(row.line, row.field, row.reason)
                for row in staged.refusals()[:MOST_LISTED]
            ],
        )

    def _duplicate(self, same: ImportBatch) -> ImportSummary:
        self.notices.append(
            Notice(
                "duplicate",
                _("The same rows were imported on %(day)s as %(name)s. Nothing added.")
                % {"day": f"{same.created_at:%Y-%m-%d}", "name": same.file_name},
            )
        )
        staged = self.staged
        return replace(
            self.summary(ImportStatus.DUPLICATE, same.pk),
            accepted=0,
            ignored=staged.ignored + staged.accepted,
            duplicates=staged.duplicates + staged.accepted,
            integrations=[],
            unmapped=UnmappedCounts(0, 0, 0),
            others=[],
        )

    def _note_same_file(self) -> None:
        same = standing(self.options).filter(sha256=self.sha256).first()
        if same is not None:
            self.notices.append(
                Notice(
                    "same_file",
                    _(
                        "This very file was imported for another window (%(id)s). If "
                        "that was a mistake, undo that import."
                    )
                    % {"id": same.pk},
                )
            )

    def _integrations(self) -> Iterator[IntegrationCounts]:
        rated = self.staged.kind == BatchKind.ENDPOINT_STATS or self.options.complete
        by_key = {each.integration_key: each for each in self.staged.totals}
        for slug in self.slugs:
            if slug in by_key:
                found = by_key[slug]
                rate = ratio(found.errors, found.requests) if rated else None
                yield IntegrationCounts(slug, found.requests, found.errors, rate)

    def _unmapped(self) -> UnmappedCounts:
        found = [
            each
            for each in self.staged.totals
            if each.integration_key in {UNMAPPED, AMBIGUOUS}
        ]
        return UnmappedCounts(
            sum(each.rows for each in found),
            sum(each.requests for each in found),
            sum(each.errors for each in found),
        )
