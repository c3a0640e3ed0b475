"""Routes of the pages of tests and failures."""

from django.urls import path

from correlation import views

urlpatterns = [
    path("dashboard/correlation/test-integration", views.links, name="tests-page"),
    path(
        "dashboard/correlation/test-integration/<path:test_case_id>",
        views.case,
        name="test-page",
    ),
    path("dashboard/correlation/export/csv", views.export_links, name="export-links"),
    path("dashboard/correlation/feedback", views.feedback, name="give-feedback"),
]
