"""Which tool wrote the file, where that changes what it means?"""

from collections.abc import Iterator

from correlation.junit.markup import Markup

HIDDEN_RETRIES = {"vitest tests": "Vitest", "jest tests": "Jest"}


def is_playwright(markup: Markup) -> bool:
    """Return whether Playwright wrote the file: it alone gives its root an ``id``.

    Its classes are then named after the files that its suites are named after.
    """
    if not markup.suites or "id" not in markup.suites[0].attributes:
        return False
    return bool(markup.cases) and all(
        case.attributes.get("classname") == case.suite.attributes.get("name")
        for case in markup.cases
    )


def hides_retries(markup: Markup) -> str | None:
    """Return the tool's name when its reports show a retried pass as a plain pass."""
    if is_playwright(markup):
        return "Playwright"
    root = markup.suites[0].attributes.get("name", "") if markup.suites else ""
    return HIDDEN_RETRIES.get(root)


def parents_of_subtests(markup: Markup) -> Iterator[str]:
    """Yield the names of cases whose subtests are cases too, as Go's tools write them."""
    names = {
        (case.attributes.get("classname"), case.attributes.get("name", ""))
        for case in markup.cases
    }
    parents = {(place, name.rsplit("/", 1)[0]) for place, name in names if "/" in name}
    for _place, name in sorted(names & parents, key=str):
        yield name
