"""What people say of links: kept and shown, never silently learned from."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from correlation.models import LinkFeedback, TestCase
from integration_health.models import Integration
from qa_observability import audit
from qa_observability.lib.errors import InvalidField

LONGEST_NOTE = 300


def give_feedback(
    test_case_id: str,
    integration_id: str,
    *,
    confirmed: bool,
    by: AbstractBaseUser,
    note: str = "",
) -> LinkFeedback:
    """Keep a person's word on a pair; the newest one is shown with it.

    A rejected link stays listed but is no longer recommended and raises no warning.
    Raises: ``InvalidField`` for an unknown test or integration, or a note over 300
        characters.
    """
    if not TestCase.objects.filter(pk=test_case_id).exists():
        raise InvalidField.named(
            "test_case_id", _("There is no such test."), code="unknown_test"
        )
    known = list(Integration.objects.in_order().values_list("slug", flat=True))
    if integration_id not in known:
        raise InvalidField.named(
            "integration_id",
            _("There is no such integration. Known: %(known)s.")
            % {"known": ", ".join(known)},
            code="unknown_integration",
        )
    if len(note) > LONGEST_NOTE:
        raise InvalidField.named(
            "note", _("Use at most %(count)d characters.") % {"count": LONGEST_NOTE}
        )
    with transaction.atomic():
        feedback = LinkFeedback.objects.create(
            test_case_id=test_case_id,
            integration_id=integration_id,
            confirmed=confirmed,
            actor=by.get_username(),
            note=note,
        )
        audit.record(
            by,
            "link.confirmed" if confirmed else "link.rejected",
            feedback,
            after={"test": test_case_id, "integration": integration_id},
            reason=note,
        )
    return feedback
