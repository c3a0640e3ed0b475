"""Routes of signing in and of what a reader prefers."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from qa_observability.web import views

urlpatterns = [
    path(
        "sign-in",
        LoginView.as_view(
            template_name="sign_in.html", redirect_authenticated_user=True
        ),
        name="sign-in",
    ),
    path("sign-out", LogoutView.as_view(), name="sign-out"),
    path("favicon.ico", views.favicon),
    path("preferences", views.preferences, name="preferences"),
    path("theme", views.theme, name="theme"),
]
