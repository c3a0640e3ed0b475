"""May this caller do that? The user's right, cut to the token's scopes."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import MethodNotAllowed, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from qa_observability.models import Token

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class MethodPermission(BasePermission):
    """Read a view's two tables, by HTTP method.

    ``permissions_by_method``: the right needed, ``"app.codename"``. A reading method
    that is not listed is open to every signed-in user; any other is closed to all.
    ``scopes_by_method``: the scope a token needs; when not listed, ``read`` for reading
    methods and ``admin`` for others. HEAD and OPTIONS need what GET needs.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        """Raises: ``PermissionDenied`` saying which scope or right is missing.

        ``MethodNotAllowed`` where no scope or right would help.
        """
        if not request.user.is_authenticated:
            return False
        if not hasattr(view, str(request.method).lower()):
            raise MethodNotAllowed(str(request.method))
        method = "GET" if request.method in READING else str(request.method)
        _check_scope(request.auth, view, method)
        _check_right(request.user, view, method)
        return True


def _check_scope(auth: Any, view: Any, method: str) -> None:
    if not isinstance(auth, Token):
        return
    usual = Token.Scope.READ if method == "GET" else Token.Scope.ADMIN
    scope = getattr(view, "scopes_by_method", {}).get(method, usual)
    if scope not in auth.scopes:
        raise PermissionDenied(
            _("This token lacks the scope %(scope)s. Use a token that has it.")
            % {"scope": scope},
            code="scope_missing",
        )


def _check_right(user: Any, view: Any, method: str) -> None:
    right = getattr(view, "permissions_by_method", {}).get(method)
    if right is None and method == "GET":
        return
    if right is None or not user.has_perm(right):
        raise PermissionDenied(
            _("You need the right %(right)s. An administrator can grant it.")
            % {"right": right or _("of no one")},
            code="permission_denied",
        )
