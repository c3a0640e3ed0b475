"""The page of the jobs: parse, ask, render."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from qa_observability.roof.jobs.export import jobs_export
from qa_observability.roof.jobs.page import jobs_page
from qa_observability.web.downloads import csv_download
from qa_observability.web.pages import render_page
from qa_observability.web.query import read_query
from qa_observability.web.rights import needs

SEE_JOBS = "qa_observability.view_jobrun"


@login_required
@needs(SEE_JOBS)
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """GET /dashboard/jobs."""
    query = read_query(request)
    if query.redirect:
        return query.redirect
    now = timezone.now()
    context = {"page": jobs_page(now), "section": "jobs", "refreshable": True}
    return render_page(request, "jobs.html", context, now=now)


@login_required
@needs(SEE_JOBS)
@require_safe
def export_jobs(request: HttpRequest) -> HttpResponseBase:
    """GET /dashboard/jobs/export/csv."""
    query = read_query(request)
    if query.redirect:
        return query.redirect
    now = timezone.now()
    return csv_download(jobs_export(request, jobs_page(now), now), now)
