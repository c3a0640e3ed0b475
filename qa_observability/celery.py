"""The Celery app: worker and beat start from here."""

from celery import Celery

app = Celery("qa_observability", task_cls="qa_observability.tracing:TracedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["qa_observability.roof.weekly"])
