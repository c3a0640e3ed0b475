"""What a killed start left running is ended, and nothing else."""

import json
import signal

from qa_observability.runtime import leftovers, processes
from qa_observability.runtime.leftovers import end_leftovers, remember
from tests.runtime.started import becomes
from tests.runtime.test_processes import SLEEP


def sleeping(folder):
    child = processes.spawn(SLEEP, log=folder / "log")
    assert becomes(lambda: processes.command_line(child.pid) == "/bin/sleep 300")
    return child


def test_what_still_runs_is_asked_to_end_and_the_list_forgotten(tmp_path, monkeypatch):
    monkeypatch.setattr(leftovers, "GRACE_SECONDS", 0.1)
    path = tmp_path / "running.json"
    children = [sleeping(tmp_path) for _ in range(2)]
    remember(path, [(child, signal.SIGINT) for child in children])

    assert end_leftovers(path) == 2

    assert [child.wait(5) for child in children] == [-signal.SIGINT] * 2
    assert not path.exists()


def test_what_has_ended_is_passed_over(tmp_path):
    path = tmp_path / "running.json"
    child = processes.spawn(["/bin/true"], log=tmp_path / "log")
    remember(path, [(child, signal.SIGTERM)])
    child.wait()

    assert end_leftovers(path) == 0
    assert not path.exists()


def test_somebody_elses_process_with_a_listed_number_is_left_alone(tmp_path):
    path = tmp_path / "running.json"
    child = sleeping(tmp_path)
    entry = {"pid": child.pid, "command": "postgres -D data", "ask": signal.SIGTERM}
    path.write_text(json.dumps([entry]))

    try:
        assert end_leftovers(path) == 0
        assert child.poll() is None
    finally:
        processes.stop(child, first=signal.SIGTERM, patience=5)


def test_no_list_means_nothing_left(tmp_path):
    assert end_leftovers(tmp_path / "absent") == 0
