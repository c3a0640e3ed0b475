"""What does an explanation show? The sentence, its lines, and what was left out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One term: what it is about, the formula with its numbers, what it comes to.

    ``href`` leads to the rows behind it and may be empty.
    """

    label: str
    formula: str
    result: str
    note: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class ExplanationPage:
    """A figure explained: its lines add up to ``total``, to the cent.

    ``json`` is the address of the same content for machines, ``back`` that of the page
    the figure stands on; ``facts`` are named inputs.
    """

    title: str
    sentence: str
    lines: tuple[Line, ...]
    total: str
    facts: tuple[tuple[str, str], ...]
    exclusions: tuple[str, ...]
    back: str
    back_label: str
    json: str = ""
