"""A command on a wrong configuration says what is wrong in one line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent


def failed(*options, **environ):
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor", *options],
        cwd=HOUSE,
        env=os.environ | environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set. Start with `make run`"),
        ({"REVENUE_KEYS": "weak"}, "REVENUE_KEYS: a key is written id:base64"),
    ],
)
def test_a_wrong_setting_is_told_in_one_line(environ, words):
    [line] = failed(**environ).splitlines()

    assert line.startswith(f"This installation is not configured: {words}")


def test_who_asks_for_the_traceback_gets_it():
    assert "Traceback" in failed("--traceback", REVENUE_KEYS="weak")
