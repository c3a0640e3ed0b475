"""What msgspec refuses, as people read it: whole sentences, in their language."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec
import pytest
from django.utils import translation

from integration_health.api.incidents import Address
from integration_health.ingest.event_rows import Moment
from qa_observability.complaints import plain_words

MOMENT = "This must be a moment with its zone, such as 2026-01-10T10:30:00Z."


class Body(msgspec.Struct, forbid_unknown_fields=True):
    text: str


def complaint(given, wanted):
    with pytest.raises(msgspec.ValidationError) as refused:
        msgspec.json.decode(given, type=wanted)
    return str(refused.value)


@pytest.mark.parametrize(
    ("given", "wanted", "words"),
    [
        (b"7", str, "Expected text, got a whole number."),
        (b'"7"', int, "Expected a whole number, got text."),
        (b"7.5", int, "Expected a whole number, got a number."),
        (b"{}", list, "Expected a list, got an object."),
        (b"null", bool, "Expected true or false, got null."),
        (b"[]", float, "Expected a number, got a list."),
        (b"[]", Decimal, "Expected a number, got a list."),
        (b"7", str | None, "Expected text, got a whole number."),
        (b"7", Body, "Expected an object, got a whole number."),
    ],
)
def test_another_type_is_told_by_the_names_of_json(given, wanted, words):
    assert plain_words(complaint(given, wanted)) == words


@pytest.mark.parametrize("given", [b'"noon"', b'"2026-11-24"', b'"2026-02-30T00:00Z"'])
@pytest.mark.parametrize("wanted", [datetime, Moment, Moment | None])
def test_a_moment_says_what_one_looks_like(given, wanted):
    assert plain_words(complaint(given, wanted)) == MOMENT


def test_a_moment_needs_its_zone_and_is_a_text():
    told = [complaint(given, Moment) for given in (b'"2026-11-24T09:00:00"', b"7")]

    assert [plain_words(each) for each in told] == [MOMENT, MOMENT]


@pytest.mark.parametrize(
    ("given", "wanted", "words"),
    [
        (b'"x"', Decimal, "This must be a number."),
        (b"59", Annotated[int, msgspec.Meta(ge=60)], "This must be at least 60."),
        (b"61", Annotated[int, msgspec.Meta(le=60)], "This must be at most 60."),
        (b'""', Annotated[str, msgspec.Meta(min_length=1)], "This cannot be empty."),
        (
            b'"abc"',
            Annotated[str, msgspec.Meta(max_length=2)],
            "Use at most 2 characters.",
        ),
        (
            b'"ftp://x"',
            Address,
            "This must be an address that begins with http:// or https://.",
        ),
        (
            b'"7"',
            UUID,
            "This must be an id as the API shows it, written with hyphens.",
        ),
        (b"{}", Body, "This field is required."),
        (b'{"text": "", "colour": 1}', Body, "There is no such field."),
    ],
)
def test_limits_and_forms_are_told(given, wanted, words):
    assert plain_words(complaint(given, wanted)) == words


def test_what_has_no_words_of_ours_is_passed_on():
    assert plain_words("Duration is out of range") == "Duration is out of range."


def test_people_read_them_in_their_language():
    with translation.override("pt-br"):
        assert plain_words(complaint(b"7", str)) == (
            "Esperava-se texto, chegou um número inteiro."
        )
