"""What does Prometheus read? Counts of all processes, and the state of jobs and data."""

from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.db.models import Count, Max
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector, CollectorRegistry
from redis.exceptions import RedisError
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from integration_health.models import Integration, IntegrationHealth
from qa_observability.api.permissions import MethodPermission
from qa_observability.features import is_enabled
from qa_observability.lib.periods import ONE_DAY
from qa_observability.metrics.families import FAMILIES
from qa_observability.metrics.store import shared_store
from qa_observability.models import JobRun
from revenue.tasks import JUDGE_JOB

QUEUE, UNACKNOWLEDGED = "celery", "unacked"  # Celery's names of its keys
NOWHERE = "0.0.0.0"  # noqa: S104  behind a Unix socket there is no address


class NetworkOrToken(BasePermission):
    """Open to the networks of ``METRICS_NETWORKS``; elsewhere to who may read the API."""

    def has_permission(self, request: Request, view: Any) -> bool:
        address = ip_address(request.META.get("REMOTE_ADDR") or NOWHERE)
        if any(address in ip_network(net) for net in settings.METRICS_NETWORKS):
            return True
        return MethodPermission().has_permission(request, view)


@extend_schema(exclude=True)
class MetricsView(APIView):
    """GET /metrics, in Prometheus' text format."""

    permission_classes = [NetworkOrToken]
    throttle_classes = []

    def get(self, request: Request) -> HttpResponse:
        registry = CollectorRegistry()
        registry.register(ServiceCollector(timezone.now()))
        return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class ServiceCollector(Collector):
    """Gathers all families at one moment; five database queries, two broker round trips."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[Metric]:
        yield from broker_families()
        yield from job_families(self.now)
        if is_enabled("integration_health"):
            yield from collection_families(self.now)
        if is_enabled("revenue"):
            yield from estimate_families()


def broker_families() -> Iterator[Metric]:
    """Yield what processes counted, and how many tasks wait; only 0 while it is away."""
    up = GaugeMetricFamily("qa_broker_up", "1 while the broker answers.")
    depth = GaugeMetricFamily("qa_queue_tasks", "Tasks by state.", labels=["state"])
    store = shared_store()
    try:
        counted = [family.family(store.read(family.name)) for family in FAMILIES]
        depth.add_metric(["waiting"], float(store.redis.llen(QUEUE)))
        depth.add_metric(["running"], float(store.redis.hlen(UNACKNOWLEDGED)))
    except RedisError:
        up.add_metric([], 0)
        yield up
        return
    up.add_metric([], 1)
    yield from (up, depth, *counted)


def job_families(now: datetime) -> Iterator[Metric]:
    """Yield, per job, how long ago it last succeeded and last ran."""
    ended = GaugeMetricFamily(
        "qa_job_seconds_since_success",
        "Seconds since the job last ended well.",
        labels=["job"],
    )
    failing = GaugeMetricFamily(
        "qa_job_failing", "1 when the job's last finished run failed.", labels=["job"]
    )
    finished = JobRun.objects.exclude(result=JobRun.Result.RUNNING)
    last = finished.order_by("job", "-started_at").distinct("job")
    for job, result in last.values_list("job", "result"):
        failing.add_metric([job], float(result == JobRun.Result.FAILED))
    succeeded = JobRun.objects.filter(result=JobRun.Result.DONE)
    newest = succeeded.values("job").annotate(at=Max("finished_at")).order_by("job")
    for row in newest:
        ended.add_metric([row["job"]], (now - row["at"]).total_seconds())
    yield from (ended, failing)


def estimate_families() -> Iterator[Metric]:
    """Yield how far weekly reports were from what their weeks came to since."""
    error = GaugeMetricFamily(
        "qa_revenue_estimate_error_ratio",
        "Distance of reported at risk from what it came to since, as a share of it.",
    )
    weeks = GaugeMetricFamily(
        "qa_revenue_estimate_weeks", "Weekly reports that the error was judged on."
    )
    judged = JobRun.objects.filter(job=JUDGE_JOB, result=JobRun.Result.DONE)
    newest = judged.order_by("-started_at").first()
    if newest is not None:
        weeks.add_metric([], newest.counts["weeks"])
        if newest.counts["error"] is not None:
            error.add_metric([], newest.counts["error"])
    yield from (error, weeks)


def collection_families(now: datetime) -> Iterator[Metric]:
    """Yield, per integration, how old its newest check is and how many came in a day."""
    age = GaugeMetricFamily(
        "qa_collection_age_seconds",
        "Seconds since the newest health check.",
        labels=["integration"],
    )
    expected = GaugeMetricFamily(
        "qa_collection_expected_seconds",
        "Seconds expected between health checks.",
        labels=["integration"],
    )
    recent = GaugeMetricFamily(
        "qa_collection_checks_last_day",
        "Health checks of the last 24 hours.",
        labels=["integration"],
    )
    channels = Integration.objects.enabled().order_by("slug")
    newest = IntegrationHealth.objects.current()
    checked = dict(newest.values_list("integration_id", "last_checked"))
    today = IntegrationHealth.objects.filter(last_checked__gt=now - ONE_DAY).order_by()
    counts = today.values("integration_id").annotate(checks=Count("id"))
    per_day = dict(counts.values_list("integration_id", "checks"))
    for slug, interval in channels.values_list("slug", "expected_interval"):
        expected.add_metric([slug], interval.total_seconds())
        recent.add_metric([slug], per_day.get(slug, 0))
        if slug in checked:
            age.add_metric([slug], (now - checked[slug]).total_seconds())
    yield from (age, expected, recent)
