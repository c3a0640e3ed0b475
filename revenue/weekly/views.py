"""The archive of weekly reports: parse, ask, render."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from qa_observability.lib.errors import ApplicationError
from qa_observability.web.pages import render_page
from qa_observability.web.query import PageQuery, Parameter, read_query
from revenue.reports.weekly import archived_report, week_named
from revenue.views import require_money
from revenue.weekly.deliver import file_name
from revenue.weekly.pages import archive_page, read_key, report_page

_HIGHEST_VERSION = 32767


@login_required
@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """GET /dashboard/reports?page_key."""
    require_money(request)
    key = Parameter("page_key", "", lambda raw: raw if read_key(raw) else None)
    query = read_query(request, key)
    if query.redirect:
        return query.redirect
    context = {"page": archive_page(query.text("page_key")), "section": "reports"}
    return render_page(request, "revenue/reports.html", context, now=timezone.now())


@login_required
@require_safe
def report(request: HttpRequest, week: str) -> HttpResponse:
    """GET /dashboard/reports/2026-W47?version."""
    require_money(request)
    query = read_query(request, Parameter("version", "", _read_version))
    if query.redirect:
        return query.redirect
    try:
        page = report_page(
            week,
            _version(query),
            with_addresses=request.user.has_perm("revenue.send_reports"),
        )
    except ApplicationError as unknown:
        raise Http404(unknown.detail) from unknown
    context = {"page": page, "section": "reports"}
    return render_page(request, "revenue/report.html", context, now=timezone.now())


@login_required
@require_safe
def report_file(request: HttpRequest, week: str) -> HttpResponse:
    """GET /dashboard/reports/2026-W47/pdf?version: the file that was sent."""
    require_money(request)
    query = read_query(request, Parameter("version", "", _read_version))
    if query.redirect:
        return query.redirect
    try:
        found = archived_report(week_named(week), _version(query))
    except ApplicationError as unknown:
        raise Http404(unknown.detail) from unknown
    return HttpResponse(
        bytes(found.pdf),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{file_name(found)}"',
            "Cache-Control": "private, no-store",
        },
    )


def _version(query: PageQuery) -> int | None:
    text = query.text("version")
    return int(text) if text else None


def _read_version(raw: str) -> str | None:
    is_number = raw.isascii() and raw.isdigit() and len(raw) <= len("32767")
    return raw if is_number and 1 <= int(raw) <= _HIGHEST_VERSION else None
