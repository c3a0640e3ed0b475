"""The page of the components: ask, render."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from qa_observability.admin_site import USE_ADMIN
from qa_observability.roof.components.page import components_page
from qa_observability.web.pages import render_page
from qa_observability.web.query import read_query
from qa_observability.web.rights import needs


@login_required
@needs(USE_ADMIN)
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """GET /dashboard/components."""
    query = read_query(request)
    if query.redirect:
        return query.redirect
    context = {"page": components_page(request), "section": "components"}
    return render_page(request, "components.html", context, now=timezone.now())
