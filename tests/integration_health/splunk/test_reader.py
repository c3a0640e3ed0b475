import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration_health.enums import BatchKind
from integration_health.splunk import reader
from integration_health.splunk.errors import UnreadableExport
from integration_health.splunk.reader import SplunkExport
from integration_health.splunk.records import ExportFormat
from integration_health.splunk.stat_rows import EndpointStatRow
from qa_observability.lib.errors import ApplicationError, TooLarge
from tests.integration_health.splunk.exports import DATA, counts, read, refusals

STATS = BatchKind.ENDPOINT_STATS
RAW = BatchKind.RAW_EVENTS
ROW = (
    '{"preview":false,"result":{"endpoint":"/a","total_requests":"2",'
    '"total_errors":"1"}}\n'
)
LAST = ROW.replace('"result"', '"lastrow":true,"result"')


@pytest.mark.parametrize(
    ("name", "form", "kind", "expected"),
    [
        ("endpoint_stats.ndjson", "json_lines", STATS, {"EndpointStatRow": 14}),
        ("endpoint_stats.csv", "csv", STATS, {"EndpointStatRow": 14}),
        ("endpoint_stats_latency.csv", "csv", STATS, {"EndpointStatRow": 14}),
        (
            "endpoint_stats_results.json",
            "json_document",
            STATS,
            {"EndpointStatRow": 14},
        ),
        (
            "endpoint_stats_array_typed.json",
            "json_document",
            STATS,
            {"EndpointStatRow": 4},
        ),
        (
            "endpoint_stats_previews.ndjson",
            "json_lines",
            STATS,
            {"EndpointStatRow": 14, "IgnoredRow": 8},
        ),
        ("json_rows.json", "json_document", STATS, {"EndpointStatRow": 3}),
        ("json_cols.json", "json_document", STATS, {"EndpointStatRow": 3}),
        ("results.xml", "xml", STATS, {"EndpointStatRow": 3}),
        ("webhook_alert.json", "json_document", STATS, {"EndpointStatRow": 1}),
        ("raw_events.ndjson", "json_lines", RAW, {"RawEventRow": 4}),
        ("raw_events.csv", "csv", RAW, {"RawEventRow": 4}),
        ("empty.ndjson", "json_lines", None, {}),
        ("bad/empty_file.csv", "empty", None, {}),
        ("bad/header_only.csv", "csv", STATS, {}),
        ("streaming_results_concatenated.xml", "xml", None, {"IgnoredRow": 3}),
        (
            "bad/cut_mid_line.ndjson",
            "json_lines",
            STATS,
            {"EndpointStatRow": 13, "RejectedRow": 1},
        ),
        ("bad/no_lastrow.ndjson", "json_lines", STATS, {"EndpointStatRow": 14}),
        (
            "bad/mixed_sets.ndjson",
            "json_lines",
            STATS,
            {"EndpointStatRow": 4, "RejectedRow": 1},
        ),
        (
            "bad/impossible_numbers.ndjson",
            "json_lines",
            STATS,
            {"EndpointStatRow": 2, "RejectedRow": 9},
        ),
        (
            "bad/hostile_strings.ndjson",
            "json_lines",
            STATS,
            {"EndpointStatRow": 9, "RejectedRow": 1},
        ),
        ("bad/multivalue_endpoint.ndjson", "json_lines", STATS, {"RejectedRow": 1}),
        ("bad/raw_newline_in_json.ndjson", "json_lines", None, {"RejectedRow": 2}),
        ("bad/formula_injection.csv", "csv", STATS, {"EndpointStatRow": 3}),
        ("bad/semicolon_decimal_comma.csv", "csv", STATS, {"EndpointStatRow": 2}),
        ("bad/utf16le_bom.csv", "csv", STATS, {"EndpointStatRow": 3}),
        ("bad/utf8_bom_crlf.csv", "csv", STATS, {"EndpointStatRow": 3}),
        ("bad/latin1.csv", "csv", STATS, {"EndpointStatRow": 1}),
        ("bad/ragged_rows.csv", "csv", STATS, {"EndpointStatRow": 1, "RejectedRow": 2}),
        ("hec_event_batch.txt", "json_lines", None, {"RejectedRow": 1}),
    ],
)
def test_every_example_is_read(name, form, kind, expected):
    rows, export = read(DATA / name)

    assert (export.facts.format.value, export.kind, counts(rows)) == (
        form,
        kind,
        expected,
    )


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("error_messages.ndjson", "search_failed", "Unknown search command 'statz'."),
        ("raw_events.txt", "raw_text", "choose the format JSON or CSV"),
        ("timechart.csv", "timechart", "bin _time span=5m"),
        ("bad/login_page_saved_as.csv", "web_page", "(Login)"),
        ("bad/duplicate_header.csv", "duplicate_column", "total_requests"),
        ("bad/missing_endpoint_column.csv", "missing_column", "path_name"),
        ("bad/unclosed_quote.csv", "broken_csv", "line 2"),
    ],
)
def test_a_bad_file_is_refused_by_name(name, kind, words):
    with pytest.raises(UnreadableExport) as refused:
        read(DATA / name)

    assert (refused.value.kind, words in refused.value.detail) == (kind, True)
    assert refused.value.errors[0].field == "file"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        pytest.param(b"PK\x03\x04rest", "archive", id="zip or xlsx"),
        pytest.param(b"\x1f\x8b\x08rest", "archive", id="gzip"),
        pytest.param(b"\xd0\xcf\x11\xe0rest", "office_document", id="old Excel"),
        pytest.param(b"\x00\x01\x02\x03" * 50, "not_text", id="bytes"),
        pytest.param("<a><b/></a>", "other_xml", id="other XML"),
        pytest.param(
            "<!DOCTYPE a [<!ENTITY b 'c'>]><results/>", "broken_xml", id="entities"
        ),
        pytest.param("<results><result></results>", "broken_xml", id="broken XML"),
        pytest.param("<results>" + "<a>" * 50, "broken_xml", id="deep XML"),
        pytest.param('[{"endpoint":}]', "broken_json", id="broken JSON"),
        pytest.param(
            '{"rows":[["/a"]],"fields":["x"]}', "fields_missing", id="no fields"
        ),
        pytest.param(
            '{"fields":["endpoint","total"],"columns":[["/a"]]}',
            "fields_missing",
            id="a column too few",
        ),
        pytest.param("endpoint,total_requests\n", "missing_column", id="no errors"),
        pytest.param('{"a":"b"}\n{"a":"c"}\n', "missing_column", id="other lines"),
        pytest.param("endpoint," + "x" * 2_000_000, "line_too_long", id="long line"),
        pytest.param(
            '{"messages":[{"type":"ERROR","text":"no"}]}', "search_failed", id="error"
        ),
        pytest.param(
            "<results><messages><msg type='FATAL'>no</msg></messages></results>",
            "search_failed",
            id="error in XML",
        ),
    ],
)
def test_what_is_no_export_is_refused(content, kind):
    with pytest.raises(UnreadableExport) as refused:
        read(content)

    assert refused.value.kind == kind


