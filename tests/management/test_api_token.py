from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone

from qa_observability.tokens import token_for

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def user():
    return User.objects.create_user("quinn")


def printed(*arguments):
    out = StringIO()
    call_command("api_token", "quinn", *arguments, stdout=out)
    return out.getvalue()


def test_the_key_stands_alone_on_its_line(user):
    output = printed()

    token = token_for(output.removesuffix("\n"))
    assert token is not None
    assert (token.user, token.scopes) == (user, ["admin", "ingest", "read"])


def test_a_token_lasts_a_year_unless_told_otherwise():
    token = token_for(printed().strip())

    assert token is not None
    assert token.expires_at is not None
    assert (
        timedelta(days=364) < token.expires_at - timezone.now() <= timedelta(days=365)
    )


def test_zero_days_never_expires():
    token = token_for(printed("--expires", "0").strip())

    assert token is not None
    assert token.expires_at is None


def test_scopes_are_cut_down():
    token = token_for(printed("--scopes", "read, ingest").strip())

    assert token is not None
    assert token.scopes == ["ingest", "read"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        pytest.param(["nobody"], "There is no user 'nobody'", id="unknown user"),
        pytest.param(["gone"], "The user 'gone' is disabled", id="disabled user"),
        pytest.param(
            ["quinn", "--scopes", "root"], "--scopes got root; choose from", id="scope"
        ),
        pytest.param(["quinn", "--scopes", ","], "--scopes got nothing", id="no scope"),
        pytest.param(["quinn", "--expires", "-1"], "--expires takes days", id="days"),
    ],
)
def test_a_wrong_call_says_what_to_do(arguments, complaint):
    User.objects.create_user("gone", is_active=False)

    with pytest.raises(CommandError, match=complaint):
        call_command("api_token", *arguments)
