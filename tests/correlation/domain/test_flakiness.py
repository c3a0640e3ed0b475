import pytest
from hypothesis import given
from hypothesis import strategies as st

from correlation.domain.flakiness import (
    FlakyReason,
    TestRun,
    flaky_reason,
    is_always_failing,
)


def runs(pattern, revisions=None):
    """``.`` passed, ``x`` failed, ``r`` passed on a retry; oldest first."""
    return [
        TestRun(sign == "x", revisions[at] if revisions else "", sign == "r")
        for at, sign in enumerate(pattern)
    ]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param("", None, id="never ran"),
        pytest.param("x.x.x.x.x", None, id="nine runs"),
        pytest.param("x.x.x.x.x.", FlakyReason.ALTERNATES, id="ten runs"),
        pytest.param("." * 50, None, id="always passes"),
        pytest.param("x" * 50, None, id="always fails"),
        pytest.param("." * 20 + "x" * 20, None, id="broke and stayed so"),
        pytest.param("....xxx....xxx....xxx..", None, id="in rows, as channels fail"),
        pytest.param("....x.....x......", None, id="two failures"),
        pytest.param("....x....x....x..", FlakyReason.ALTERNATES, id="alone each time"),
        pytest.param("xxxx.xxxx.xxxx.xx", FlakyReason.ALTERNATES, id="rare passes"),
        pytest.param(".........r", FlakyReason.SAME_REVISION, id="retried once"),
        pytest.param("x.x.x." + "." * 100, None, id="long ago"),
        pytest.param("x.x.x." + "." * 94, FlakyReason.ALTERNATES, id="in the last 100"),
    ],
)
def test_flaky_is_what_the_definition_says(pattern, expected):
    assert flaky_reason(runs(pattern)) is expected


@pytest.mark.parametrize(
    ("revisions", "expected"),
    [
        pytest.param("aaaaabbbbb", FlakyReason.SAME_REVISION, id="both on one"),
        pytest.param("aaaaacbbbb", None, id="failed on its own"),
        pytest.param(None, None, id="unknown"),
    ],
)
def test_both_outcomes_on_one_revision_are_flaky(revisions, expected):
    assert flaky_reason(runs(".....x....", revisions)) is expected


@given(st.text(alphabet=".x", min_size=10, max_size=120))
def test_passing_and_failing_are_mirror_images(pattern):
    mirrored = pattern.translate(str.maketrans(".x", "x."))

    assert flaky_reason(runs(pattern)) is flaky_reason(runs(mirrored))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("x" * 9, False),
        ("x" * 10, True),
        ("." + "x" * 99, False),
        ("." + "x" * 100, True),
    ],
)
def test_always_failing_means_all_of_the_last_hundred(pattern, expected):
    assert is_always_failing(runs(pattern)) is expected
