"""Where one may go from every page, by right; further places are folded away."""

import re

import pytest

from tests.pages.conftest import signed_in
from tests.pages.world import all_healthy

pytestmark = pytest.mark.django_db
QUALITY, IMPORTS = "/dashboard/data-quality", "/dashboard/imports"
REPORTS = "/dashboard/reports"  # on phones only: their short navigation lacks it
COMPONENTS = "/dashboard/components"
ENTER = "/admin/integration_health/integrationhealth/enter/"


def more(client, page="/dashboard"):
    """Return the addresses folded away in the side bar, and whether they are unfolded."""
    html = client.get(page).content.decode()
    start, folded = re.search(
        r'(<details class="nav-more"[^>]*>)(.*?)</details>', html, re.DOTALL
    ).groups()
    return re.findall(r'href="([^"]+)"', folded), " open" in start


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        pytest.param("Viewer", [QUALITY, IMPORTS], id="viewer"),
        pytest.param(
            "QA engineer",
            [QUALITY, IMPORTS, ENTER, COMPONENTS, "/admin/"],
            id="engineer",
        ),
        pytest.param(
            "Admin",
            [
                REPORTS,
                QUALITY,
                IMPORTS,
                ENTER,
                "/dashboard/jobs",
                COMPONENTS,
                "/admin/",
            ],
            id="admin",
        ),
    ],
)
def test_further_pages_are_offered_by_right(role, expected):
    assert more(signed_in(role)) == (expected, False)


@pytest.mark.parametrize("page", [QUALITY, IMPORTS, COMPONENTS, "/dashboard/jobs"])
def test_on_one_of_them_they_are_unfolded_and_it_is_marked(page):
    html = signed_in("Admin").get(page).content.decode()

    current = re.findall(rf'href="({page})" aria-current="page"', html)
    assert '<details class="nav-more" open>' in html
    assert current == [page, page]  # in the side bar, and in the menu of phones


def test_the_period_goes_along_to_data_quality(viewer):
    assert more(viewer, "/dashboard?period=7d")[0][0] == f"{QUALITY}?period=7d"


def test_a_refresh_leaves_what_someone_unfolded_alone(viewer):
    all_healthy()

    swapped = viewer.get("/dashboard", headers={"HX-Target": "live"}).content.decode()

    assert 'id="navigation"' in swapped
    assert "nav-more" not in swapped
