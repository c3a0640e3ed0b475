import time

from structlog.testing import capture_logs

from qa_observability.metrics.store import Store


def test_amounts_of_all_processes_add_up(broker, broker_url):
    first, second = Store(broker_url), Store(broker_url)

    first.add([("rows", "a", 1), ("rows", "b", 0.5)])
    second.add([("rows", "a", 2)])

    assert first.read("rows") == {"a": 3.0, "b": 0.5}
    first.redis.close()
    second.redis.close()


def test_a_metric_never_counted_is_empty(broker, broker_url):
    store = Store(broker_url)

    assert store.read("rows") == {}
    store.redis.close()


def test_without_a_broker_counting_stops_nothing_and_is_not_tried_again_at_once():
    store = Store("redis://localhost:1/0")

    with capture_logs() as logs:
        store.add([("rows", "a", 1)])
        started = time.perf_counter()
        for _ in range(1000):
            store.add([("rows", "a", 1)])

    assert time.perf_counter() - started < 0.1
    assert [(line["event"], line["reason"]) for line in logs] == [
        ("metrics dropped", "ConnectionError")
    ]


def test_counting_resumes_after_ten_seconds(broker, broker_url):
    store = Store(broker_url)
    store.silent_until = time.monotonic() + 10
    store.add([("rows", "a", 1)])
    silent = store.read("rows")

    store.silent_until = time.monotonic() - 0.001
    store.add([("rows", "a", 1)])

    assert (silent, store.read("rows")) == ({}, {"a": 1.0})
    store.redis.close()
