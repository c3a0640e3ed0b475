"""Downloads from the revenue page: named, private, by right."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

PAGE = "/dashboard/revenue/impact/export/"

pytestmark = pytest.mark.django_db


def client_with(*rights):
    user = User.objects.create_user("leo")
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("file_format", "media_type", "start"),
    [
        ("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbfRevenue impact"),
        (
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            b"PK",
        ),
        ("pdf", "application/pdf", b"%PDF-"),
    ],
)
def test_each_format_is_a_named_private_file(file_format, media_type, start):
    response = client_with("view_money").get(f"{PAGE}{file_format}", {"period": "7d"})

    day = timezone.now().date().isoformat()
    assert response.status_code == 200
    assert response["Content-Type"] == media_type
    assert response["Content-Disposition"] == (
        f'attachment; filename="qa-revenue-impact-7d-{day}.{file_format}"'
    )
    assert response["Cache-Control"] == "private, no-store"
    assert response.content.startswith(start)


def test_the_filter_is_kept_and_named():
    response = client_with("view_money").get(f"{PAGE}csv", {"integration": "vrbo"})

    assert "Filter,vrbo\r\n" in response.content.decode()


def test_money_needs_the_right():
    assert client_with().get(f"{PAGE}csv").status_code == 403


def test_a_format_nobody_writes_is_not_found():
    assert client_with("view_money").get(f"{PAGE}docx").status_code == 404
