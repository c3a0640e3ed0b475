from datetime import UTC, datetime
from decimal import Decimal

import pytest
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from integration_health.models import Integration
from qa_observability.api import params
from qa_observability.lib.errors import FieldError, InvalidInput, NotFound
from qa_observability.lib.periods import Period


def asking(query):
    return Request(APIRequestFactory().get(f"/?{query}"))


def refusal(read, *args, **kwargs):
    with pytest.raises(InvalidInput) as refused:
        read(*args, **kwargs)
    (error,) = refused.value.errors
    return error


def test_known_parameters_pass():
    params.refuse_unknown(asking("minScore=1&format=json"), {"min_score"})


def test_an_empty_format_is_refused():
    assert refusal(params.refuse_unknown, asking("format="), set()).field == "format"


def test_a_typo_is_refused_naming_what_exists():
    error = refusal(
        params.refuse_unknown, asking("integraton=vrbo"), {"period", "integration"}
    )

    assert error == FieldError(
        "integraton",
        "unknown_parameter",
        "is not a parameter here. Known: integration, period.",
    )


@pytest.mark.parametrize(
    ("query", "period"),
    [
        pytest.param("", Period.MONTH, id="default"),
        pytest.param("period=7d", Period.WEEK, id="week"),
        pytest.param("period=1y", Period.YEAR, id="year"),
    ],
)
def test_period_from(query, period):
    assert params.period_from(asking(query)) == period


@pytest.mark.parametrize("value", ["31d", "30D", "", "30d%00"])
def test_an_unknown_period_is_refused(value):
    assert refusal(params.period_from, asking(f"period={value}")).field == "period"


def test_a_parameter_given_twice_is_refused():
    error = refusal(params.period_from, asking("period=7d&period=30d"))

    assert error == FieldError("period", "invalid", "is given more than once.")


@pytest.mark.django_db
def test_integration_from_knows_the_seeded_ones(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert (
            params.integration_from(
                asking("integration=vrbo"), Integration.objects.all()
            )
            == "vrbo"
        )


def test_no_integration_asks_nothing():
    assert params.integration_from(asking(""), Integration.objects.all()) is None


@pytest.mark.django_db
def test_an_unknown_integration_is_not_found_naming_the_known():
    with pytest.raises(NotFound) as refused:
        params.integration_from(
            asking("integration=expedia"), Integration.objects.all()
        )

    detail = "There is no integration expedia. Known: airbnb, booking-com, hmbn, vrbo."
    assert refused.value.detail == detail
    assert refused.value.errors == (
        FieldError("integration", "unknown_integration", detail),
    )


@pytest.mark.parametrize(
    ("query", "limit"),
    [
        pytest.param("", 100, id="default"),
        pytest.param("limit=1", 1, id="least"),
        pytest.param("limit=1000", 1000, id="most"),
    ],
)
def test_limit_from(query, limit):
    assert params.limit_from(asking(query)) == limit


@pytest.mark.parametrize(
    "value", ["0", "1001", "-1", "1.5", "many", "NaN", "1e400", "9" * 31]
)
def test_a_limit_out_of_range_is_refused(value):
    assert refusal(params.limit_from, asking(f"limit={value}")).field == "limit"


@pytest.mark.parametrize("text", ["0", "1", "0.5", "1e-3"])
def test_number_from_takes_both_edges(text):
    read = params.number_from(asking(f"minScore={text}"), "min_score", low=0, high=1)

    assert read == Decimal(text)


@pytest.mark.parametrize("text", ["-0.0001", "1.0001", "sNaN", "Infinity", "1,5"])
def test_number_from_refuses_the_rest(text):
    error = refusal(
        params.number_from, asking(f"minScore={text}"), "min_score", low=0, high=1
    )

    assert error == FieldError("min_score", "invalid", "must be a number from 0 to 1.")


@pytest.mark.parametrize(
    ("query", "flag"),
    [
        pytest.param("", False, id="default"),
        pytest.param("explain=1", True, id="1"),
        pytest.param("explain=TRUE", True, id="TRUE"),
        pytest.param("explain=no", False, id="no"),
    ],
)
def test_flag_from(query, flag):
    assert params.flag_from(asking(query), "explain") is flag


def test_an_unclear_flag_is_refused():
    assert (
        refusal(params.flag_from, asking("explain=maybe"), "explain").field == "explain"
    )


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        pytest.param(
            "2026-01-10T10:30:00Z", datetime(2026, 1, 10, 10, 30, tzinfo=UTC), id="Z"
        ),
        pytest.param(
            "2026-01-10T10:30:00%2B02:00",
            datetime(2026, 1, 10, 8, 30, tzinfo=UTC),
            id="offset",
        ),
        pytest.param(
            "2026-01-10T10:30:00+02:00",
            datetime(2026, 1, 10, 8, 30, tzinfo=UTC),
            id="offset, unescaped",
        ),
        pytest.param("2026-01-10", datetime(2026, 1, 10, tzinfo=UTC), id="day"),
    ],
)
def test_moment_from(text, moment):
    assert params.moment_from(asking(f"from={text}"), "from") == moment


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2026-01-10T10:30:00", id="no zone"),
        pytest.param("yesterday", id="words"),
        pytest.param("2026-13-01", id="month 13"),
        pytest.param("0001-01-01T00:00:00%2B14:00", id="before time began"),
    ],
)
def test_an_unreadable_moment_is_refused(text):
    assert refusal(params.moment_from, asking(f"from={text}"), "from").field == "from"


def test_the_answer_names_the_parameter_as_sent():
    with pytest.raises(InvalidInput) as refused:
        params.flag_from(asking("keepSample=x"), "keep_sample")

    assert refused.value.detail == "keepSample must be true or false."
