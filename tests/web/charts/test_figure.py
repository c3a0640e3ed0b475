"""A chart on a page: its twin holds every value, in the language of the reader."""

from decimal import Decimal

from django.utils import translation

from qa_observability.web.charts.figure import figure
from qa_observability.web.charts.trend import Bucket, Kind, Series, TrendChart


def chart(write=str, title="Errors"):
    return TrendChart(
        key="errors",
        title=title,
        kind=Kind.LINE,
        buckets=(Bucket("1 Feb", "Sun 1 Feb"), Bucket("2 Feb", "Mon 2 <Feb>")),
        series=(Series("A & B", (Decimal("1.5"), None)), Series("C", (2, 3), "second")),
        write=write,
        write_tick=str,
    )


def test_the_twin_holds_every_value_escaped():
    drawn = figure(chart(lambda value: "—" if value is None else f"<{value}>"))

    assert (
        '<tbody><tr><th scope="row">Sun 1 Feb</th>'
        '<td class="num">&lt;1.5&gt;</td><td class="num">&lt;2&gt;</td></tr>'
        '<tr><th scope="row">Mon 2 &lt;Feb&gt;</th>'
        '<td class="num">—</td><td class="num">&lt;3&gt;</td></tr></tbody>'
    ) in drawn
    assert '<th scope="col" class="num">A &amp; B</th>' in drawn


def test_what_was_just_drawn_is_not_drawn_again():
    written = []

    def write(value):
        written.append(value)
        return str(value)

    one = chart(write)
    first = figure(one)
    before = len(written)

    assert figure(one) is first
    assert len(written) == before


def test_another_language_or_content_is_another_figure():
    english = figure(chart())

    with translation.override("pt-br"):
        assert figure(chart()) is not english
    assert figure(chart(title="Other")) is not english
    assert figure(chart()) is english


def test_each_line_can_be_chosen_where_only_one_fits():
    drawn = figure(chart())

    assert drawn.count('type="radio"') == 2
    assert [f'data-line="{n}"' in drawn for n in (1, 2, 3)] == [True, True, False]
