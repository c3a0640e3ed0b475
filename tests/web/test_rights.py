"""Who may not is told which role may, and who gives it."""

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from qa_observability.web.rights import needs, refusal


@pytest.mark.parametrize(
    ("right", "role"),
    [
        pytest.param("integration_health.view_incident", "Viewer", id="everyone"),
        pytest.param("integration_health.import_files", "QA engineer", id="engineers"),
        pytest.param("revenue.view_money", "QA lead", id="leads"),
        pytest.param("qa_observability.view_jobrun", "Admin", id="administrators"),
    ],
)
def test_the_least_role_with_the_right_is_named(right, role):
    assert refusal(right) == (
        f"For this you need the role {role} or a higher one. An administrator can give "
        "it to you."
    )


@pytest.mark.django_db
def test_a_view_answers_those_with_the_right_and_no_others(rf):
    @needs("revenue.view_money")
    def view(request, word, *, end):
        return HttpResponse(word + end)

    request = rf.get("/")
    request.user = User.objects.create_superuser("root")
    assert view(request, "money", end="!").content == b"money!"

    for stranger in (User.objects.create_user("eve"), AnonymousUser()):
        request.user = stranger
        with pytest.raises(PermissionDenied, match="QA lead"):
            view(request, "money", end="!")
