"""The same test keeps its id over runs, machines and formatting; others never share it."""

import hashlib
from io import BytesIO
from pathlib import Path

import pytest

from correlation.junit.reader import read_report
from correlation.parsed import Family

DATA = Path(__file__).parents[2] / "data" / "junit"


def ids(xml, context):
    return [r.test_case_id for r in read_report(BytesIO(xml.encode()), context).results]


def case(attributes, suite='name="s"'):
    return f"<testsuites><testsuite {suite}><testcase {attributes}/></testsuite></testsuites>"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            case('classname="C" name="a b"'),
            case('classname=" C " name="a&#10;  b"'),
            id="white space",
        ),
        pytest.param(
            case('classname="C" name="S\u00e3o"'),
            case('classname="C" name="Sa\u0303o"'),
            id="normal form",
        ),
        pytest.param(
            case('name="a"', 'name="s" file="/builds/demo/moch/spec.js"'),
            case('name="a"', r'name="s" file="C:\work\demo\moch\spec.js"'),
            id="checked out elsewhere",
        ),
        pytest.param(
            case('name="a" classname="/builds/x/web/sync.spec.ts"'),
            case('name="a" classname="/home/runner/work/x/x/web/sync.spec.ts"'),
            id="class named after an absolute file",
        ),
        pytest.param(
            case('name="a"', 'name="s" hostname="ci-runner-1"'),
            case('name="a"', 'name="s" hostname="ci-runner-2"'),
            id="another machine",
        ),
        pytest.param(
            case('name="a" time="1"', 'name="s" timestamp="2026-01-05T10:00:00Z"'),
            case('name="a" time="2"', 'name="s" timestamp="2026-01-06T10:00:00Z"'),
            id="another run",
        ),
        pytest.param(
            case('name="a"'),
            '<testsuite name="s"><testcase name="a"/></testsuite>',
            id="suite as root",
        ),
    ],
)
def test_one_test_keeps_its_id(one, other, context):
    assert ids(one, context) == ids(other, context)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            case('classname="A" name="x"'), case('classname="B" name="x"'), id="class"
        ),
        pytest.param(case('name="x[1]"'), case('name="x[2]"'), id="parameter"),
        pytest.param(
            case('name="x"', 'name="s"'), case('name="x"', 'name="t"'), id="suite"
        ),
        pytest.param(
            case('name="x" file="a.py"'), case('name="x" file="b.py"'), id="file"
        ),
        pytest.param(case('name="x"'), case('name="X"'), id="case of letters"),
    ],
)
def test_different_tests_have_different_ids(one, other, context):
    assert ids(one, context) != ids(other, context)


@pytest.mark.parametrize(
    ("name", "tests"),
    [
        ("playwright.xml", 14),
        ("pytest_xunit2.xml", 12),
        ("no_timestamps_nested.xml", 8),
        ("real/same_name_two_classes.xml", 2),
        ("real/gotestsum_full.xml", 60),
        ("real/negative_duration.xml", 1),
        ("real/no_attributes.xml", 4),
    ],
)
def test_a_file_holds_as_many_tests_as_it_should(name, tests, context):
    with (DATA / name).open("rb") as stream:
        results = read_report(stream, context).results

    assert len({result.test_case_id for result in results}) == tests


def test_an_id_is_twenty_hex_digits(context):
    (found,) = ids(case('classname="C" name="x"'), context)

    parts = (
        "nightly\x1f\x1fs\x1f\x1fC\x1fx"  # source, project, suite, file, class, name
    )
    assert found == hashlib.sha256(parts.encode()).hexdigest()[:20]


@pytest.mark.parametrize(
    ("name", "position", "shown"),
    [
        (
            "pytest_xunit2.xml",
            1,
            "test_channel_sync.TestPricingSync › test_rate_push_accepted",
        ),
        (
            "jest_junit.xml",
            0,
            "Booking.com channel reservations acknowledges reservation",
        ),
        ("mocha_cypress.xml", 1, "Vrbo listing fees sends pet fee"),
        ("newman.xml", 0, "Pricing / Push rates to Airbnb › status is 200"),
        ("newman.xml", 4, "Unreachable HMBN › reachable"),
        (
            "playwright.xml",
            7,
            "[api-webkit] sync.spec.js › Airbnb availability › calendar push ok",
        ),
        ("real/no_attributes.xml", 2, "(unnamed 3)"),
    ],
)
def test_names_are_readable(name, position, shown, context):
    with (DATA / name).open("rb") as stream:
        assert read_report(stream, context).results[position].name == shown


def test_variants_of_a_parametrised_test_share_a_family(context):
    with (DATA / "pytest_xunit2.xml").open("rb") as stream:
        results = read_report(stream, context).results

    families = {result.family for result in results[10:]}
    assert [family and family.name for family in families] == [
        "test_channel_sync › test_param"
    ]
    assert {result.family for result in results[:10]} == {None}


def test_a_family_is_the_base_test_itself(context):
    xml = """<testsuite name="s"><testcase classname="C" name="x"/>
        <testcase classname="C" name="x[1]"/></testsuite>"""

    base, variant = read_report(BytesIO(xml.encode()), context).results

    assert variant.family == Family(base.test_case_id, "C › x")


def test_a_very_long_name_is_cut_and_still_tells_tests_apart(context):
    long = "x" * 1500

    one, other = (
        read_report(BytesIO(case(f'name="{long}{end}"').encode()), context).results[0]
        for end in "ab"
    )

    assert one.name == other.name == f"s › {'x' * 995}…"
    assert one.test_case_id != other.test_case_id
