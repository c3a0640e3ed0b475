"""Who sees money on pages? One question for every page, ours and others'."""

from django.http import HttpRequest

from qa_observability.features import is_enabled

VIEW_MONEY = "revenue.view_money"


def shows_money(request: HttpRequest) -> bool:
    """Return whether this reader's pages may have money on them."""
    return is_enabled("revenue") and request.user.has_perm(VIEW_MONEY)
