"""Sparklines, strips and timelines."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from qa_observability.lib.periods import Window
from qa_observability.web.charts.sparkline import draw_sparkline
from qa_observability.web.charts.strip import Cell, cell_height, draw_strip
from qa_observability.web.charts.timeline import (
    Episode,
    Failure,
    Pair,
    Timeline,
    across,
    draw_timeline,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def by_class(root, name):
    return [e for e in root.iter() if e.get("class") == name]


def test_sparkline_draws_runs_and_marks_the_newest_value():
    root = ET.fromstring(draw_sparkline([0, 10, None, 5]))

    assert by_class(root, "line main")[0].get("d") == "M12.5 25L37.5 3"
    assert [(d.get("cx"), d.get("cy")) for d in by_class(root, "dot main")] == [
        ("87.5%", "14"),
    ]


def test_sparkline_of_nothing_is_nothing():
    assert draw_sparkline([None, None]) == ""


def test_strip_tells_states_apart_by_height_too():
    heights = [cell_height(s) for s in ("critical", "warning", "healthy", None)]

    assert heights == sorted(set(heights), reverse=True)


def test_strip_has_one_named_cell_per_step():
    cells = [Cell("Mon", "critical", "Critical"), Cell("Tue", None, "No data")]

    root = ET.fromstring(draw_strip("s", "Status per day", cells, "Two days"))

    assert [
        (c.get("class"), c[0].text, c.get("x")) for c in root if c.tag == "rect"
    ] == [
        ("cell critical", "Mon: Critical", "3.5%"),
        ("cell unknown", "Tue: No data", "53.5%"),
    ]


@pytest.mark.parametrize(
    ("hours", "expected"), [(-1, 0), (0, 0), (5, 50), (10, 100), (11, 100)]
)
def test_moments_lie_within_the_window(hours, expected):
    assert across(NOON + hours * HOUR, Window(NOON, NOON + 10 * HOUR)) == expected


def test_timeline_joins_pairs_and_leaves_out_what_lies_outside():
    window = Window(NOON, NOON + 10 * HOUR)
    timeline = Timeline(
        key="t",
        title="Tests and incidents",
        description="One pair",
        window=window,
        test_lane="Booking flow",
        episode_lane="Airbnb",
        failures=[
            Failure(NOON + HOUR, matched=True, words="failed"),
            Failure(NOON - HOUR, matched=False, words="too early"),
        ],
        episodes=[
            Episode(NOON + 2 * HOUR, NOON + 4 * HOUR, matched=True, words="incident"),
            Episode(NOON - 3 * HOUR, NOON - HOUR, matched=False, words="too early"),
        ],
        pairs=[Pair(NOON + HOUR, NOON + 2 * HOUR)],
        dates=["12:00", "22:00"],
    )

    root = ET.fromstring(draw_timeline(timeline))

    assert [e.get("cx") for e in root.iter("circle")] == ["10%"]
    assert [(e.get("x"), e.get("width")) for e in root.iter("rect")] == [("20%", "20%")]
    assert [(e.get("x1"), e.get("x2")) for e in by_class(root, "pair")] == [
        ("10%", "20%")
    ]
