"""Which jobs does the house itself need while nobody looks?"""

from celery import shared_task
from django.utils import timezone

from qa_observability.jobs import recorded
from qa_observability.retention import remove_old_sign_ins


@shared_task
@recorded("qa_observability.forget_sign_ins")
def forget_sign_ins() -> dict[str, int]:
    """Forget who signed in long ago, and sessions that ended."""
    return remove_old_sign_ins(timezone.now())
