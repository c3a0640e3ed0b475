"""Routes of the pages that join the apps."""

from django.urls import path

from qa_observability.features import routes_of
from qa_observability.roof import views

urlpatterns = [
    path("dashboard", views.overview, name="overview"),
    *routes_of(
        "integration_health",
        [
            path(
                "dashboard/integrations/<slug:slug>",
                views.integration,
                name="integration-page",
            ),
            path(
                "dashboard/integrations/<slug:slug>/explain/status",
                views.explain_status,
                name="explain-status",
            ),
        ],
    ),
]
