"""What the project's processes are told."""

import pytest

from qa_observability.runtime.address import Address
from qa_observability.runtime.errors import CannotStart
from qa_observability.runtime.variables import project_variables, wants_sample

HERE = Address("127.0.0.1", 8000)
MADE = {"SECRET_KEY": "made", "REVENUE_KEYS": "local:made"}
SERVERS = {"DATABASE_URL": "postgres://made", "REDIS_URL": "unix://made"}


def test_everything_is_made_where_nothing_is_set():
    assert project_variables({}, HERE, MADE, SERVERS) == {
        "HTTPS_ONLY": "0",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        **MADE,
        **SERVERS,
    }


def test_what_is_set_is_kept_and_unrelated_variables_stay_out():
    own = {
        "HTTPS_ONLY": "1",
        "SECRET_KEY": "own",
        "DATABASE_URL": "postgres://own",
        "PATH": "/bin",
    }

    variables = project_variables(own, HERE, MADE, {"REDIS_URL": "unix://made"})

    assert variables == {
        "HTTPS_ONLY": "1",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "SECRET_KEY": "own",
        "REVENUE_KEYS": "local:made",
        "DATABASE_URL": "postgres://own",
        "REDIS_URL": "unix://made",
    }


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ("qa.example.com", "qa.example.com,127.0.0.1"),
        ("127.0.0.1", "127.0.0.1"),
        ("*", "*"),
    ],
)
def test_this_machine_may_always_ask(chosen, expected):
    variables = project_variables({"ALLOWED_HOSTS": chosen}, HERE, MADE, SERVERS)

    assert variables["ALLOWED_HOSTS"] == expected


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, True),
        ({"SAMPLE": ""}, True),
        ({"SAMPLE": "1"}, True),
        ({"SAMPLE": "0"}, False),
    ],
)
def test_sample_is_wanted_unless_switched_off(environ, expected):
    assert wants_sample(environ) is expected


def test_other_words_for_the_sample_are_refused():
    with pytest.raises(CannotStart, match=r"^SAMPLE is 'no': use 1 for sample data, 0"):
        wants_sample({"SAMPLE": "no"})
