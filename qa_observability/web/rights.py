"""May this reader? If not, the page says which role may, and who gives it."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from qa_observability.roles import Role, allows

Request = TypeVar("Request", bound=HttpRequest)
Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[Request, Arguments], HttpResponseBase]


def needs(
    right: str,
) -> Callable[[View[Request, Arguments]], View[Request, Arguments]]:
    """Let a view answer readers with the right, ``"app.codename"``, and no others.

    To be put below ``login_required``, which sends strangers to sign in first.
    """

    def decorate(view: View[Request, Arguments]) -> View[Request, Arguments]:
        @wraps(view)
        def guarded(
            request: Request, /, *args: Arguments.args, **kwargs: Arguments.kwargs
        ) -> HttpResponseBase:
            if not request.user.has_perm(right):
                raise PermissionDenied(refusal(right))
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def refusal(right: str) -> str:
    """Return what to tell a reader without the right: the least role that has it."""
    least = next(role for role in Role if allows(role, right))
    return _(
        "For this you need the role %(role)s or a higher one. An administrator can "
        "give it to you."
    ) % {"role": least}
