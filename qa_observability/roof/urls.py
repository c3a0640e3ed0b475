"""Routes of the pages that join the apps."""

from django.urls import path

from qa_observability.roof import views

urlpatterns = [
    path("dashboard", views.overview, name="overview"),
    path(
        "dashboard/integrations/<slug:slug>", views.integration, name="integration-page"
    ),
    path(
        "dashboard/integrations/<slug:slug>/explain/status",
        views.explain_status,
        name="explain-status",
    ),
]
