"""Who may do what? Every route, method and role against one table."""

from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone
from rest_framework.test import APIClient

from qa_observability.models import Token
from qa_observability.roles import Role
from qa_observability.tokens import issue_token

V, E, L, A = Role
READ, INGEST, ADMIN = Token.Scope

# The first role that may, and the scope a token needs.
API = {
    ("GET", "/api/v1/integrations"): (V, READ),
    ("POST", "/api/v1/integrations"): (A, ADMIN),
    ("PATCH", "/api/v1/integrations/{integration_id}"): (A, ADMIN),
    ("GET", "/api/v1/integrations/health"): (V, READ),
    ("POST", "/api/v1/integrations/health"): (E, INGEST),
    ("GET", "/api/v1/integrations/health/{integration_id}"): (V, READ),
    ("GET", "/api/v1/integrations/health/{integration_id}/events"): (V, READ),
    ("GET", "/api/v1/integrations/health/{integration_id}/events.csv"): (V, READ),
    ("GET", "/api/v1/integrations/health/{integration_id}/history.csv"): (V, READ),
    ("GET", "/api/v1/integrations/incidents.csv"): (V, READ),
    ("GET", "/api/v1/integrations/data-quality"): (V, READ),
    ("GET", "/api/v1/integrations/data-quality.csv"): (V, READ),
    ("POST", "/api/v1/integrations/events"): (E, INGEST),
    ("GET", "/api/v1/integrations/imports"): (V, READ),
    ("POST", "/api/v1/integrations/imports"): (E, INGEST),
    ("GET", "/api/v1/integrations/imports/{import_id}"): (V, READ),
    ("GET", "/api/v1/integrations/imports/{import_id}/rejected"): (V, READ),
    ("POST", "/api/v1/integrations/imports/{import_id}/undo"): (E, INGEST),
    ("GET", "/api/v1/integrations/incidents"): (V, READ),
    ("GET", "/api/v1/integrations/incidents/{incident_id}"): (V, READ),
    ("POST", "/api/v1/integrations/incidents/{incident_id}/acknowledge"): (E, INGEST),
    ("POST", "/api/v1/integrations/incidents/{incident_id}/resolve"): (E, INGEST),
    ("POST", "/api/v1/integrations/incidents/{incident_id}/assign"): (E, INGEST),
    ("POST", "/api/v1/integrations/incidents/{incident_id}/notes"): (E, INGEST),
    ("POST", "/api/v1/integrations/incidents/{incident_id}/tickets"): (E, INGEST),
    ("GET", "/api/v1/endpoint-rules"): (V, READ),
    ("POST", "/api/v1/endpoint-rules"): (A, ADMIN),
    ("GET", "/api/v1/endpoint-rules/unmatched"): (V, READ),
    ("POST", "/api/v1/endpoint-rules/try"): (A, ADMIN),
    ("GET", "/api/v1/endpoint-rules/remap"): (V, READ),
    ("POST", "/api/v1/endpoint-rules/remap"): (A, ADMIN),
    ("GET", "/api/v1/maintenance-windows"): (V, READ),
    ("POST", "/api/v1/maintenance-windows"): (A, ADMIN),
    ("GET", "/api/v1/annotations"): (V, READ),
    ("POST", "/api/v1/annotations"): (E, INGEST),
    ("GET", "/api/v1/alerts"): (V, READ),
    ("POST", "/api/v1/alerts/{alert_id}/read"): (E, INGEST),
    ("POST", "/api/v1/alerts/{alert_id}/dismiss"): (E, INGEST),
    ("POST", "/api/v1/alerts/{alert_id}/snooze"): (E, INGEST),
    ("GET", "/api/v1/revenue/impact"): (L, READ),
    ("GET", "/api/v1/revenue/timeseries"): (L, READ),
    ("POST", "/api/v1/revenue/what-if"): (L, READ),
    ("GET", "/api/v1/revenue/config"): (A, READ),
    ("PUT", "/api/v1/revenue/config"): (A, ADMIN),
    ("GET", "/api/v1/revenue/config/history"): (A, READ),
    ("GET", "/api/v1/revenue/reports"): (L, READ),
    ("GET", "/api/v1/revenue/reports/{week}"): (L, READ),
    ("POST", "/api/v1/correlation/test-results"): (E, INGEST),
    ("GET", "/api/v1/correlation/test-integration"): (V, READ),
    ("GET", "/api/v1/correlation/test-integration/{test_case_id}"): (V, READ),
    ("GET", "/api/v1/correlation/tests"): (V, READ),
    ("GET", "/api/v1/correlation/blind-spots"): (V, READ),
    ("GET", "/api/v1/correlation/backtest"): (V, READ),
    ("GET", "/api/v1/correlation/protected-by-tests"): (V, READ),
    ("POST", "/api/v1/correlation/feedback"): (E, INGEST),
    ("GET", "/api/schema"): (V, None),  # any token: it describes, it tells nothing
    ("GET", "/metrics"): (V, READ),
}

