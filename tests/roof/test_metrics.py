from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from rest_framework.test import APIClient

from integration_health.models import Integration, IntegrationHealth
from qa_observability.models import JobRun
from qa_observability.tokens import issue_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def scrape(settings):
    settings.METRICS_NETWORKS = ["192.0.2.0/24"]

    def read():
        response = Client(REMOTE_ADDR="192.0.2.7").get("/metrics")
        assert response.status_code == 200
        assert response["Content-Type"].startswith("text/plain")
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(response.content.decode())
            for sample in family.samples
        }

    return read


def test_counts_and_queue_are_read_from_the_broker(scrape, broker):
    broker.rpush("celery", "task", "task")
    broker.hset("unacked", "tag", "task")
    Client().get("/healthz")

    found = scrape()

    assert found["qa_broker_up",] == 1
    assert found["qa_queue_tasks", "waiting"] == 2
    assert found["qa_queue_tasks", "running"] == 1
    assert (
        found["qa_http_request_duration_seconds_count", "GET", "/healthz", "200"] == 1
    )
    assert found["qa_http_request_queries_count", "GET", "/healthz"] == 1


def test_without_a_broker_the_rest_is_told(scrape):
    found = scrape()

    assert found["qa_broker_up",] == 0
    assert found["qa_collection_expected_seconds", "vrbo"] == 86400


def test_jobs_tell_when_they_last_succeeded_and_whether_they_fail(scrape):
    now = timezone.now()

    def run(job, ago, result):
        start = now - timedelta(seconds=ago)
        JobRun.objects.create(
            job=job, started_at=start, finished_at=start, result=result
        )

    run("sweep", 300, "done")
    run("sweep", 60, "failed")
    run("refresh", 300, "failed")
    run("refresh", 60, "done")
    JobRun.objects.create(job="refresh", started_at=now)

    found = scrape()

    assert found["qa_job_failing", "sweep"] == 1
    assert found["qa_job_failing", "refresh"] == 0
    assert found["qa_job_seconds_since_success", "sweep"] == pytest.approx(300, abs=5)
    assert found["qa_job_seconds_since_success", "refresh"] == pytest.approx(60, abs=5)


def test_collection_is_told_per_enabled_integration(scrape):
    now = timezone.now()
    Integration.objects.filter(pk="hmbn").update(enabled=False)
    for hours in (1, 30):
        IntegrationHealth.objects.create(
            integration_id="vrbo",
            last_checked=now - timedelta(hours=hours),
            source="manual",
        )

    found = scrape()

    def told(name):
        return {key[1]: value for key, value in found.items() if key[0] == name}

    assert told("qa_collection_checks_last_day") == {
        "airbnb": 0,
        "booking-com": 0,
        "vrbo": 1,
    }
    assert told("qa_collection_age_seconds") == {"vrbo": pytest.approx(3600, abs=5)}


def test_the_estimates_error_is_that_of_the_last_judgement(scrape):
    assert ("qa_revenue_estimate_error_ratio",) not in scrape()
    now = timezone.now()
    for hours, result, counts in (
        (30, "done", {"weeks": 3, "error": 0.5}),
        (6, "done", {"weeks": 4, "error": 0.0212}),
        (1, "failed", {}),
    ):
        start = now - timedelta(hours=hours)
        JobRun.objects.create(
            job="revenue.judge_estimate",
            started_at=start,
            finished_at=start,
            result=result,
            counts=counts,
        )

    found = scrape()

    assert found["qa_revenue_estimate_error_ratio",] == 0.0212
    assert found["qa_revenue_estimate_weeks",] == 4


def test_an_error_that_cannot_be_told_is_absent_not_zero(scrape):
    now = timezone.now()
    JobRun.objects.create(
        job="revenue.judge_estimate",
        started_at=now,
        finished_at=now,
        result="done",
        counts={"weeks": 0, "error": None},
    )

    found = scrape()

    assert ("qa_revenue_estimate_error_ratio",) not in found
    assert found["qa_revenue_estimate_weeks",] == 0


def test_strangers_read_nothing(scrape):
    assert Client(REMOTE_ADDR="198.51.100.1").get("/metrics").status_code == 401


@pytest.mark.parametrize(("scope", "status"), [("read", 200), ("ingest", 403)])
def test_a_token_that_reads_may_read(scope, status):
    user = User.objects.create_user("prometheus")
    client = APIClient()
    key = issue_token(user, [scope], name="scraper", by=None, now=timezone.now()).key
    client.credentials(HTTP_AUTHORIZATION=f"Token {key}")

    assert client.get("/metrics").status_code == status


def test_reading_takes_a_fixed_number_of_queries(scrape, django_assert_num_queries):
    scrape()

    with django_assert_num_queries(6):
        scrape()