def test_a_web_page_title_is_shown_scrubbed():
    with pytest.raises(UnreadableExport) as refused:
        read("<html><title>Sign in jo@example.test</title>")

    assert "(Sign in [email])" in refused.value.detail


@pytest.mark.parametrize(
    ("content", "facts"),
    [
        pytest.param(ROW + LAST, ([2], False), id="whole"),
        pytest.param(ROW, ([1], True), id="no last row"),
        pytest.param(
            ROW + '{"preview":false,"lastrow":true}', ([1], False), id="closed"
        ),
        pytest.param(LAST + LAST, ([1, 1], False), id="two sets"),
        pytest.param(LAST + "\n\n" + ROW, ([1, 1], True), id="second set cut"),
        pytest.param(
            LAST + '{"preview":false,"lastrow":true}\n', ([1], False), id="closed twice"
        ),
        pytest.param(
            LAST.replace("false", "true", 1) + LAST, ([1], False), id="preview first"
        ),
        pytest.param(
            LAST + '{"messages":[{"type":"ERROR","text":"x"}]}\n',
            ([1], True),
            id="error after rows",
        ),
        pytest.param(
            '{"endpoint":"/a","total":1,"errors":0}\n', ([1], False), id="plain lines"
        ),
        pytest.param(
            '[{"endpoint":"/a","total":1,"errors":0},', ([1], True), id="array"
        ),
        pytest.param(
            '{"results":[{"endpoint":"/a","total":1,"errors":0},{"endp',
            ([1], True),
            id="document",
        ),
        pytest.param("endpoint,total,errors\n/a,1,0\n/b,1", ([2], True), id="CSV"),
        pytest.param(
            "endpoint,total,errors\n/a,1,0\n/b,1,0", ([2], False), id="no end"
        ),
        pytest.param(
            'endpoint,total,errors\n/a,1,0\n"/b', ([2], True), id="in a quote"
        ),
        pytest.param(
            "<results preview='0'><result><field k='endpoint'><value><text>/a</text>"
            "</value></field></result>\n<result>",
            ([1], True),
            id="XML",
        ),
    ],
)
def test_a_cut_file_is_incomplete_and_sets_are_counted(content, facts):
    export = read(content)[1]

    assert (export.facts.set_sizes, export.facts.incomplete) == facts


def test_all_formats_tell_the_same_rows():
    lines = read(DATA / "endpoint_stats.ndjson")[0]

    def without_line(rows):
        return [row[1:] for row in rows]

    for name in ("endpoint_stats.csv", "endpoint_stats_results.json"):
        assert without_line(read(DATA / name)[0]) == without_line(lines)