# The first role that may open a page and all below it; forms write to the same addresses.
PAGES = {
    "/dashboard": V,
    "/dashboard/revenue": L,
    "/dashboard/reports": L,
    "/dashboard/jobs": A,
    "/dashboard/components": E,
    "/dashboard/alerts/{alert_id}": E,
    "/dashboard/incidents/{incident_id}/explain/cost": L,
    "/dashboard/incidents/{incident_id}/undo/{entry_id}": E,
    "/dashboard/imports/{import_id}/undo": E,
    "/dashboard/correlation/feedback": E,
    "/preferences": V,
    "/stay-signed-in": V,
    "/api/docs": V,
}
OPEN = {"/", "/healthz", "/readyz", "/sign-in", "/sign-out", "/theme", "/favicon.ico"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def routes(patterns, prefix="/"):
    """Yield (address with names in braces, its view) of all routes but the admin's."""
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if address.startswith("/admin/"):
            continue
        if isinstance(pattern, URLPattern):
            yield address, pattern.callback
        else:
            yield from routes(pattern.url_patterns, address)


def with_braces(address):
    """Return ``/a/<slug:b>`` as ``/a/{b}``."""
    parts = address.split("/")
    return "/".join(
        "{" + part[1:-1].rpartition(":")[2] + "}" if part.startswith("<") else part
        for part in parts
    )


ROUTES = {
    with_braces(address): view for address, view in routes(get_resolver().url_patterns)
}
API_ROUTES = {
    (method, address)
    for address, view in ROUTES.items()
    if hasattr(view, "cls")
    for method in METHODS
    if hasattr(view.cls, method.lower())
}


PAGE_ROUTES = sorted(
    address
    for address, view in ROUTES.items()
    if (not hasattr(view, "cls") or address == "/api/docs") and address not in OPEN
)


def first_role(page):
    """Return the role of the longest address in the table that the page is or is below."""
    above = [known for known in PAGES if page == known or page.startswith(f"{known}/")]
    return PAGES[max(above, key=len)]


def filled(address):
    """Return an address that leads to the route, if to nothing that exists."""
    unknown = str(UUID(int=0))
    for name in ("import_id", "incident_id", "entry_id", "alert_id", "deed_id"):
        address = address.replace("{" + name + "}", unknown)
    for name in ("integration_id", "slug"):
        address = address.replace("{" + name + "}", "vrbo")
    address = address.replace("{week}", "2026-W01")
    return address.replace("{test_case_id}", "nothing")


@pytest.fixture
def people(db):
    cache.clear()
    users = {}
    for role in Role:
        users[role] = User.objects.create_user(role.value)
        users[role].groups.add(Group.objects.get(name=role))
    return users


def refused(client, method, address):
    """Return whether the answer was that one may not, whatever else it may be."""
    response = client.generic(method, filled(address), "{}", "application/json")
    assert response.status_code < 500
    return response.status_code in {401, 403}


def test_the_table_names_every_api_route():
    assert set(API) == API_ROUTES - {("GET", "/api/docs")}


def test_readme_prints_this_table():
    readme = Path(settings.BASE_DIR, "README.md").read_text("utf-8")
    printed = readme.partition("<!-- access -->")[2].partition("<!-- /access -->")[0]

    rows = [
        f"| {method} | `{address}` | {role.value} | {scope.value if scope else 'any'} |"
        for (method, address), (role, scope) in API.items()
    ]
    head = ["| Method | Address | From role | Scope |", "|---|---|---|---|"]
    assert printed.strip().splitlines() == head + rows


def test_the_table_covers_every_page_and_no_other():
    assert [page for page in PAGE_ROUTES if first_role(page) not in Role] == []
    assert [page for page in PAGES if page not in PAGE_ROUTES] == ["/dashboard/revenue"]


@pytest.mark.parametrize(("method", "address"), API)
def test_a_role_may_what_the_table_says(method, address, people):
    first, _scope = API[method, address]
    may = {}
    for role, user in people.items():
        client = APIClient()
        client.force_authenticate(user)
        may[role] = not refused(client, method, address)

    roles = list(Role)
    assert may == {role: roles.index(role) >= roles.index(first) for role in roles}


@pytest.mark.parametrize(("method", "address"), API)
def test_a_token_may_what_its_scope_says(method, address, people):
    _first, needed = API[method, address]
    may = {}
    for scope in Token.Scope:
        client = APIClient()
        issued = issue_token(people[A], [scope], name="t", by=None, now=timezone.now())
        client.credentials(HTTP_AUTHORIZATION=f"Token {issued.key}")
        may[scope] = not refused(client, method, address)

    assert may == {scope: needed in {scope, None} for scope in Token.Scope}


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "address"), API)
def test_strangers_may_nothing(method, address):
    assert refused(APIClient(), method, address)


@pytest.mark.parametrize("address", PAGE_ROUTES)
def test_a_role_opens_the_pages_the_table_says(address, people):
    may = {}
    for role, user in people.items():
        client = Client()
        client.force_login(user)
        may[role] = client.get(filled(address)).status_code != 403

    roles = list(Role)
    assert may == {
        role: roles.index(role) >= roles.index(first_role(address)) for role in roles
    }


@pytest.mark.django_db
@pytest.mark.parametrize("address", PAGE_ROUTES)
def test_strangers_are_sent_to_sign_in(address):
    response = Client().get(filled(address))

    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in?next=")


def test_no_two_routes_share_a_name():
    names = [
        pattern.name
        for _address, pattern in named(get_resolver().url_patterns)
        if pattern.name is not None
    ]

    assert sorted(names) == sorted(set(names))


def named(patterns, prefix="/"):
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if address.startswith("/admin/"):
            continue
        if isinstance(pattern, URLPattern):
            yield address, pattern
        else:
            yield from named(pattern.url_patterns, address)
