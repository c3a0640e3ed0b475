"""How does this reader like pages? Theme, zone, language: theirs, or a cookie's."""

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from qa_observability.models import Preference

THEME_COOKIE: Final = "qa_theme"
ZONE_NAMES: Final = frozenset(available_timezones())


@dataclass(frozen=True, slots=True)
class Reading:
    """What pages need to know of a reader."""

    theme: str = Preference.Theme.SYSTEM
    time_zone: str = "UTC"
    single_keys: bool = True
    language: str = ""  # as the browser asks

    @property
    def zone(self) -> ZoneInfo:
        """The reader's zone; UTC when the stored name is no longer known."""
        known = self.time_zone in ZONE_NAMES
        return ZoneInfo(self.time_zone if known else "UTC")


def reading_of(user: AbstractBaseUser | AnonymousUser, request: HttpRequest) -> Reading:
    """Return a reader's stored preferences, or the theme a signed-out reader chose.

    One query for a signed-in reader, none otherwise.
    """
    if user.is_authenticated:
        stored = Preference.objects.filter(user_id=user.pk).first()
        if stored is not None:
            return Reading(
                stored.theme, stored.time_zone, stored.single_keys, stored.language
            )
    theme = request.COOKIES.get(THEME_COOKIE, "")
    known = theme in Preference.Theme.values
    return Reading(theme=theme if known else Preference.Theme.SYSTEM)
