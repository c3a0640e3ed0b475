"""In which language is written what is kept? The house's, whoever happens to cause it."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.utils import translation

Given = ParamSpec("Given")
Result = TypeVar("Result")


def in_the_house_language(write: Callable[Given, Result]) -> Callable[Given, Result]:
    """Let a function that stores words speak ``LANGUAGE_CODE``.

    Many will read them, in other languages than the reader or program that set it off.
    """

    @wraps(write)
    def written(*args: Given.args, **given: Given.kwargs) -> Result:
        with translation.override(settings.LANGUAGE_CODE):
            return write(*args, **given)

    return written
