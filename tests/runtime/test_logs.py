"""The end of a log, however long it is."""

from qa_observability.runtime.logs import LONGEST_TAIL, last_line, last_lines


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


def test_a_huge_log_is_read_from_its_end_whatever_bytes_it_holds(tmp_path):
    log = tmp_path / "log"
    log.write_bytes(b"\xff" * (LONGEST_TAIL * 2) + b"\nlast\n")

    assert last_line(log) == "last"
