"""A folder that the servers' account reaches; pytest's own are closed to it."""

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def open_folder_made():
    """Make a folder every account may enter, short enough for sockets; remove it."""
    base = "/tmp" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="qa-open-", dir=base)).resolve()
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
