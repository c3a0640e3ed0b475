"""How is a state shown? Shape, word and colour, in that order of importance."""

from functools import cache
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from qa_observability.web.charts.svg import element

UNKNOWN: Final = "unknown"
_SEVERITIES: Final = ("low", "medium", "high", "critical")
_NO_DATA: Final = gettext_lazy("No data")
_STATUS_WORDS: Final = {
    "healthy": gettext_lazy("Healthy"),
    "warning": gettext_lazy("Warning"),
    "critical": gettext_lazy("Critical"),
}
_SYNC_WORDS: Final = {
    "ok": gettext_lazy("OK"),
    "warning": gettext_lazy("Warning"),
    "error": gettext_lazy("Error"),
}
_SEVERITY_WORDS: Final = {
    "low": gettext_lazy("Low"),
    "medium": gettext_lazy("Medium"),
    "high": gettext_lazy("High"),
    "critical": gettext_lazy("Critical"),
}
_LOOK_OF_SYNC: Final = {"ok": "healthy", "warning": "warning", "error": "critical"}


def look_of(status: str | None) -> str:
    """Return the CSS class of a state: healthy, warning, critical or unknown."""
    return status or UNKNOWN


def status_words(status: str | None) -> str:
    """Return the state in words; None is "No data", never healthy."""
    return str(_STATUS_WORDS.get(status or "", _NO_DATA))


def sync_words(status: str | None) -> str:
    """Return a sync's state in words."""
    return str(_SYNC_WORDS.get(status or "", _NO_DATA))


def severity_words(severity: str) -> str:
    """Return an event's severity in words."""
    return str(_SEVERITY_WORDS[severity])


@cache
def shape(status: str | None, *, large: bool = False) -> SafeString:
    """Return a state's shape, hidden from readers: the word stands beside it."""
    look = look_of(status)
    return element(
        "svg",
        element("use", href=f"#shape-{look}"),
        class_=f"shape {look} large" if large else f"shape {look}",
        viewBox="0 0 16 16",
        aria_hidden="true",
        focusable="false",
    )


def badge(status: str | None, reason: str = "") -> SafeString:
    """Return shape and word; the title holds the reason."""
    return element(
        "span",
        shape(status),
        status_words(status),
        class_=f"badge {look_of(status)}",
        title=reason or None,
    )


def sync(status: str | None) -> SafeString:
    """Return a sync's shape and word, in the state it means for the channel."""
    return element(
        "span",
        shape(_LOOK_OF_SYNC.get(status or "")),
        sync_words(status),
        class_="sync",
    )


def severity(name: str) -> SafeString:
    """Return one to four blocks and the word: never the shapes of a state.

    Raises: ``ValueError`` for a severity that does not exist.
    """
    return element(
        "span", _blocks(name), severity_words(name), class_=f"severity {name}"
    )


@cache
def _blocks(severity: str) -> SafeString:
    filled = _SEVERITIES.index(severity) + 1
    blocks = [
        element(
            "rect",
            x=step * 6,
            y=9 - step * 3,
            width=4,
            height=3 + step * 3,
            class_="on" if step < filled else None,
        )
        for step in range(len(_SEVERITIES))
    ]
    return element("svg", *blocks, viewBox="0 0 22 12", aria_hidden="true")
