"""A server process keeps the collector away from what it loaded to stay."""

import os
import subprocess
import sys

LOOK = """
import gc, sys
import qa_observability.wsgi
print("revenue.views" in sys.modules, gc.get_freeze_count() > 100_000, gc.get_threshold())
"""


def test_a_started_server_freezes_what_it_loaded_routes_included():
    shown = subprocess.run(
        [sys.executable, "-c", LOOK],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        check=True,
        capture_output=True,
        text=True,
    )

    assert shown.stdout == "True True (20000, 20, 50)\n"