def test_bad_lines_name_line_field_and_reason():
    assert refusals(read(DATA / "bad/impossible_numbers.ndjson")[0]) == [
        (1, "total_errors", "More errors than requests."),
        (2, "total_errors", "The value is no whole number."),
        (3, "error_rate", "The value is no number from 0 to 100."),
        (4, "total_requests", "The value is no whole number."),
        (5, "total_requests", "The value is no whole number."),
        (6, "error_rate", "The value is no number from 0 to 100."),
        (8, "total_requests", "The value is missing."),
        (9, "total_requests", "The value is no whole number."),
        (10, "total_requests", "The value is no whole number."),
    ]
    assert refusals(read(DATA / "bad/ragged_rows.csv")[0]) == [
        (3, "", "The row has 2 cells, the header 4."),
        (4, "", "The row has 6 cells, the header 4."),
    ]


def test_rows_of_csv_know_their_line_across_newlines_in_cells():
    rows = read(DATA / "raw_events.csv")[0]

    assert [row.line for row in rows] == [2, 3, 5, 9]


@pytest.mark.parametrize(
    ("name", "endpoint"),
    [
        ("bad/latin1.csv", "/v9/imóveis/São-Paulo"),
        ("bad/utf8_bom_crlf.csv", "/v9/chan-hub/google/availability-query"),
        ("bad/utf16le_bom.csv", "/v9/chan-hub/google/availability-query"),
    ],
)
def test_encodings_are_told_and_stated(name, endpoint):
    rows, export = read(DATA / name)

    assert rows[0].endpoint == endpoint
    assert (export.facts.encoding, export.facts.fallback_line) == (
        "UTF-16" if "utf16" in name else "UTF-8",
        2 if "latin1" in name else None,
    )


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_without_a_mark(encoding):
    rows, export = read((ROW * 20 + LAST).encode(encoding))

    assert (counts(rows), export.facts.encoding) == ({"EndpointStatRow": 21}, "UTF-16")


def test_decimal_commas_and_thousands_dots_are_read_and_noted():
    rows, export = read(DATA / "bad/semicolon_decimal_comma.csv")

    assert [(row.requests, row.errors) for row in rows] == [(38900, 120), (880, 44)]
    assert export.facts.decimal_comma


def test_the_file_stays_open_for_its_owner():
    stream = io.BytesIO((DATA / "bad/utf16le_bom.csv").read_bytes())
    export = SplunkExport(stream)
    list(export.rows())

    del export

    assert not stream.closed


def test_a_file_above_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(reader, "LARGEST_FILE", 3)

    with pytest.raises(TooLarge):
        read("abcd")


def test_a_line_above_the_limit_is_refused_and_the_next_one_read():
    rows, _ = read(ROW.replace("/a", "/" + "a" * 2_000_000) + LAST)

    assert [type(row).__name__ for row in rows] == ["RejectedRow", "EndpointStatRow"]


def documents():
    yield (
        "lines",
        lambda rows: "".join(f'{{"preview":false,"result":{row}}}\n' for row in rows),
    )
    yield "array", lambda rows: f"[{','.join(rows)}]"
    yield "results", lambda rows: f'{{"preview":false,"results":[{",".join(rows)}]}}'
    yield (
        "csv",
        lambda rows: "endpoint,total,errors\n" + '"/a",10,1\n' * len(rows),
    )
    yield (
        "xml",
        lambda rows: (
            "<results preview='0'>\n"
            + "<result><field k='endpoint'><value><text>/a</text></value></field></result>\n"
            * len(rows)
            + "</results>"
        ),
    )


@pytest.mark.parametrize(("name", "written"), list(documents()))
def test_memory_does_not_grow_with_the_file(name, written):
    row = '{"endpoint":"/a?%s","total":"10","errors":"1"}' % ("x" * 400)
    content = written([row] * 20_000).encode()
    stream = io.BytesIO(content)
    tracemalloc.start()

    rows = sum(1 for _ in SplunkExport(stream).rows())

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows == 20_000
    assert peak < 1_000_000


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_give_rows_or_one_of_our_errors(content):
    try:
        rows, export = read(content)
    except ApplicationError:
        return

    assert export.facts.final_rows <= len(rows)


PIECES = st.sampled_from(
    [
        ROW,
        LAST,
        "{",
        "}",
        "[",
        "]",
        ",",
        '"results":[',
        '"',
        "\n",
        "<results>",
        "</",
        "\ufeff",
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_any_broken_export_gives_rows_or_one_of_our_errors(content):
    try:
        rows, export = read(content)
    except ApplicationError:
        return

    assert export.facts.final_rows <= len(rows)


@given(st.integers(min_value=0))
def test_a_cut_at_any_byte_never_invents_rows(position):
    content = (DATA / "endpoint_stats_results.json").read_bytes()
    cut = content[: position % len(content)]
    whole = read(content)[0]

    try:
        rows, export = read(cut)
    except UnreadableExport:
        return

    kept = [row for row in rows if isinstance(row, EndpointStatRow)]
    assert kept == whole[: len(kept)]
    assert export.facts.incomplete or export.facts.format is ExportFormat.EMPTY
