"""Which outlines stand for what? A few 20 px icons, drawn with strokes."""

from functools import cache

from django.utils.safestring import SafeString

from qa_observability.web.charts.svg import element

_PATHS = {
    "overview": "M3 10l7-6 7 6M5 8.5V16h4v-4h2v4h4V8.5",
    "integrations": "M7 3v4M13 3v4M5 7h10v3a5 5 0 0 1-10 0zM10 15v3",
    "revenue": "M10 3v14M14 6.5C13 5 11.5 5 10 5 7.5 5 6 6 6 7.5c0 3.5 8 1.5 8 5"
    " 0 1.5-1.5 2.5-4 2.5-1.5 0-3-.5-4-2",
    "tests": "M8 3v5L4 15a1.5 1.5 0 0 0 1.300 2h9.400a1.5 1.5 0 0 0 1.300-2l-4-7V3"
    "M6.5 3h7M6 13h8",
    "alerts": "M5 14V9a5 5 0 0 1 10 0v5l1 1H4zM8.5 17.5h3",
    "incidents": "M11 2.5L4.500 11.500H9.500L8.500 17.500L15.500 8.500H10.500z",
    "admin": "M4 6h6M14 6h2M4 14h2M10 14h6M12 4v4M8 12v4",
    "go": "M9 15a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM13.5 13.5L17 17",
    "refresh": "M16 10a6 6 0 1 1-2-4.5M16 3v4h-4",
    "export": "M10 3v9M6.5 8.5L10 12l3.5-3.5M4 16h12",
    "user": "M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 17a6 6 0 0 1 12 0",
    "close": "M5 5l10 10M15 5L5 15",
    "entry": "M4 16l1-4 8-8 3 3-8 8zM11.5 5.5l3 3",
    "collapse": "M4 4h12v12H4zM8 4v12",
    "reports": "M5 3h7l3 3v11H5zM12 3v3h3M8 10h4M8 13h4",
    "more": "M4 10h1.500M9.500 10h1M14.500 10h1.500",
    "quality": "M3 12l3 0 2-6 4 9 2-5 3 0",
    "jobs": "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4l3 2",
    "components": "M4 4h5v5H4zM11 4h5v5h-5zM4 11h5v5H4zM11 11h5v5h-5z",
    "imports": "M10 12V3M6.5 6.5L10 3l3.5 3.5M4 16h12",
}


@cache
def icon(name: str) -> SafeString:
    """Return a decorative icon; its meaning is in the words beside it.

    Raises: ``KeyError`` for a name nobody drew.
    """
    return element(
        "svg",
        element("path", d=_PATHS[name]),
        class_="icon",
        viewBox="0 0 20 20",
        aria_hidden="true",
        focusable="false",
    )
