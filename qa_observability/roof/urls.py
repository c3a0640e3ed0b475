"""Routes of the pages that join the apps."""

from django.contrib import admin
from django.urls import path

from qa_observability.features import routes_of
from qa_observability.roof import go, privacy, views
from qa_observability.roof.components.views import components
from qa_observability.roof.incidents import views as incidents
from qa_observability.roof.jobs.views import export_jobs, jobs
from qa_observability.roof.quality.views import export_quality, quality

urlpatterns = [
    path("dashboard", views.overview, name="overview"),
    path("dashboard/export/csv", views.export_overview, name="export-overview"),
    path("dashboard/go", go.go, name="go"),
    path("dashboard/jobs", jobs, name="jobs-page"),
    path("dashboard/jobs/export/csv", export_jobs, name="export-jobs"),
    path("dashboard/components", components, name="components-page"),
    path(
        "admin/erasure",
        admin.site.admin_view(privacy.erasure_page),
        name="subject-erasure",
    ),
    path(
        "admin/retention",
        admin.site.admin_view(privacy.retention_page),
        name="retention",
    ),
    *routes_of(
        "integration_health",
        [
            path("dashboard/data-quality", quality, name="data-quality-page"),
            path(
                "dashboard/data-quality/export/csv",
                export_quality,
                name="export-data-quality",
            ),
            path(
                "dashboard/integrations/<slug:slug>",
                views.integration,
                name="integration-page",
            ),
            path(
                "dashboard/integrations/<slug:slug>/export/csv",
                views.export_integration,
                name="export-integration",
            ),
            path(
                "dashboard/integrations/<slug:slug>/explain/status",
                views.explain_status,
                name="explain-status",
            ),
            path("dashboard/incidents", incidents.incidents, name="incidents-page"),
            path(
                "dashboard/incidents/csv",
                incidents.export_incidents,
                name="export-incidents",
            ),
            path(
                "dashboard/incidents/<uuid:incident_id>",
                incidents.incident,
                name="incident-page",
            ),
            path(
                "dashboard/incidents/<uuid:incident_id>/undo/<uuid:entry_id>",
                incidents.undo_deed,
                name="undo-incident-deed",
            ),
            path(
                "dashboard/incidents/<uuid:incident_id>/explain/cost",
                incidents.explain_cost,
                name="explain-incident-cost",
            ),
        ],
    ),
]
