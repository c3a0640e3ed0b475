"""Routes of the revenue pages."""

from django.urls import path

from revenue import views
from revenue.exports import FORMATS
from revenue.pages.explain import Explained
from revenue.weekly import views as weekly

urlpatterns = [
    path("dashboard/revenue/impact", views.impact, name="revenue-impact"),
    *(
        path(
            f"dashboard/revenue/impact/export/{file_format}",
            views.export,
            {"file_format": file_format},
            name=f"revenue-export-{file_format}",
        )
        for file_format in FORMATS
    ),
    *(
        path(
            f"dashboard/revenue/impact/explain/{which.value}",
            views.explain,
            {"which": which},
            name=f"revenue-explain-{which.value}",
        )
        for which in Explained
    ),
    path("dashboard/reports", weekly.archive, name="weekly-reports"),
    path("dashboard/reports/<str:week>", weekly.report, name="weekly-report"),
    path(
        "dashboard/reports/<str:week>/pdf",
        weekly.report_file,
        name="weekly-report-file",
    ),
]
