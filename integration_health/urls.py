"""Routes of the pages of alerts and imports."""

from django.urls import path

from integration_health import views

urlpatterns = [
    path("dashboard/alerts", views.alerts, name="alerts-page"),
    path("dashboard/alerts/export/csv", views.export_alerts, name="export-alerts"),
    path("dashboard/alerts/<uuid:alert_id>", views.act_on_alert, name="act-on-alert"),
    path(
        "dashboard/alerts/<uuid:alert_id>/snooze",
        views.snooze_alert,
        name="snooze-alert",
    ),
    path(
        "dashboard/alerts/<uuid:alert_id>/undo/<uuid:deed_id>",
        views.undo_alert_deed,
        name="undo-alert-deed",
    ),
    path("dashboard/imports", views.imports, name="imports-page"),
    path("dashboard/imports/export/csv", views.export_imports, name="export-imports"),
    path("dashboard/imports/<uuid:import_id>", views.one_import, name="import-page"),
    path("dashboard/imports/<uuid:import_id>/undo", views.undo, name="undo-import"),
]
