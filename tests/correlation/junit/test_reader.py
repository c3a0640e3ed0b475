"""Every dialect and every hostile file, against what is known to be true of it."""

import json
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from correlation.enums import TestStatus, TimeBasis
from correlation.junit.reader import read_report
from correlation.parsed import UnreadableReport

DATA = Path(__file__).parents[2] / "data" / "junit"
EXPECTED = json.loads((DATA / "expected.json").read_text())["files"]
ACCEPTED = sorted(name for name, said in EXPECTED.items() if not said.get("reject"))
REFUSED = sorted(name for name, said in EXPECTED.items() if said.get("reject"))


def read(name, context):
    with (DATA / name).open("rb") as stream:
        return read_report(stream, context)


def report_of(xml, context):
    return read_report(BytesIO(xml.encode()), context)


@pytest.mark.parametrize("name", ACCEPTED)
def test_every_dialect_gives_the_known_outcomes(name, context):
    report = read(name, context)

    outcomes = Counter(result.status for result in report.results[: report.cases])
    assert report.cases == EXPECTED[name]["testcase_elements"]
    assert outcomes == {
        status: EXPECTED[name][status]
        for status in TestStatus.values
        if status in EXPECTED[name]
    }


@pytest.mark.parametrize("name", REFUSED)
def test_every_unreadable_file_is_refused_with_a_reason(name, context):
    with pytest.raises(UnreadableReport) as refusal:
        read(name, context)

    assert refusal.value.status == 400
    assert [error.field for error in refusal.value.errors] == ["file"]
    assert refusal.value.detail.endswith(".")


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("hostile/empty.xml", "empty_report", "The file is empty"),
        ("hostile/not_junit_html.xml", "not_junit", "it looks like HTML"),
        ("hostile/not_junit_trx.xml", "not_junit", "it looks like Visual Studio TRX"),
        ("real/not_junit_root.xml", "not_junit", "its root is <suites>"),
        ("hostile/xxe_file.xml", "doctype_forbidden", "has a DOCTYPE"),
        ("hostile/truncated.xml", "malformed_xml", "line 2, column"),
        ("hostile/bom_leading_blank.xml", "malformed_xml", "line 2, column 0"),
    ],
)
def test_a_refusal_says_what_the_file_is(name, code, words, context):
    with pytest.raises(UnreadableReport) as refusal:
        read(name, context)

    assert refusal.value.code == code
    assert words in refusal.value.detail


@pytest.mark.parametrize("encoding", ["shift_jis", "no-such-encoding"])
def test_an_encoding_nobody_reads_is_refused(encoding, context):
    xml = f'<?xml version="1.0" encoding="{encoding}"?><testsuite name="s"/>'

    with pytest.raises(UnreadableReport) as refusal:
        report_of(xml, context)

    assert refusal.value.code == "malformed_xml"


@pytest.mark.parametrize(
    "name",
    ["hostile/latin1_declared.xml", "hostile/utf16.xml", "real/xunit_net_utf8_bom.xml"],
)
def test_declared_encodings_are_read(name, context):
    names = [result.name for result in read(name, context).results]

    assert (
        names
        == {
            "hostile/latin1_declared.xml": ["c › n"],
            "hostile/utf16.xml": ["c › n"],
            "real/xunit_net_utf8_bom.xml": [
                "Rhino Collection › mytestapp.Tests.AttriubteTests.SetTestNoFeature",
                "Rhino Collection › mytestapp.Tests.AttriubteTests.GetTestNoFeature",
            ],
        }[name]
    )


def test_newman_errors_that_stand_in_attributes_only_become_results(context):
    report = read("newman.xml", context)

    told = [(result.name, result.status) for result in report.results[report.cases :]]
    assert told == [
        ("Unreachable HMBN › (suite error)", TestStatus.ERROR),
        ("Script error › (suite error)", TestStatus.ERROR),
    ]
    assert "ECONNREFUSED" in report.results[report.cases].message


def test_a_suite_error_without_a_case_becomes_a_result(context):
    report = read("real/suite_level_error.xml", context)

    assert [
        (result.name, result.status, result.executed_at)
        for result in report.results[report.cases :]
    ] == [
        (
            "test.3rdlevel › (suite error)",
            TestStatus.ERROR,
            datetime(2011, 7, 22, 13, 12, 19, tzinfo=UTC),
        )
    ]


@pytest.mark.parametrize(
    ("attributes", "told"),
    [
        pytest.param('tests="6" errors="2"', 0, id="claims cases it does not hold"),
        pytest.param('tests="0" errors="2"', 1, id="ran nothing and erred"),
        pytest.param('tests="0" errors="0"', 0, id="ran nothing"),
        pytest.param('tests="x" errors="many"', 0, id="no numbers"),
    ],
)
def test_attributes_alone_invent_no_case(attributes, told, context):
    report = report_of(f"<testsuite name='s' {attributes}/>", context)

    assert (report.cases, len(report.results)) == (0, told)


