"""Are the catalogues whole? What `make messages` writes, held against the source."""

import gettext
import io
import re

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import ngettext

from tests.messages import (
    LANGUAGES,
    catalogue,
    catalogue_path,
    compiled,
    texts_of_the_house,
    untranslated,
)

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-+.\d]*[sdf%]")


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture(scope="module")
def translations(language):
    return catalogue(language)


def keys(messages):
    """Return (context, text) of each message but the header."""
    return {
        (message.context or "", str(message.id)) for message in messages if message.id
    }


def spoken(compiled_catalogue):
    """Return what gettext answers, without the header that names its compiler."""
    found = dict(gettext.GNUTranslations(io.BytesIO(compiled_catalogue))._catalog)
    del found[""]
    return found


def test_every_language_offered_beside_english_has_a_catalogue():
    offered = [code for code, _name in settings.LANGUAGES if code != "en"]

    assert [translation.to_locale(code) for code in offered] == list(LANGUAGES)


def test_extraction_reads_code_and_templates():
    found = keys(texts_of_the_house())

    assert ("", "Who did what") in found  # {% translate %}
    assert ("", "%(unread)s unread alert") not in found  # only as a pair
    assert ("", "('%(unread)s unread alert', '%(unread)s unread alerts')") in found
    assert ("date format", "j M") in found
    assert ("", "There is no test %(id)s.") in found


def test_the_catalogue_holds_the_texts_of_the_house_and_no_others(translations):
    found, wanted = keys(translations), keys(texts_of_the_house())

    assert sorted(wanted - found) == []  # run `make messages` and translate them
    assert sorted(found - wanted) == []


def test_every_text_is_translated(translations):
    assert untranslated(translations) == []


def test_no_translation_is_a_guess(translations):
    assert [
        message.id for message in translations if message.fuzzy and message.id
    ] == []


def test_placeholders_survive_translation(translations):
    lost = [
        message.id
        for message in translations
        for text, said in zip(
            message.id if message.pluralizable else [message.id],
            message.string if message.pluralizable else [message.string],
            strict=True,
        )
        if sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(said))
    ]

    assert lost == []


def test_the_compiled_catalogue_is_that_of_the_text(language, translations):
    committed = catalogue_path(language).with_suffix(".mo").read_bytes()

    assert spoken(committed) == spoken(compiled(translations))


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, "0 dia"), (1, "1 dia"), (2, "2 dias"), (30, "30 dias")],
)
def test_portuguese_counts_none_in_the_singular(count, expected):
    with translation.override("pt-br"):
        said = ngettext("%(count)s day", "%(count)s days", count) % {"count": count}

    assert said == expected
