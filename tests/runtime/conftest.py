"""What every test of the servers may use."""

import signal

import pytest

from tests.runtime.folders import open_folder_made


@pytest.fixture(scope="session", autouse=True)
def _interrupts_are_heard():
    """Let children hear SIGINT, which a pipeline's background shell leaves ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def open_folder():
    with open_folder_made() as folder:
        yield folder
