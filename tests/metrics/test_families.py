from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from qa_observability.metrics.families import Counter, Histogram

ROWS = Counter("rows", "Rows.", ("kind", "outcome"))
TIMES = Histogram("times", "Times.", ("route",), (0.1, 1.0))


def stored(*increments):
    fields = defaultdict(float)
    for added in increments:
        for _metric, field, amount in added:
            fields[field] += amount
    return fields


def samples(family):
    return [(s.name, dict(s.labels), s.value) for s in family.samples]


def test_a_counter_counts_by_labels():
    fields = stored(
        ROWS.added("events", "accepted", amount=3),
        ROWS.added("events", "accepted"),
        ROWS.added("events", "rejected"),
    )

    assert samples(ROWS.family(fields)) == [
        ("rows_total", {"kind": "events", "outcome": "accepted"}, 4.0),
        ("rows_total", {"kind": "events", "outcome": "rejected"}, 1.0),
    ]


def test_a_histogram_counts_values_up_to_each_bound():
    fields = stored(
        *(TIMES.observed("/a", value=value) for value in (0.05, 0.1, 0.5, 1.5))
    )

    assert samples(TIMES.family(fields)) == [
        ("times_bucket", {"route": "/a", "le": "0.1"}, 2.0),
        ("times_bucket", {"route": "/a", "le": "1.0"}, 3.0),
        ("times_bucket", {"route": "/a", "le": "+Inf"}, 4.0),
        ("times_count", {"route": "/a"}, 4.0),
        ("times_sum", {"route": "/a"}, 2.15),
    ]


def test_nothing_counted_has_no_samples():
    assert samples(ROWS.family({})) == samples(TIMES.family({})) == []


def test_labels_may_hold_anything():
    label = 'a"]|,\n'

    assert samples(ROWS.family(stored(ROWS.added(label, "x"))))[0][1]["kind"] == label


@given(st.lists(st.floats(0, 100, allow_nan=False), min_size=1, max_size=30))
def test_buckets_ascend_to_the_count(values):
    fields = stored(*(TIMES.observed("/a", value=value) for value in values))

    *buckets, count, _total = [
        value for _name, _labels, value in samples(TIMES.family(fields))
    ]
    assert buckets == sorted(buckets)
    assert buckets[-1] == count == len(values)
    assert buckets[0] == sum(value <= 0.1 for value in values)
