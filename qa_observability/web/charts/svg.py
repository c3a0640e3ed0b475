"""How is SVG written safely? Elements from names, attributes and children."""

from html import escape
from typing import Final

from django.utils.safestring import SafeString

Attribute = str | int | float | None
EMPTY: Final = SafeString("")


def element(name: str, *children: str, **attributes: Attribute) -> SafeString:
    """Return one element; text children and attribute values are escaped.

    Attribute names are written with hyphens for underscores (``class_`` is ``class``);
    those that are None are left out, and floats are cut to two decimals. ``style`` is
    refused: our content security policy would drop it.
    """
    if "style" in attributes:
        raise ValueError("style attributes are forbidden; use a class")
    written = "".join(
        f' {_spelled(key)}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return SafeString(f"<{name}{written}>{join(*children)}</{name}>")


def join(*children: str) -> SafeString:
    """Return the children one after another, escaping those that are plain text."""
    return SafeString(
        "".join(
            child if isinstance(child, SafeString) else escape(child)
            for child in children
        )
    )


def share(value: float) -> str:
    """Return a horizontal position (0-100) as a percentage with two decimals."""
    return f"{_short(value)}%"


def pixels(value: float) -> str:
    """Return a length with at most two decimals."""
    return _short(value)


def _spelled(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: str | int | float) -> str:
    return _short(value) if isinstance(value, float) else escape(str(value))


def _short(value: float) -> str:
    written = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written
