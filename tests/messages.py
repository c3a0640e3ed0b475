"""``make messages``: bring the translation catalogues up to date with the source's texts.

Babel reads Python itself; templates go through Django's own ``templatize`` first, so that
both agree on what is a text. Nothing here needs GNU gettext. New texts come out empty and
the tests name them; a text that nothing shows any more leaves the catalogue.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

HOUSE: Final = Path(__file__).parent.parent
LOCALES: Final = HOUSE / "qa_observability" / "locale"
LANGUAGES: Final = ("pt_BR",)
PACKAGES: Final = ("qa_observability", "integration_health", "revenue", "correlation")
TEMPLATES: Final = HOUSE / "templates"
KEYWORDS: Final = {
    **DEFAULT_KEYWORDS,
    "_lazy": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
WIDTH: Final = 100


def catalogue_path(language: str) -> Path:
    """Return the file that translators edit; the compiled one lies beside it."""
    return LOCALES / language / "LC_MESSAGES" / "django.po"


def texts_of_the_house() -> Catalog:
    """Return every text marked for translation, with the files that show it."""
    found = Catalog()
    for path in _sources():
        place = path.relative_to(HOUSE).as_posix()
        code = io.BytesIO(_as_python(path).encode())
        for line, message, comments, context in extract(
            "python", code, keywords=KEYWORDS, comment_tags=["Translators:"]
        ):
            found.add(
                message,
                locations=[(place, line)],
                auto_comments=comments,
                context=context,
            )
    return found


def catalogue(language: str) -> Catalog:
    """Return a language's catalogue as committed."""
    with catalogue_path(language).open("rb") as file:
        return read_po(file, locale=language)


def compiled(translations: Catalog) -> bytes:
    """Return a catalogue as gettext reads it at run time."""
    file = io.BytesIO()
    write_mo(file, translations)
    return file.getvalue()


def untranslated(translations: Catalog) -> list[str]:
    """Return the texts that have no translation, or lack one of their plural forms."""
    return [
        str(message.id)
        for message in translations
        if not all(
            message.string if isinstance(message.string, tuple) else (message.string,)
        )
    ]


def _sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((HOUSE / package).rglob("*.py"))
    yield from sorted(path for path in TEMPLATES.rglob("*") if path.is_file())


def _as_python(path: Path) -> str:
    """Return a file as Python: a template's texts as calls, its lines where they were."""
    text = path.read_text()
    if path.suffix == ".py":
        return text
    calls = templatize(text, origin=str(path))
    return "\n".join(line.lstrip() for line in calls.split("\n"))


def refresh(language: str) -> int:
    """Write a language's catalogue and its compiled form; return what lacks a translation."""
    path = catalogue_path(language)
    translations = catalogue(language)
    translations.update(
        texts_of_the_house(), no_fuzzy_matching=True, update_creation_date=False
    )
    with path.open("wb") as file:
        write_po(
            file,
            translations,
            width=WIDTH,
            sort_by_file=True,
            ignore_obsolete=True,
            include_lineno=False,
        )
    path.with_suffix(".mo").write_bytes(compiled(catalogue(language)))
    return len(untranslated(translations))


def main() -> int:
    for language in LANGUAGES:
        missing = refresh(language)
        sys.stdout.write(f"{language}: {missing} texts wait for a translation\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