def test_a_file_without_cases_says_that_nothing_ran(context):
    report = read("real/no_cases_but_tests.xml", context)

    assert [note.code for note in report.notes] == ["nothing_ran", "cases_missing"]
    assert report.results == ()


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("playwright.xml", ["retries_hidden"]),
        ("vitest.xml", ["retries_hidden"]),
        ("jest_junit.xml", ["zone_assumed", "retries_hidden"]),
        ("gotestsum.xml", ["parents_and_subtests"]),
        ("newman.xml", ["suite_error"]),
        (
            "no_timestamps_nested.xml",
            ["status_attribute_ignored", "ambiguous_duration", "upload"],
        ),
        ("real/no_attributes.xml", ["unnamed_case", "upload"]),
        ("pytest_xunit2.xml", []),
    ],
)
def test_what_a_person_should_know_is_noted(name, codes, context):
    assert [note.code for note in read(name, context).notes] == codes


def test_retries_count_as_attempts(context):
    report = read("surefire_flaky.xml", context)

    assert [(result.status, result.attempts) for result in report.results] == [
        (TestStatus.PASSED, 1),
        (TestStatus.FAILED, 3),
        (TestStatus.FLAKY, 2),
        (TestStatus.ERROR, 2),
        (TestStatus.SKIPPED, 1),
    ]


def test_timestamps_are_read_in_every_spelling(context):
    report = read("timestamp_variants.xml", context)

    ten = datetime(2026, 1, 5, 10, tzinfo=UTC)
    assert [(result.executed_at, result.time_basis) for result in report.results] == [
        (ten, TimeBasis.ZONE_ASSUMED),
        (ten, TimeBasis.EXACT),
        (ten + timedelta(microseconds=123456), TimeBasis.ZONE_ASSUMED),
        (ten, TimeBasis.EXACT),
        (ten, TimeBasis.EXACT),
        (ten, TimeBasis.EXACT),
        (ten, TimeBasis.ZONE_ASSUMED),
        (datetime(2026, 1, 5, tzinfo=UTC), TimeBasis.DATE_ONLY),
        (ten, TimeBasis.EXACT),
        (context.now, TimeBasis.UPLOAD),
        (ten, TimeBasis.EXACT),
        (context.now, TimeBasis.UPLOAD),
        (context.now, TimeBasis.UPLOAD),
        (context.now, TimeBasis.UPLOAD),
    ]


def test_the_zone_of_the_source_makes_local_times_exact(context):
    local = replace(context, zone=ZoneInfo("America/Sao_Paulo"))

    first = read("robot_xunit.xml", local).results[0]

    assert (first.executed_at, first.time_basis) == (
        datetime(2026, 1, 5, 21, 32, 17, 593986, tzinfo=UTC),
        TimeBasis.EXACT,
    )


def test_the_senders_start_stands_in_for_missing_times(context):
    told = replace(context, started_at=datetime(2026, 1, 9, tzinfo=UTC))

    first = read("surefire_flaky.xml", told).results[0]

    assert (first.executed_at, first.time_basis) == (told.started_at, TimeBasis.EXACT)


def test_a_cases_own_moment_wins_over_its_suites(context):
    xml = """<testsuite name="s" timestamp="2026-01-05T10:00:00Z">
        <testcase name="own" timestamp="2026-01-05T11:00:00Z"/>
        <testcase name="unreadable" timestamp="soon"/></testsuite>"""

    moments = [result.executed_at.hour for result in report_of(xml, context).results]

    assert moments == [11, 10]


def test_durations_are_milliseconds_or_unknown(context):
    report = read("no_timestamps_nested.xml", context)

    assert [result.duration_ms for result in report.results] == [
        100,
        None,
        None,
        None,
        None,
        None,
        None,
        200,
    ]


def test_a_declared_integration_is_kept_and_an_unknown_one_noted(context):
    xml = """<testsuite name="s" timestamp="2026-01-05T10:00:00Z">
        <testcase name="a"><properties><property name="integration" value="vrbo"/>
        </properties></testcase>
        <testcase name="b"><properties><property name="integration_id">airbnb</property>
        </properties></testcase>
        <testcase name="c"><properties><property name="integration" value="ebay"/>
        <property name="PASSWORD" value="hunter2"/></properties></testcase></testsuite>"""

    report = report_of(xml, context)

    assert [result.integration_id for result in report.results] == [
        "vrbo",
        "airbnb",
        None,
    ]
    assert [note.code for note in report.notes] == ["unknown_integration"]
    assert "hunter2" not in repr(report)


def test_markup_in_texts_stays_text(context):
    (result,) = read("hostile/script_in_message.xml", context).results

    assert result.name == "c › <script>alert(1)</script>"
    assert result.message.startswith("[a](javascript:alert(1))")


def test_the_digest_is_the_files(context):
    one, two = read("vitest.xml", context), read("vitest.xml", context)

    assert one == two
    assert one.digest != read("jest_junit.xml", context).digest


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("[" * 500_000 + "]", id="brackets"),
        pytest.param("\u0301\u0316" * 250_000, id="combining signs"),
        pytest.param("1" * 500_000, id="digits"),
        pytest.param("a@" * 250_000, id="half e-mail addresses"),
        pytest.param("/a" * 250_000, id="path"),
    ],
)
def test_a_hostile_name_takes_no_longer_than_a_long_one(name, context):
    begun = time.process_time()

    report = report_of(
        f'<testsuite name="{name}"><testcase name="{name}" file="{name}"/></testsuite>',
        context,
    )

    assert len(report.results[0].name) <= 1000
    assert time.process_time() - begun < 1
