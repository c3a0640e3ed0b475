"""What should a person know about a report? Each decision of the reader, said once."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from correlation.enums import TimeBasis
from correlation.junit.dialects import hides_retries, parents_of_subtests
from correlation.junit.markup import Markup
from correlation.parsed import ReadingNote
from qa_observability.lib.scrub import scrub_text

CLAIMED = "status_attribute_ignored"
COMMA = "ambiguous_duration"
SUITE_ERROR = "suite_error"
UNKNOWN_INTEGRATION = "unknown_integration"
UNNAMED = "unnamed_case"
NOTHING_RAN = "nothing_ran"
CASES_MISSING = "cases_missing"
RETRIES_HIDDEN = "retries_hidden"
SUBTESTS = "parents_and_subtests"
MOST_SHOWN = 5  # names in a note
LONGEST_SHOWN = 80  # characters of each

_COUNTED = {
    CLAIMED: gettext_lazy(
        "%(count)s cases say they failed in an attribute only; their elements decide."
    ),
    COMMA: gettext_lazy(
        "%(count)s durations have a comma that could mean thousands or decimals; "
        "they count as unknown."
    ),
    SUITE_ERROR: gettext_lazy(
        "%(count)s errors belong to a suite and have no case; each became a result."
    ),
    UNKNOWN_INTEGRATION: gettext_lazy(
        "%(count)s cases name an integration that does not exist; it was left out."
    ),
    UNNAMED: gettext_lazy(
        "%(count)s cases have no name; they are told apart by their place."
    ),
    TimeBasis.ZONE_ASSUMED: gettext_lazy(
        "%(count)s moments name no time zone; UTC was assumed. Set the source's zone."
    ),
    TimeBasis.DATE_ONLY: gettext_lazy(
        "%(count)s moments are dates only; the start of the day was taken."
    ),
    TimeBasis.UPLOAD: gettext_lazy(
        "%(count)s results name no believable moment; the time of upload was taken."
    ),
}


def of_report(markup: Markup, seen: Mapping[str, int]) -> tuple[ReadingNote, ...]:
    """Return the notes on a report; ``seen`` counts what happened to single cases."""
    counted = Counter(seen)
    notes = [
        ReadingNote(str(code), str(text) % {"count": counted[code]})
        for code, text in _COUNTED.items()
        if counted[code]
    ]
    return (*notes, *_on_the_whole(markup))


def _on_the_whole(markup: Markup) -> Iterator[ReadingNote]:
    if not markup.cases:
        yield ReadingNote(NOTHING_RAN, _("The report holds no case: nothing ran."))
    hollow = [
        suite.attributes.get("name", "")
        for suite in markup.suites
        if not suite.cases
        and not suite.suites
        and suite.attributes.get("tests", "0").strip() not in {"0", ""}
    ]
    if hollow:
        yield ReadingNote(
            CASES_MISSING,
            _("%(count)s suites claim cases in an attribute and hold none: %(names)s.")
            % {"count": len(hollow), "names": _some(hollow)},
        )
    tool = hides_retries(markup)
    if tool:
        yield ReadingNote(
            RETRIES_HIDDEN,
            _("%(tool)s shows a test that passed on a retry as a plain pass.")
            % {"tool": tool},
        )
    parents = list(parents_of_subtests(markup))
    if parents:
        yield ReadingNote(
            SUBTESTS,
            _("%(count)s tests and their subtests are both counted: %(names)s.")
            % {"count": len(parents), "names": _some(parents)},
        )


def _some(names: Sequence[str]) -> str:
    """Return the first few names, each cut to what a sentence bears."""
    shown = ", ".join(scrub_text(name[:LONGEST_SHOWN]) for name in names[:MOST_SHOWN])
    return f"{shown}…" if len(names) > MOST_SHOWN else shown
