"""Routes of the page of alerts."""

from django.urls import path

from integration_health import views

urlpatterns = [
    path("dashboard/alerts", views.alerts, name="alerts-page"),
    path("dashboard/alerts/<uuid:alert_id>", views.act_on_alert, name="act-on-alert"),
]
