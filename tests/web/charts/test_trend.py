"""Geometry of trend charts: gaps, bars, labels, and what is refused."""

from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from qa_observability.web.charts.trend import (
    BOTTOM,
    TOP,
    TOP_UNDER_LABELS,
    Band,
    Bar,
    Bucket,
    EndLabel,
    Kind,
    Mark,
    Point,
    Series,
    Stretch,
    Threshold,
    TrendChart,
    plan_trend,
)
from qa_observability.web.charts.trend_svg import describe, draw_trend


def days(count):
    return tuple(Bucket(f"{n} Nov", f"Day {n}") for n in range(1, count + 1))


def chart(*values, kind=Kind.LINE, **changes):
    series = (Series("At risk", values),)
    given = {
        "key": "risk",
        "title": "Revenue at risk per day",
        "kind": kind,
        "buckets": days(len(values)),
        "series": series,
        "write": lambda v: "—" if v is None else f"${v}",
        "write_tick": lambda v: f"${v:g}",
    }
    return TrendChart(**(given | changes))


def rounded(bar):
    return Bar(*(round(part, 6) for part in (bar.x, bar.width, bar.y, bar.height)))


def test_a_gap_breaks_the_line_and_is_hatched():
    plan = plan_trend(chart(0, 10, None, None, 5))

    assert plan.lines[0][1] == (
        (Point(10, BOTTOM), Point(30, TOP)),
        (Point(90, (TOP + BOTTOM) / 2),),
    )
    assert plan.gaps == (Stretch(40, 40),)


def test_zero_is_a_value_and_not_a_gap():
    plan = plan_trend(chart(0, 0))

    assert plan.gaps == ()
    assert plan.lines[0][1] == ((Point(25, BOTTOM), Point(75, BOTTOM)),)


def test_bars_stand_on_zero_side_by_side():
    other = Series("Protected", (10, None), "second")
    plan = plan_trend(
        chart(5, 10, kind=Kind.BAR, series=(Series("At risk", (5, 10)), other))
    )

    tall = BOTTOM - TOP
    assert [rounded(bar) for bar in plan.bars[0][1]] == [
        Bar(7, 18, TOP + tall / 2, tall / 2),
        Bar(57, 18, TOP, tall),
    ]
    assert plan.bars[1][1] == (Bar(25, 18, TOP, tall),)
    assert plan.lines == ()


def test_thresholds_bands_and_marks_are_placed():
    plan = plan_trend(
        chart(
            1,
            2,
            3,
            4,
            thresholds=(Threshold(8, "critical ≥ 8"),),
            bands=(Band(1, 2, "Maintenance"),),
            marks=(Mark(3, "D", "deploy 1.2"),),
        )
    )

    assert plan.levels == (
        (BOTTOM - 0.8 * (BOTTOM - TOP_UNDER_LABELS), Threshold(8, "critical ≥ 8")),
    )
    assert plan.bands == (Stretch(25, 50, "Maintenance"),)
    assert plan.marks == ((87.5, Mark(3, "D", "deploy 1.2")),)


def test_a_single_line_needs_no_label_but_a_comparison_does():
    alone = chart(1, 2)
    compared = chart(1, 2, previous=Series("previous", (2, 2)))

    assert plan_trend(alone).ends == ()
    assert plan_trend(compared).ends == (
        EndLabel(TOP + 4, "At risk", "main"),
        EndLabel(TOP + 19, "previous", "previous"),
    )


def test_axis_names_the_first_and_the_last_bucket():
    plan = plan_trend(chart(*range(30)))

    assert [(anchor, text) for _x, anchor, text in plan.across] == [
        ("start", "1 Nov"),
        ("middle", "11 Nov"),
        ("middle", "20 Nov"),
        ("end", "30 Nov"),
    ]


def test_a_chart_of_one_bucket_has_one_label():
    assert plan_trend(chart(3)).across == ((100.0, "end", "1 Nov"),)


def test_uneven_series_and_too_many_lines_are_refused():
    with pytest.raises(ValueError, match="one value per bucket"):
        chart(1, 2, buckets=days(3))
    with pytest.raises(ValueError, match="one to four"):
        chart(1, series=tuple(Series(str(n), (1,)) for n in range(5)))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param((None, None), "No data in this period.", id="nothing"),
        pytest.param((1, 3, 2), "Highest: $3, Day 2.", id="whole"),
        pytest.param((3, 3), "Highest: $3, Day 1.", id="a tie is the earlier"),
        pytest.param(
            (1, None), "Highest: $1, Day 1. 1 gap without data.", id="one gap"
        ),
        pytest.param(
            (None, 1, None), "Highest: $1, Day 2. 2 gaps without data.", id="two gaps"
        ),
    ],
)
def test_description_says_what_the_picture_shows(values, expected):
    assert describe(chart(*values)) == expected


def test_drawing_is_well_formed_whatever_the_names():
    drawn = draw_trend(
        chart(
            Decimal("1.5"),
            None,
            2,
            title='<Risk> & "more"',
            previous=Series("<before>", (1, None, None)),
            bands=(Band(0, 0, "<band>"),),
            marks=(Mark(2, "D", "<deploy>"),),
            thresholds=(Threshold(1, "<level>"),),
        )
    )

    root = ET.fromstring(drawn)

    assert [child.get("class") for child in root] == [
        "chart-axis",
        "chart-plot",
        "chart-ends",
    ]
    plot = root[1]
    assert plot.get("aria-labelledby") == "risk-title risk-desc"
    assert [plot[0].text, plot[1].text] == [
        '<Risk> & "more"',
        "Highest: $2, Day 3. 1 gap without data.",
    ]
    assert not [e for e in root.iter() if "style" in e.attrib]


def test_empty_chart_draws_its_frame_only():
    empty = chart(None, None)

    assert empty.is_empty
    assert plan_trend(empty).lines[0][1] == ()
    assert ET.fromstring(draw_trend(empty)).get("data-count") == "2"
