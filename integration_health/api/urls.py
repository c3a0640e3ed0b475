"""Routes of the API under /api/v1/."""

from django.urls import path

from integration_health.api import (
    alerts,
    configuration,
    events,
    exports,
    health,
    incidents,
    quality,
)
from integration_health.api.endpoint_rules import endpoint_rule_routes
from integration_health.api.imports import import_routes

urlpatterns = [
    *import_routes,  # before integrations/<slug>, which would match them
    path("integrations/health", health.HealthView.as_view(), name="api-health"),
    path(
        "integrations/health/<str:integration_id>",
        health.IntegrationHealthView.as_view(),
        name="api-integration-health",
    ),
    path(
        "integrations/health/<str:integration_id>/events",
        events.IntegrationEventsView.as_view(),
        name="api-integration-events",
    ),
    path(
        "integrations/health/<str:integration_id>/events.csv",
        exports.EventsFileView.as_view(),
        name="api-integration-events-file",
    ),
    path(
        "integrations/health/<str:integration_id>/history.csv",
        exports.SnapshotsFileView.as_view(),
        name="api-integration-history-file",
    ),
    path(
        "integrations/incidents.csv",
        exports.IncidentsFileView.as_view(),
        name="api-incidents-file",
    ),
    path(
        "integrations/data-quality",
        quality.QualityView.as_view(),
        name="api-data-quality",
    ),
    path(
        "integrations/data-quality.csv",
        quality.QualityFileView.as_view(),
        name="api-data-quality-file",
    ),
    path("integrations/events", events.EventsView.as_view(), name="api-events"),
    path(
        "integrations/incidents",
        incidents.IncidentsView.as_view(),
        name="api-incidents",
    ),
    path(
        "integrations/incidents/<uuid:incident_id>",
        incidents.IncidentView.as_view(),
        name="api-incident",
    ),
    *(
        path(
            f"integrations/incidents/<uuid:incident_id>/{deed}",
            view.as_view(),
            name=f"api-incident-{deed}",
        )
        for deed, view in (
            ("acknowledge", incidents.AcknowledgeView),
            ("resolve", incidents.ResolveView),
            ("assign", incidents.AssignView),
            ("notes", incidents.NotesView),
            ("tickets", incidents.TicketsView),
        )
    ),
    path(
        "integrations",
        configuration.IntegrationsView.as_view(),
        name="api-integrations",
    ),
    path(
        "integrations/<slug:integration_id>",
        configuration.IntegrationSettingsView.as_view(),
        name="api-integration-settings",
    ),
    *endpoint_rule_routes,
    path(
        "maintenance-windows",
        configuration.MaintenanceWindowsView.as_view(),
        name="api-maintenance-windows",
    ),
    path(
        "annotations", configuration.AnnotationsView.as_view(), name="api-annotations"
    ),
    path("alerts", alerts.AlertsView.as_view(), name="api-alerts"),
    *(
        path(f"alerts/<uuid:alert_id>/{deed}", view.as_view(), name=f"api-alert-{deed}")
        for deed, view in (
            ("read", alerts.ReadView),
            ("dismiss", alerts.DismissView),
            ("snooze", alerts.SnoozeView),
        )
    ),
]
