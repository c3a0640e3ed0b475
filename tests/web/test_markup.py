from decimal import Decimal

import pytest

from qa_observability.web.markup import breakable, confidence


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("revenue", "revenue", id="one word"),
        pytest.param("health.sweep_all", "health.<wbr>sweep_<wbr>all", id="a job"),
        pytest.param("_a.<b>", "_<wbr>a.<wbr>&lt;b&gt;", id="escaped"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_name_breaks_after_dots_and_underscores_alone(name, shown):
    assert breakable(name) == shown


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [
        pytest.param("0.95", ">95.0 %<", id="as it is"),
        pytest.param("0.9990", ">99.9 %<", id="the surest"),
        pytest.param("0.9991", ">&gt; 99.9 %<", id="above"),
        pytest.param("1", ">&gt; 99.9 %<", id="rounded to certainty"),
    ],
)
def test_no_evidence_is_shown_as_certain(ratio, shown):
    assert shown in " ".join(confidence(Decimal(ratio)).split())
