"""What should the importer be told about a file that was read?"""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from integration_health.imports.intake import MOST_REFUSALS, Intake
from integration_health.imports.staging import RepeatedRow
from integration_health.imports.summary import Notice
from integration_health.splunk.records import ExportFacts
from integration_health.splunk.stat_rows import RateCheck

SUSPICIOUS_SIZES = frozenset((100, 1_000, 10_000, 50_000))


def is_truncated(facts: ExportFacts) -> bool:
    """Tell whether a result set has exactly a size at which Splunk cuts."""
    return any(size in SUSPICIOUS_SIZES for size in facts.set_sizes)


def notices(
    facts: ExportFacts, intake: Intake, repeated: Sequence[RepeatedRow]
) -> Iterator[Notice]:
    """Yield a warning for each thing that is odd about the file or its rows."""
    yield from _of_file(facts)
    yield from _of_rows(intake, repeated)
    for level, text in facts.messages:
        yield Notice("splunk_message", f"{level}: {text}")


def _of_file(facts: ExportFacts) -> Iterator[Notice]:
    if facts.final_rows == 0:
        yield Notice(
            "no_rows",
            _("No rows. That says nothing about health: nothing is stored."),
        )
    if facts.incomplete:
        yield Notice(
            "incomplete",
            _("The file ends before the search's last row. Export it again."),
        )
    if is_truncated(facts):
        yield Notice(
            "truncated",
            _(
                "The search returned a round number of rows, so it was almost surely "
                "cut, and the small endpoints are missing. Sort without a limit: "
                "| sort 0 -importance_score"
            ),
        )
    if facts.sets > 1:
        yield Notice(
            "several_sets",
            _(
                "The file holds %(sets)s result sets pasted together. What occurs in "
                "more than one counts once; check that they cover the same time."
            )
            % {"sets": facts.sets},
        )
    if facts.first_row_only:
        yield Notice(
            "first_row_only",
            _("An alert's webhook holds only the first row of its search."),
        )
    if facts.decimal_comma:
        yield Notice(
            "decimal_comma",
            _("Separated by semicolons: 38.900 was read as 38900, 0,31 as 0.31."),
        )
    if facts.fallback_line is not None:
        yield Notice(
            "encoding_fallback",
            _("Line %(line)s is not UTF-8; such lines were read as Windows-1252.")
            % {"line": facts.fallback_line},
        )


def _of_rows(intake: Intake, repeated: Sequence[RepeatedRow]) -> Iterator[Notice]:
    if differing := intake.rate_checks[RateCheck.DIFFERS]:
        yield Notice(
            "rate_differs",
            _("%(rows)s rows give an error rate that is not errors by requests.")
            % {"rows": differing},
        )
    if fractions := intake.rate_checks[RateCheck.FRACTION]:
        yield Notice(
            "rate_is_fraction",
            _("%(rows)s rows give the error rate as a fraction; it was recomputed.")
            % {"rows": fractions},
        )
    if intake.ambiguous:
        yield Notice(
            "ambiguous_endpoints",
            _("%(rows)s rows name two channels and count as unmapped. Add a rule.")
            % {"rows": intake.ambiguous},
        )
    if repeated:
        yield Notice(
            "repeated_endpoints",
            _(
                "%(rows)s rows repeat an earlier one (the first: line %(line)s repeats "
                "line %(first)s). Each counts once."
            )
            % {
                "rows": len(repeated),
                "line": repeated[0].line,
                "first": repeated[0].first_line,
            },
        )
    if intake.rejected > MOST_REFUSALS:
        yield Notice(
            "many_rejected",
            _("Only the first %(most)s rejected rows are kept.")
            % {"most": MOST_REFUSALS},
        )
