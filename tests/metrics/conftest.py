import subprocess
import time
from tempfile import TemporaryDirectory

import pytest
import redis

from qa_observability.metrics import store
from qa_observability.runtime.binaries import find_valkey


@pytest.fixture(scope="session")
def broker_url():
    """A Valkey of our own on a Unix socket."""
    program, _origin = find_valkey({})
    with TemporaryDirectory(prefix="qa-valkey-") as folder:
        url = f"unix://{folder}/valkey.sock"
        server = subprocess.Popen(
            [
                str(program),
                "--port",
                "0",
                "--unixsocket",
                f"{folder}/valkey.sock",
                "--save",
                "",
            ],
            stdout=subprocess.DEVNULL,
        )
        client = redis.Redis.from_url(url)
        for _ in range(200):
            try:
                client.ping()
                break
            except redis.ConnectionError:
                time.sleep(0.05)
        yield url
        client.close()
        server.terminate()
        server.wait(10)


@pytest.fixture
def broker(broker_url, settings):
    """The empty broker, which the counts go to."""
    settings.REDIS_URL = broker_url
    store.shared_store.cache_clear()
    client = redis.Redis.from_url(broker_url, decode_responses=True)
    client.flushdb()
    yield client
    client.close()
    store.shared_store().redis.close()
    store.shared_store.cache_clear()
