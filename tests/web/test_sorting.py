"""Rows in the reader's order, and heads of columns that change it."""

import pytest
from django.test import RequestFactory

from qa_observability.web.query import read_query
from qa_observability.web.sorting import (
    Order,
    column_head,
    in_order,
    sort_parameter,
)

KEYS = {"name": lambda row: row[0], "cost": lambda row: row[1]}
ROWS = (("b", 2), ("a", None), ("c", 1), ("d", 2))


def request(query=""):
    return RequestFactory().get(f"/page{query}")


@pytest.mark.parametrize(
    ("written", "names"),
    [
        pytest.param("name", "abcd", id="text, ascending"),
        pytest.param("-name", "dcba", id="text, descending"),
        pytest.param("cost", "cbda", id="unknown last, ascending"),
        pytest.param("-cost", "bdca", id="unknown last, equal ones as given"),
    ],
)
def test_rows_follow_the_order(written, names):
    found = in_order(ROWS, Order.read(written), KEYS)

    assert "".join(name for name, _cost in found) == names


@pytest.mark.parametrize("written", ["name", "-cost"])
def test_an_order_is_written_as_it_was_read(written):
    assert Order.read(written).written == written


def test_only_offered_keys_are_taken_and_others_leave_the_address():
    parameter = sort_parameter(KEYS, "-cost")

    taken = read_query(request("?sort=name"), parameter)
    refused = read_query(request("?sort=password"), parameter)

    assert (taken.values["sort"], taken.corrected) == ("name", None)
    assert (refused.values["sort"], refused.corrected) == ("-cost", "/page")


def test_without_an_order_a_head_is_plain_text():
    assert column_head(request(), None, "-cost", "Cost <", "num") == (
        '<th scope="col" class="num">Cost &lt;</th>'
    )


def test_the_column_in_force_says_so_and_turns_round():
    head = column_head(
        request("?period=7d&sort=-cost&page_key=x"),
        Order.read("-cost"),
        "-cost",
        "C",
        "",
    )

    address = "/page?period=7d&amp;sort=cost"
    assert head == (
        f'<th scope="col" aria-sort="descending"><a href="{address}" id="sort-cost" '
        f'class="sort" hx-get="{address}" hx-target="#live" hx-push-url="true">C'
        '<span aria-hidden="true"> ↓</span></a></th>'
    )


def test_another_column_sorts_as_it_first_does():
    head = column_head(request(), Order.read("-cost"), "name", "Name", "")

    assert 'href="/page?sort=name"' in head
    assert "aria-sort" not in head
