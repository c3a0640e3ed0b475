"""Files made to break readers: each is read, or refused with a sentence; nothing else."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from correlation.junit.reader import read_report
from correlation.lines.reader import read_array, read_lines
from correlation.newman.reader import read_newman
from correlation.parsed import ReadingContext
from integration_health.splunk.reader import SplunkExport
from qa_observability.lib.errors import ApplicationError

DATA = Path(__file__).parents[1] / "data"
CONTEXT = ReadingContext(source="ci", now=datetime(2026, 3, 1, tzinfo=UTC))
RESULT = (
    b'{"testCaseId":"t1","testCaseName":"books","status":"failed","executedAt":'
    b'"2026-02-28T10:00:00Z","durationMs":12,"message":"no"}\n'
)


def files_in(*patterns):
    found = (path for pattern in patterns for path in DATA.glob(pattern))
    return sorted(path.read_bytes() for path in found if path.is_file())


READERS = {
    "splunk": (
        lambda file: [*SplunkExport(BytesIO(file)).rows()],
        files_in("splunk/*"),
    ),
    "junit": (
        lambda file: read_report(BytesIO(file), CONTEXT),
        files_in("junit/*.xml"),
    ),
    "newman": (lambda file: read_newman(file, CONTEXT), files_in("newman/*.json")),
    "lines": (lambda file: [*read_lines(BytesIO(file), CONTEXT)], [RESULT * 3]),
    "array": (
        lambda file: [*read_array(file, CONTEXT)],
        [b"[" + b",".join([RESULT] * 3) + b"]"],
    ),
}
# What a reader may trip over: signs of its format, numbers out of range, foreign bytes.
PIECES = st.one_of(
    st.binary(max_size=8),
    st.sampled_from(
        [
            *(
                b"",
                b"\x00",
                b"\xff\xfe",
                b"\xef\xbb\xbf",
                b"\xed\xa0\x80",
                b"\r",
                b"\n\n",
            ),
            *(b"{", b"}", b"[", b"]", b'"', b"\\", b"\\u0000", b"\\ud800", b",", b"'"),
            *(b"<", b">", b"</", b"<![CDATA[", b"&x;", b"&#0;", b"<!DOCTYPE x>", b"<?"),
            *(b"-1", b"1e999", b"NaN", b"Infinity", b"9" * 400, b"0.1e-400", b"null"),
            *(b"9999-12-31T23:59:59Z", b"0000-00-00", b"1969-12-31T23:59:59-14:00"),
            *(b"[" * 2000, b"<a>" * 2000, b'{"a":' * 2000, "٣".encode(), b"A" * 70_000),
        ]
    ),
)


@st.composite
def broken(draw, files):
    """One of the files, some stretches of it replaced by pieces, perhaps cut short."""
    file = draw(st.sampled_from(files))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(file)))
        length = draw(st.sampled_from([0, 1, 2, 5, 20, 200]))
        file = file[:start] + draw(PIECES) + file[start + length :]
    if draw(st.booleans()):
        file = file[: draw(st.integers(0, len(file)))]
    return file


def refusal_of(read, file):
    """Our error, if reading raises one; any other exception goes on."""
    try:
        read(file)
    except ApplicationError as refusal:
        return refusal
    return None


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=150)
@given(data=st.data())
def test_a_broken_file_is_read_or_refused(name, data):
    read, files = READERS[name]
    file = data.draw(broken(files))

    refusal = refusal_of(read, file)

    assert refusal is None or (
        refusal.detail and refusal.status in {400, 413, 415, 422}
    )


@pytest.mark.parametrize("name", READERS)
def test_the_files_are_readable_before_they_are_broken(name):
    read, files = READERS[name]

    readable = [file for file in files if refusal_of(read, file) is None]

    assert len(readable) > len(files) // 2
