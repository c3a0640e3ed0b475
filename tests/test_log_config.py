import io
import json
import logging
import logging.config
from copy import deepcopy

import pytest
import structlog
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.utils import timezone

from qa_observability.lib.errors import InvalidInput
from qa_observability.log_config import logging_config
from qa_observability.models import JobRun


@pytest.fixture
def lines(settings):
    """Log through the real configuration into a buffer; read back the lines."""
    buffer = io.StringIO()
    config = deepcopy(logging_config("INFO"))
    config["handlers"]["stderr"]["stream"] = buffer
    logging.config.dictConfig(config)
    yield lambda: [json.loads(line) for line in buffer.getvalue().splitlines()]
    logging.config.dictConfig(settings.LOGGING)


def test_our_lines_and_others_have_one_form(lines):
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        structlog.get_logger("ours").info("counted", rows=3)
        logging.getLogger("theirs").warning("look at %s", "this")

    ours, theirs = lines()
    assert ours.pop("timestamp").endswith("Z")
    assert theirs.pop("timestamp").endswith("Z")
    assert ours == {
        "event": "counted",
        "rows": 3,
        "request_id": "r-1",
        "logger": "ours",
        "level": "info",
    }
    assert theirs == {
        "event": "look at this",
        "request_id": "r-1",
        "logger": "theirs",
        "level": "warning",
    }


def test_a_traceback_is_one_line_without_locals(lines):
    password = "correct horse"  # noqa: F841
    try:
        1 / 0  # noqa: B018
    except ZeroDivisionError:
        logging.getLogger("theirs").exception("broke")

    (line,) = lines()
    assert "ZeroDivisionError" in line["exception"]
    assert "correct horse\n" not in line["exception"]


@pytest.mark.parametrize(
    ("failure", "headline"),
    [
        (
            ValueError("Jane Roe"),
            "ValueError (its message may quote data and is left out)",
        ),
        (TypeError("look() takes 1 argument"), "TypeError: look() takes 1 argument"),
        (
            ImproperlyConfigured("EMAIL_URL of ada@example.com"),
            "ImproperlyConfigured: EMAIL_URL of [email]",
        ),
        (InvalidInput("Ask for less."), "InvalidInput: Ask for less."),
    ],
    ids=["of data", "of code", "of settings", "ours"],
)
def test_only_messages_about_code_are_told(lines, failure, headline):
    try:
        raise failure
    except type(failure):
        logging.getLogger("theirs").exception("broke")

    (line,) = lines()
    assert line["exception"].splitlines()[-1] == headline


def test_a_cause_that_was_hidden_stays_hidden(lines):
    try:
        try:
            {}["Jane Roe"]
        except KeyError:
            raise TypeError("no") from None
    except TypeError:
        logging.getLogger("theirs").exception("broke")

    assert "KeyError" not in lines()[0]["exception"]


def test_secrets_and_persons_are_masked_in_every_text_of_a_line(lines):
    structlog.get_logger("ours").info("of ada@example.com", path="/x/ada@example.com")
    logging.getLogger("theirs").warning("Bad host: %r", "token=abcdef0123456789")

    ours, theirs = lines()
    assert (ours["event"], ours["path"]) == ("of [email]", "/x/[email]")
    assert theirs["event"] == "Bad host: 'token=[secret]'"


def test_lines_below_the_level_are_left_out(lines):
    structlog.get_logger("ours").debug("details")
    logging.getLogger("theirs").debug("details")

    assert lines() == []


@pytest.mark.django_db
def test_rows_quoted_by_the_database_are_left_out(lines):
    try:
        try:
            with transaction.atomic():
                JobRun.objects.create(
                    job="ada@example.com", started_at=timezone.now(), result="done"
                )
        except IntegrityError as refused:
            raise ValueError("cannot store") from refused
    except ValueError:
        logging.getLogger("theirs").exception("broke")

    (line,) = lines()
    assert "ada@example.com" not in line["exception"]
    kinds = [text for text in line["exception"].splitlines() if text[:1] not in "  \t"]
    assert [kind for kind in kinds if kind] == [
        "CheckViolation: 23514 qa_job_runs job_run_is_running_or_finished",
        "During that, or because of it:",
        "IntegrityError (its message may quote data and is left out)",
        "During that, or because of it:",
        "ValueError (its message may quote data and is left out)",
    ]
