"""What kinds of things are counted? Counters and histograms, by labels."""

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

from qa_observability.metrics.store import Increment

SUM = "sum"


@dataclass(frozen=True, slots=True)
class Counter:
    """A number that only grows, one per combination of label values."""

    name: str
    help: str
    labels: tuple[str, ...]

    def added(self, *values: str, amount: float = 1) -> list[Increment]:
        """Return the increment for ``values``, given in the order of ``labels``."""
        return [(self.name, json.dumps(values), amount)]

    def family(self, fields: Mapping[str, float]) -> CounterMetricFamily:
        """Return what was counted, as Prometheus takes it."""
        family = CounterMetricFamily(self.name, self.help, labels=self.labels)
        for field, amount in sorted(fields.items()):
            family.add_metric(json.loads(field), amount)
        return family


@dataclass(frozen=True, slots=True)
class Histogram:
    """How often values fell up to each of ``bounds``, which ascend."""

    name: str
    help: str
    labels: tuple[str, ...]
    bounds: tuple[float, ...]

    def observed(self, *values: str, value: float) -> list[Increment]:
        """Return the increments for one observation: its bucket, and the sum."""
        bucket = bisect_left(self.bounds, value)
        return [
            (self.name, json.dumps([*values, bucket]), 1),
            (self.name, json.dumps([*values, SUM]), value),
        ]

    def family(self, fields: Mapping[str, float]) -> HistogramMetricFamily:
        """Return what was observed, as Prometheus takes it: buckets that include the lower."""
        buckets: dict[tuple[str, ...], list[float]] = defaultdict(
            lambda: [0.0] * (len(self.bounds) + 1)
        )
        sums: dict[tuple[str, ...], float] = {}
        for field, amount in fields.items():
            *values, part = json.loads(field)
            if part == SUM:
                sums[tuple(values)] = amount
            else:
                buckets[tuple(values)][part] = amount
        family = HistogramMetricFamily(self.name, self.help, labels=self.labels)
        names = [*(str(bound) for bound in self.bounds), "+Inf"]
        for labels, counts in sorted(buckets.items()):
            cumulative = list(zip(names, accumulate(counts), strict=True))
            family.add_metric(labels, cumulative, sums.get(labels, 0.0))
        return family


REQUESTS = Histogram(
    "qa_http_request_duration_seconds",
    "Time to answer, by route and status.",
    ("method", "route", "status"),
    (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)
QUERIES = Histogram(
    "qa_http_request_queries",
    "Database queries per request, by route.",
    ("method", "route"),
    (0, 1, 2, 5, 10, 20, 30, 50, 100),
)
JOBS = Histogram(
    "qa_job_duration_seconds",
    "Duration of background jobs, by result.",
    ("job", "result"),
    (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 1800.0),
)
INGESTED = Counter(
    "qa_ingest_rows",
    "Rows that arrived, by kind, source and outcome.",
    ("kind", "source", "outcome"),
)
FAMILIES = (REQUESTS, QUERIES, JOBS, INGESTED)
