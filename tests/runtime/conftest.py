"""What every test of the servers may use."""

import pytest

from tests.runtime.folders import open_folder_made


@pytest.fixture
def open_folder():
    with open_folder_made() as folder:
        yield folder
