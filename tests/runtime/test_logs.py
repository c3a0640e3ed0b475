"""The end of a log, however long it is; lines for who watches."""

import os
import sys
from pathlib import Path

import pytest

from qa_observability.runtime.logs import (
    LONGEST_LOG,
    LONGEST_TAIL,
    last_complaint,
    last_line,
    last_lines,
    trim,
)
from qa_observability.runtime.progress import say


def test_last_lines_leave_blank_ones_out(tmp_path):
    log = tmp_path / "log"
    log.write_text("one\n\ntwo  \nthree\n\n")

    assert last_lines(log, 2) == ["two", "three"]
    assert last_line(log) == "three"


def test_a_log_that_is_absent_or_empty_says_so(tmp_path):
    log = tmp_path / "log"

    assert last_lines(log, 2) == []
    assert last_line(log) == f"it printed nothing to {log}."
    log.touch()
    assert last_line(log) == f"it printed nothing to {log}."


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        pytest.param(
            "bootstrap ... 09:00:00 UTC [7] FATAL:  no space left\nPANIC: abort\nbye\n",
            "FATAL:  no space left",
            id="the server",
        ),
        pytest.param(
            "initdb: error: no access\nremoving\n",
            "initdb: error: no access",
            id="initdb",
        ),
        pytest.param("FATAL:  old\n" + "fine\n" * 20, "fine", id="long ago"),
    ],
)
def test_the_complaint_is_told_not_what_follows_it(printed, told, tmp_path):
    (tmp_path / "log").write_text(printed)

    assert last_complaint(tmp_path / "log") == told


def test_a_huge_log_is_read_from_its_end_whatever_bytes_it_holds(tmp_path):
    log = tmp_path / "log"
    log.write_bytes(b"\xff" * (LONGEST_TAIL * 2) + b"\nlast\n")

    assert last_line(log) == "last"


def test_a_long_log_begins_anew_under_its_writer(tmp_path):
    log = tmp_path / "web.log"

    with log.open("ab") as writer:
        writer.write(b"x" * LONGEST_LOG)
        writer.flush()
        trim(log)
        assert log.stat().st_size == LONGEST_LOG
        writer.write(b"\n")
        writer.flush()
        trim(log)
        writer.write(b"new\n")

    assert log.read_text() == "new\n"
    assert (tmp_path / "web.log.old").stat().st_size == LONGEST_LOG + 1


def test_an_absent_log_is_no_long_one(tmp_path):
    trim(tmp_path / "absent")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a full disk")
def test_a_line_that_a_full_disk_does_not_take_stops_nothing(monkeypatch):
    descriptor = os.open("/dev/full", os.O_WRONLY)
    monkeypatch.setattr(sys, "stdout", os.fdopen(descriptor, "w"))

    say("web is running again.")

    with pytest.raises(OSError, match="No space left"):
        sys.stdout.close()
