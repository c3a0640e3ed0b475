"""The page of the components: none is missing, and each state says what it should."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from qa_observability.roof.components.page import every_component
from tests.pages.world import text_of

pytestmark = pytest.mark.django_db
PAGE = "/dashboard/components"


def example(html, name, state):
    """Return what a component shows in one of its states, counted from one."""
    section = html.split(f'id="component-{name}" aria-labelledby')[1].split(
        "</section>\n<"
    )[0]
    return section.split('<div class="example">')[state]


@pytest.fixture
def html(engineer):
    return engineer.get(PAGE).content.decode()


def test_every_component_is_shown_once():
    folder = Path(settings.BASE_DIR, "templates/components")

    shown = Counter(each.name for each in every_component())

    assert shown == Counter(path.stem for path in folder.glob("*.html"))


def test_every_state_of_a_component_has_its_own_name():
    for component in every_component():
        titles = [state.title for state in component.states]
        assert len(titles) == len(set(titles)) > 0


def test_no_two_things_on_the_page_have_one_id(html):
    counted = Counter(re.findall(r'\sid="([^"]+)"', html))

    assert [name for name, count in counted.items() if count > 1] == []


def test_every_anchor_of_the_contents_leads_somewhere(html):
    contents = html.split('class="contents"')[1].split("</nav>")[0]

    for anchor in re.findall(r'href="#([^"]+)"', contents):
        assert f'id="{anchor}"' in html


def test_the_page_needs_no_data_and_says_so(engineer, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        page = text_of(engineer.get(PAGE))

    components = list(every_component())
    states = sum(len(each.states) for each in components)
    assert f"{len(components)} components in {states} states" in page


@pytest.mark.parametrize(
    ("name", "state", "expected"),
    [
        pytest.param("bell", 1, "0 unread alerts", id="bell without news"),
        pytest.param("bell", 3, "99+", id="bell with too many"),
        pytest.param("bell", 4, "Shows nothing.", id="bell switched off"),
        pytest.param("quality_strip", 2, "Shows nothing.", id="strip without notes"),
        pytest.param("channel_card", 5, "stale-age", id="stale card"),
        pytest.param("channel_card", 6, "Never checked", id="card never checked"),
        pytest.param("chart", 1, "hatch", id="chart with a gap"),
        pytest.param("chart", 5, "No data in this period.", id="chart without data"),
        pytest.param("events", 2, "Clear filters", id="events filtered away"),
        pytest.param("events", 3, "No events in 30 days.", id="no events"),
        pytest.param("incidents", 2, "No incidents in 30 days.", id="no incidents"),
        pytest.param("first_use", 2, "may look but not add data", id="first use"),
        pytest.param("block_error", 1, "Retry", id="a part that failed"),
        pytest.param("session", 1, "Stay signed in", id="session"),
        pytest.param("working", 1, "Still working…", id="slow work"),
        pytest.param("messages", 2, ">Undo</button>", id="done, to undo"),
        pytest.param("messages", 5, 'role="alert"', id="refusal"),
        pytest.param("kpi", 7, "—", id="unknown figure"),
    ],
)
def test_states_say_what_they_should(html, name, state, expected):
    assert expected in example(html, name, state)


def test_readers_without_the_admin_may_not(viewer):
    assert viewer.get(PAGE).status_code == 403
