"""Markup is well-formed and escapes what it is given."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_observability.web.charts.svg import element, join

TEXT = st.text(
    st.characters(
        blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff"
    )
)


def test_element_spells_attributes_and_leaves_out_none():
    written = element("line", x1=0.125, stroke_width=2, class_="rule", y1=None)

    assert written == '<line x1="0.12" stroke-width="2" class="rule"></line>'


def test_element_escapes_text_and_attributes_but_not_elements():
    inner = element("title", "<b> & co")

    written = element("g", inner, "a < b", id='"x"')

    assert written == (
        '<g id="&quot;x&quot;"><title>&lt;b&gt; &amp; co</title>a &lt; b</g>'
    )


def test_style_attributes_are_refused():
    with pytest.raises(ValueError, match="use a class"):
        element("g", style="fill:red")


@given(TEXT, TEXT)
def test_any_text_survives_a_round_trip(text, value):
    parsed = ET.fromstring(element("text", join(text), id=value))

    assert (parsed.text or "", parsed.get("id")) == (text, value)
