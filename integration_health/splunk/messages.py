"""What did Splunk itself say about the search?"""

from django.utils.translation import gettext as _

from integration_health.splunk.errors import UnreadableExport
from integration_health.splunk.records import ExportFacts, excerpt

_MOST_KEPT = 20
_WORTH_KEEPING = frozenset(("FATAL", "ERROR", "WARN"))


def noted_messages(messages: object, facts: ExportFacts) -> None:
    """Note messages ``[{"type": ..., "text": ...}]`` in the facts.

    Raises: :class:`UnreadableExport` with Splunk's text for a failed search.
    """
    for message in messages if isinstance(messages, list) else []:
        if isinstance(message, dict):
            noted_message(message.get("type"), message.get("text"), facts)


def noted_message(kind: object, text: object, facts: ExportFacts) -> None:
    """Note one message; INFO and DEBUG are nobody's concern.

    FATAL means the search failed, whatever rows there are; ERROR means so where there are
    none, and otherwise that rows are missing.
    """
    level, words = str(kind).upper(), excerpt(str(text))
    if level == "FATAL" or (level == "ERROR" and facts.final_rows == 0):
        raise UnreadableExport(
            _("The search failed in Splunk, which says: %(text)s") % {"text": words},
            kind="search_failed",
        )
    facts.incomplete |= level == "ERROR"
    if level in _WORTH_KEEPING and len(facts.messages) < _MOST_KEPT:
        facts.messages.append((level, words))
