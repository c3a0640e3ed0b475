"""The database of a test run: started when first asked for, stopped at the end."""

import pytest
from hypothesis import settings

from tests.engines import running_cluster

# A busy machine is no defect: examples are judged by their answers, not their speed.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

CLUSTER: pytest.StashKey = pytest.StashKey()


def start_cluster(config):
    """Start the run's cluster unless it runs; it stops when pytest ends."""
    if CLUSTER not in config.stash:
        config.stash[CLUSTER] = running_cluster()
        config.stash[CLUSTER].__enter__()
        config.add_cleanup(lambda: config.stash[CLUSTER].__exit__(None, None, None))


def pytest_configure(config):
    # xdist's workers start together and leave one by one: their controller owns it.
    if getattr(config.option, "numprocesses", None):
        start_cluster(config)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    pytestconfig, django_db_modify_db_settings_parallel_suffix
):
    start_cluster(pytestconfig)


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch):
    """Let no test find what another one worked out."""
    from qa_observability import recent

    monkeypatch.setattr(recent, "_kept", type(recent._kept)())
