"""What does the evidence say, in one sentence that a person can check?"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from correlation.domain.verdicts import FEWEST_TRIALS
from correlation.domain.zones import SKEW_SECONDS
from correlation.enums import Pattern
from qa_observability.web.formats import number

_HOUR = 3600
_MINUTE = 60


def evidence_sentence(
    pattern: Pattern,
    *,
    integration: str,
    trials: int,
    hits: int,
    expected: float,
    window_seconds: int,
) -> str:
    """Return the sentence shown wherever a pair of test and integration is.

    Under three cases, or for a channel that never failed, it says that there is not
    enough data, never that there is no link.
    Source: DESIGN section 6, step 10.
    """
    if not expected:
        return never_failed(integration)
    if trials < FEWEST_TRIALS:
        return not_enough_data(integration, trials)
    words = {
        "integration": integration,
        "window": window_words(window_seconds),
        "hits": hits,
        "trials": trials,
        "expected": number(expected, 1),
    }
    if pattern == Pattern.SIMULTANEOUS:
        words["window"] = window_words(SKEW_SECONDS)
        return (
            _(
                "When this test failed, %(integration)s began to fail within %(window)s "
                "before or after in %(hits)d of %(trials)d cases; "
                "chance alone: %(expected)s."
            )
            % words
        )
    if pattern == Pattern.FOLLOWS:
        return (
            _(
                "When this test failed, %(integration)s was failing or had begun to within "
                "%(window)s before in %(hits)d of %(trials)d cases; "
                "chance alone: %(expected)s."
            )
            % words
        )
    return (
        _(
            "When this test failed while %(integration)s was healthy, %(integration)s failed "
            "within %(window)s in %(hits)d of %(trials)d cases; chance alone: %(expected)s."
        )
        % words
    )


def not_enough_data(integration: str, trials: int) -> str:
    """Return why there is no verdict yet, and what one needs."""
    return ngettext(
        "Not enough data: this test failed in %(count)d case while %(integration)s was "
        "healthy; a verdict needs %(needed)d.",
        "Not enough data: this test failed in %(count)d cases while %(integration)s was "
        "healthy; a verdict needs %(needed)d.",
        trials,
    ) % {"count": trials, "integration": integration, "needed": FEWEST_TRIALS}


def never_failed(integration: str) -> str:
    """Return why a channel without incidents has no verdict."""
    return _(
        "Not enough data: %(integration)s had no incident while this test ran."
    ) % {"integration": integration}


def window_words(seconds: int) -> str:
    """Return a window exactly, in its largest whole unit: "1 h", "90 min", "301 s"."""
    if seconds % _HOUR == 0:
        return _("%(count)d h") % {"count": seconds // _HOUR}
    if seconds % _MINUTE == 0:
        return _("%(count)d min") % {"count": seconds // _MINUTE}
    return _("%(count)d s") % {"count": seconds}
