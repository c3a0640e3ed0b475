"""What does the importer choose, and which choices make no sense?"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from integration_health.enums import Source
from integration_health.models.events import KEPT
from qa_observability.lib.errors import FieldError, InvalidField
from qa_observability.lib.periods import Window

AHEAD = timedelta(minutes=5)  # clocks differ


class Overlap(StrEnum):
    """What to do about earlier imports of the same kind and time."""

    REFUSE = "refuse"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """The importer's choices.

    ``window`` is the traffic an export without ``_time`` describes; for others it is a
    limit that rows must keep. ``complete``: a raw-event export holds all requests, not
    only failures, so that it gives rates. ``zone`` reads times that name no certain one.
    """

    window: Window | None = None
    dry_run: bool = False
    overlap: Overlap = Overlap.REFUSE
    complete: bool = False
    zone: ZoneInfo | None = None
    keep_sample: bool = False
    source: Source = Source.SPLUNK

    @property
    def removes_sample(self) -> bool:
        """Whether the sample goes once this import is stored."""
        return self.source != Source.SAMPLE and not self.keep_sample


def chosen_window(
    start: datetime | None, end: datetime | None, *, now: datetime
) -> Window | None:
    """Return the window a person gave, ``None`` when they gave none.

    An end up to 5 minutes ahead of the clock is taken.
    Raises: ``InvalidField`` naming ``from`` or ``to``: half a window, an end not after
        its start, in the future, more than 90 days ago, or longer than 90 days.
    """
    if start is None and end is None:
        return None
    if start is None or end is None:
        missing = "from" if start is None else "to"
        raise _wrong(missing, "required", _("Give both ends of the window."))
    if end <= start:
        raise _wrong("to", "not_after_from", _("The end must lie after the start."))
    if end > now + AHEAD:
        raise _wrong("to", "in_the_future", _("The window ends in the future."))
    if end < now - KEPT:
        raise _wrong(
            "to",
            "too_old",
            _("The window ended more than 90 days ago; events are kept 90 days."),
        )
    if end - start > KEPT:
        raise _wrong(
            "from", "too_long", _("The window is longer than 90 days. Import parts.")
        )
    return Window(start, end)


def moment_given(field: str, text: str, zone: ZoneInfo | None) -> datetime | None:
    """Return a moment as a person wrote it, ISO 8601; ``None`` for an empty text.

    Without an offset it is a time of ``zone``, or of UTC without one.
    Raises: ``InvalidField`` naming the field.
    """
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone or UTC)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as unreadable:
        raise _wrong(
            field, "invalid", _("Write it as 2026-01-10T10:30:00Z.")
        ) from unreadable


def zone_named(name: str) -> ZoneInfo | None:
    """Return a time zone by its name; ``None`` for an empty one.

    Raises: ``InvalidField`` for a name that is no zone.
    """
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise _wrong(
            "zone", "unknown_zone", _("Name a time zone such as America/Sao_Paulo.")
        ) from unknown


def window_required() -> InvalidField:
    """Return the error of statistics that do not say which time they describe."""
    detail = _(
        "The export has no _time, so the file does not say which traffic it describes. "
        "Give the search's time range: from and to."
    )
    return InvalidField(
        detail,
        code="window_required",
        errors=[
            FieldError("from", "required", detail),
            FieldError("to", "required", detail),
        ],
    )


def _wrong(field: str, code: str, detail: str) -> InvalidField:
    return InvalidField.named(field, detail, code=code)
