"""Where is the page of an integration? Nowhere, while these pages are switched off."""

from urllib.parse import urlencode

from qa_observability.features import is_enabled


def integration_address(slug: str, **query: str) -> str:
    """Return the address of an integration's page; empty when there is none."""
    if not is_enabled("integration_health"):
        return ""
    page = f"/dashboard/integrations/{slug}"
    return f"{page}?{urlencode(query)}" if query else page


def events_address(slug: str, **query: str) -> str:
    """Return the address of an integration's events; empty when there is none."""
    page = integration_address(slug, **query)
    return page and f"{page}#events"
