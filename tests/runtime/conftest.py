"""A folder that the servers' account reaches; pytest's own are closed to it."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest


@pytest.fixture
def open_folder():
    base = "/tmp" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="qa-open-", dir=base)).resolve()
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)
