"""Where is the API described? The document, and pages to try it."""

from django.contrib.auth.decorators import login_required
from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

urlpatterns = [
    path("api/schema", SpectacularAPIView.as_view(), name="schema"),
    path(
        "api/docs",
        login_required(SpectacularSwaggerSplitView.as_view()),
        name="api-docs",
    ),
]
