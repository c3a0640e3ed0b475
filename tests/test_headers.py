import pytest
from django.contrib.auth.models import User

pytestmark = pytest.mark.django_db
POLICY = "default-src 'none'"


@pytest.mark.parametrize(
    "path", ["/sign-in", "/healthz", "/api/v1/nowhere", "/admin/", "/api/docs"]
)
def test_every_answer_carries_the_policies(client, path):
    client.force_login(User.objects.create_superuser("root"))

    response = client.get(path)

    assert "camera=()" in response["Permissions-Policy"]
    assert POLICY in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
