"""Where does each address lead? Mounts the apps; contains no logic."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from qa_observability import probes
from qa_observability.features import routes
from qa_observability.roof.metrics import MetricsView

handler500 = "qa_observability.faults.server_error"

urlpatterns = [
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("metrics", MetricsView.as_view(), name="metrics"),
    path("", RedirectView.as_view(url="/dashboard")),
    path("", include("qa_observability.api.urls")),
    path("", include("qa_observability.web.urls")),
    path("", include("qa_observability.roof.urls")),
    path("", routes("integration_health.urls")),
    path("", routes("revenue.urls")),
    path("", routes("correlation.urls")),
    path("api/v1/", routes("integration_health.api.urls")),
    path("api/v1/", routes("revenue.api.urls")),
    path("api/v1/", routes("correlation.api.urls")),
    path("admin/", admin.site.urls),
]
