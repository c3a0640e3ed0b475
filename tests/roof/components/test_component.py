"""Examples beside copies of themselves: own ids, and what is hidden shown."""

import pytest

from qa_observability.roof.components.component import opened, with_own_ids


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        pytest.param("<p>no ids: a, #a</p>", "<p>no ids: a, #a</p>", id="none"),
        pytest.param(
            '<label for="a">a</label><input id="a" name="a" aria-describedby="b a">'
            '<p id="b">a</p>',
            '<label for="a-x">a</label><input id="a-x" name="a" '
            'aria-describedby="b-x a-x"><p id="b-x">a</p>',
            id="referred to by attributes that hold ids",
        ),
        pytest.param(
            '<svg><pattern id="a"/><rect fill="url(#a)"/><use href="#a"/>'
            '<use href="#shape-ok"/></svg>',
            '<svg><pattern id="a-x"/><rect fill="url(#a-x)"/><use href="#a-x"/>'
            '<use href="#shape-ok"/></svg>',
            id="referred to in drawings",
        ),
        pytest.param(
            '<i id="a"></i><i id="a-table"></i><a href="#a-table"></a>',
            '<i id="a-x"></i><i id="a-table-x"></i><a href="#a-table-x"></a>',
            id="one the beginning of another",
        ),
        pytest.param(
            '<i id="a"></i><a href="/a?b=a"></a>',
            '<i id="a-x"></i><a href="/a?b=a"></a>',
            id="addresses stay",
        ),
    ],
)
def test_ids_become_an_example_s_own(markup, expected):
    assert with_own_ids(markup, "x") == expected


def test_what_waits_out_of_sight_is_opened_without_its_wires():
    markup = (
        '<dialog id="k" data-single-keys="on"><p data-failed hidden>hidden</p>'
        '<a hx-get="/x" href="/x">x</a></dialog>'
    )

    assert opened(markup) == (
        '<dialog open id="k"><p>hidden</p><a href="/x">x</a></dialog>'
    )
