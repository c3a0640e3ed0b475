"""Addresses of pages: read, and corrected where they are wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_observability.lib.periods import Period
from qa_observability.web.query import (
    Parameter,
    free_text,
    one_of,
    period_parameter,
    ratio,
    read_query,
)

PARAMETERS = (
    period_parameter(),
    Parameter("integration", "", one_of(["airbnb", "vrbo"])),
    Parameter("min_score", "0.5", ratio),
    Parameter("text", "", free_text),
)


def asked(rf, query):
    return read_query(rf.get(f"/page{query}"), *PARAMETERS)


def test_nothing_asked_gives_the_defaults(rf):
    query = asked(rf, "")

    assert (query.period, query.text("integration"), query.text("min_score")) == (
        Period.MONTH,
        None,
        "0.5",
    )
    assert query.redirect is None


@pytest.mark.parametrize(
    ("given_query", "corrected"),
    [
        pytest.param("?period=7d&integration=vrbo", None, id="clean"),
        pytest.param("?period=30d", None, id="a default may stay"),
        pytest.param("?integration=", None, id="an empty form field"),
        pytest.param("?period=8d", "/page", id="unknown period"),
        pytest.param("?period=8d&text=a+b", "/page?text=a+b", id="the rest stays"),
        pytest.param("?colour=red&period=7d", "/page?period=7d", id="unknown name"),
        pytest.param("?min_score=2", "/page", id="out of range"),
        pytest.param("?min_score=nan", "/page", id="not a number"),
        pytest.param("?min_score=1", None, id="top of the range"),
        pytest.param("?min_score=%C2%B2", "/page", id="a digit that is no number"),
        pytest.param("?text=%00", "/page", id="NUL"),
        pytest.param("?text=" + "x" * 201, "/page", id="too long"),
        pytest.param("?text=" + "x" * 200, None, id="as long as allowed"),
        pytest.param("?period=7d&period=90d", None, id="the last one counts"),
    ],
)
def test_unknown_values_correct_the_address(rf, given_query, corrected):
    assert asked(rf, given_query).corrected == corrected


def test_unknown_values_read_as_the_default(rf):
    assert asked(rf, "?period=8d").period is Period.MONTH


@given(
    st.dictionaries(st.sampled_from([p.name for p in PARAMETERS]), st.text(max_size=9))
)
def test_a_corrected_address_needs_no_further_correction(rf_query):
    from django.test import RequestFactory

    request = RequestFactory().get("/page", rf_query)
    corrected = read_query(request, *PARAMETERS).corrected

    if corrected is not None:
        again = RequestFactory().get(corrected)
        assert read_query(again, *PARAMETERS).corrected is None
