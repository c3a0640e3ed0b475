"""The sheet in words, and as one page of PDF."""

import re
from dataclasses import replace
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from integration_health.enums import HealthStatus
from qa_observability.lib.trends import ChangeBasis, Trend
from revenue.exports.letters import latin
from revenue.exports.weekly_pdf import weekly_pdf
from revenue.exports.weekly_sheet import SheetFigure, SheetTable, weekly_sheet
from revenue.reports.weekly import HealthAtWriting
from tests.revenue.weekly.contents import CONTENT, UNKNOWN, WRITTEN_AT, content, loss


def pdf(sheet):
    return weekly_pdf(sheet, name=sheet.title, written_at=WRITTEN_AT)


def pages(file):
    return len(re.findall(rb"/Type /Page\b(?!s)", file))


def test_the_sheet_says_the_four_figures():
    sheet = weekly_sheet(CONTENT, UTC)

    assert sheet.figures == (
        SheetFigure(
            "Health when written", "Warning", "Vrbo: Warning because fees sync"
        ),
        SheetFigure(
            "Revenue at risk",
            "≈$1,137",
            "↑ 24.1 % vs previous 7 days, worse; between $565 and $1,256",
        ),
        SheetFigure("Revenue protected", "—", "Unknown: see the notes below"),
        SheetFigure(
            "Open incidents when written",
            "1",
            "4 started in this week, 3 in the week before",
        ),
    )


def test_the_sheet_has_losses_tests_changes_and_notes():
    sheet = weekly_sheet(CONTENT, ZoneInfo("America/Sao_Paulo"))

    assert (sheet.title, sheet.days, sheet.written, sheet.notes) == (
        "Weekly report 2026-W47",
        "16 Nov – 22 Nov 2026, UTC days",
        "Written Mon 23 Nov 2026, 03:00 UTC−3",
        CONTENT.caveats,
    )
    assert [table.rows for table in sheet.tables] == [
        (("Airbnb: Fee sync errors", "≈$441", "39 %", "↑ 90.9 %, worse"),),
        (("rate parity", "2 incidents on Airbnb", "42 min", "0.73"),),
        (("Vrbo became warning", "Sat 21 Nov 2026, 03:00 UTC−3"),),
    ]


def test_a_calm_week_says_so_and_nothing_is_zero_by_ignorance():
    calm = content(
        health=HealthAtWriting(None, "No data on Airbnb."),
        revenue_at_risk=replace(
            UNKNOWN, value=0, low=0, high=0, change_basis=ChangeBasis.NONE
        ),
        losses=(),
        tests=(),
        changes=(),
        caveats=(),
    )
    sheet = weekly_sheet(calm, UTC)

    assert [figure.value for figure in sheet.figures] == ["No data", "$0.00", "—", "1"]
    assert sheet.figures[1].note == "no change, nothing in either period"
    assert [(table.rows, table.nothing) for table in sheet.tables] == [
        ((), "Nothing put revenue at risk in this week."),
        ((), "No test announced an incident of this week."),
        ((), "No status changed, nothing was deployed or configured."),
    ]


def test_without_correlation_the_sheet_is_silent_on_tests():
    titles = [table.title for table in weekly_sheet(content(tests=None), UTC).tables]

    assert titles == ["Biggest losses", "What changed"]


def test_the_same_sheet_gives_the_same_file_of_one_a4_page():
    sheet = weekly_sheet(CONTENT, UTC)
    first, second = pdf(sheet), pdf(sheet)

    assert first == second
    assert (first[:5], pages(first)) == (b"%PDF-", 1)
    assert b"/MediaBox [0 0 595.28 841.89]" in first


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("word " * 40, id="long sentences"),
        pytest.param("x" * 200, id="no spaces"),
        pytest.param("市場の " * 30, id="letters no font here has"),
        pytest.param("", id="nothing"),
    ],
)
def test_whatever_it_holds_it_stays_one_page(words):
    long = content(
        sentence=words,
        health=HealthAtWriting(HealthStatus.CRITICAL, words),
        losses=(loss(name=words),) * 3,
        tests=(replace(CONTENT.tests[0], test_name=words, integration_name=words),) * 3,
        changes=(replace(CONTENT.changes[0], text=words),) * 6,
        caveats=(words,) * 8,
    )

    assert pages(pdf(weekly_sheet(long, UTC))) == 1


def test_a_table_without_rows_prints_its_words():
    sheet = weekly_sheet(content(losses=()), UTC)

    assert sheet.tables[0] == SheetTable(
        "Biggest losses",
        ("Channel and failure", "At risk", "Share", "Since the week before"),
        (),
        "Nothing put revenue at risk in this week.",
    )
    assert pdf(sheet) != pdf(weekly_sheet(CONTENT, UTC))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("≈$5 − 3 – 2 …", "~$5 - 3 - 2 ..."),
        ("↑ 5 %, ↓ 3 %", "up 5 %, down 3 %"),
        ("São Paulo, €5", "São Paulo, EUR 5"),
    ],
)
def test_signs_outside_latin_have_twins(text, expected):
    assert latin(text) == (expected, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hotel Łódź", "Hotel Lódz*"),
        ("Čedok", "Cedok*"),
        ("Œuvre", "OEuvre*"),
        ("東京 Inn", "[U+6771 U+4EAC]* Inn"),
        ("Москва", "[U+041C U+043E U+0441 U+043A U+0432 U+0430]*"),
        ("ﬁn", "fin*"),
        ("😀", "[U+1F600]*"),
    ],
)
def test_words_of_other_letters_are_spelled_and_marked(text, expected):
    assert latin(text) == (expected, True)


def test_the_sheet_says_what_the_mark_means():
    named = content(sentence="Łódź", caveats=())

    assert len(pdf(weekly_sheet(named, UTC))) > len(
        pdf(weekly_sheet(content(sentence="Lodz", caveats=()), UTC))
    )


def test_change_words_name_a_neutral_week():
    still = replace(CONTENT.revenue_at_risk, change=0, trend=Trend.NEUTRAL)
    sheet = weekly_sheet(content(revenue_at_risk=still), UTC)

    assert sheet.figures[1].note == (
        "→ no change vs previous 7 days; between $565 and $1,256"
    )
