"""Routes of signing in and of what a reader prefers."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from qa_observability.web import sessions, views

urlpatterns = [
    path("sign-in", sessions.SignIn.as_view(), name="sign-in"),
    path("stay-signed-in", sessions.stay, name="stay-signed-in"),
    path("sign-out", LogoutView.as_view(), name="sign-out"),
    path("favicon.ico", views.favicon),
    path("preferences", views.preferences, name="preferences"),
    path("theme", views.theme, name="theme"),
]
