"""What stands around every page, in each of its states."""

from collections.abc import Iterator
from dataclasses import replace

from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.utils.translation import gettext as _

from qa_observability.roof.components.component import Component, State
from qa_observability.roof.components.examples import FRAME, NOW, PERIOD, WINDOW
from qa_observability.web.periods import period_choices, period_words
from qa_observability.web.sessions import SessionEnd

_READER = replace(
    FRAME,
    shows_revenue=False,
    opens_admin=False,
    may_import=False,
    may_record=False,
    unread=0,
    notes=(),
)
_PERIODS = {
    "period": PERIOD,
    "window": WINDOW,
}


def frame_components() -> Iterator[Component]:
    """Yield the components of the frame: where one is, what came in, who reads."""
    yield from _places()
    yield from _tools()
    yield from _notices()


def _places() -> Iterator[Component]:
    everything = State(_("All rights"), {"frame": FRAME, "section": "airbnb"})
    little = State(
        _("Without money and admin"),
        {"frame": _READER, "perms": {}, "section": "tests"},
    )
    yield Component("logo", _("Logo"), (State(_("Always"), {}),))
    yield Component("navigation", _("Navigation"), (everything, little), narrow=True)
    yield Component(
        "more_navigation",
        _("More places"),
        (
            State(_("Folded"), {"frame": FRAME, "section": "overview"}),
            State(_("On one of them"), {"frame": FRAME, "section": "imports"}),
        ),
        narrow=True,
    )
    yield Component(
        "more_links", _("More places, on phones"), (everything, little), narrow=True
    )
    yield Component(
        "bottom_navigation",
        _("Navigation of phones"),
        (everything, little),
        narrow=True,
    )


def _tools() -> Iterator[Component]:
    chosen = _PERIODS | {
        "periods": period_choices(),
        "period_words": period_words(PERIOD),
    }
    yield Component("period", _("Period selector"), (State(_("30 days"), chosen),))
    yield Component("stamp", _("Time of the data"), (State(_("Now"), {}),))
    yield Component("refresh", _("Refresh"), (State(_("Always"), {}),))
    export = {"href": "/dashboard/export", "inside": "Channels as shown, one per line"}
    yield Component(
        "export_menu",
        _("Export"),
        (
            State(_("Rows only"), export),
            State(_("Also as workbook and PDF"), export | {"is_whole": True}),
        ),
        narrow=True,
    )
    yield Component(
        "bell",
        _("Alert bell"),
        (
            State(_("Nothing unread"), {"frame": _READER}),
            State(_("Some unread"), {"frame": FRAME}),
            State(_("Too many to count"), {"frame": replace(FRAME, unread=120)}),
            State(_("Switched off"), {"frame": replace(FRAME, shows_health=False)}),
        ),
        narrow=True,
    )
    yield Component("user_menu", _("Menu of the reader"), (State(_("Folded"), {}),))
    yield Component("theme_switch", _("Theme"), (State(_("As chosen"), {}),))


def _notices() -> Iterator[Component]:
    yield Component(
        "quality_strip",
        _("Notes on the data"),
        (
            State(_("Something is thin"), {"frame": FRAME}),
            State(_("Nothing to say"), {"frame": _READER}),
        ),
    )
    yield Component(
        "messages",
        _("Messages"),
        tuple(
            State(title, {"messages": [Message(level, text, undo)]})
            for title, level, text, undo in (
                (_("Done"), constants.SUCCESS, "The note is on the timeline.", ""),
                (
                    _("Done, to undo"),
                    constants.SUCCESS,
                    "Dismissed. It stays under Dismissed.",
                    "/dashboard/alerts",
                ),
                (
                    _("To know"),
                    constants.INFO,
                    "The import goes on in the background.",
                    "",
                ),
                (
                    _("Warning"),
                    constants.WARNING,
                    "Nothing was stored: all is known.",
                    "",
                ),
                (_("Refused"), constants.ERROR, "This alert is dismissed already.", ""),
            )
        ),
        narrow=True,
    )
    yield Component(
        "session",
        _("End of the session"),
        (
            State(
                _("Both of its sentences"),
                {"session_end": SessionEnd(NOW, 120, 300)},
            ),
        ),
        hidden=True,
    )
    yield Component(
        "working",
        _("Slow work"),
        (State(_("After five seconds"), {}),),
        hidden=True,
    )
    yield Component(
        "loading",
        _("Loading"),
        (State(_("A panel, after a moment"), {}),),
        hidden=True,
    )
    yield Component(
        "keys",
        _("Keyboard shortcuts"),
        (State(_("Opened"), {"frame": FRAME}),),
        hidden=True,
    )
