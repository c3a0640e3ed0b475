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
    path(
        "dashboard/correlation/blind-spots", views.blind_spots, name="blind-spots-page"
    ),
    path(
        "dashboard/correlation/blind-spots/csv",
        views.export_blind_spots,
        name="export-blind-spots",
    ),
    path("dashboard/correlation/export/csv", views.export_links, name="export-links"),
    path("dashboard/correlation/feedback", views.feedback, name="give-feedback"),
]
