"""Which channel is a test declared for, where its name tells?"""

from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.db.models import QuerySet

from correlation.models import TestCase
from correlation.reports.inventory import suggested_integration
from integration_health.rules import StoredRules
from qa_observability.audit import record


def declare_suggested(tests: QuerySet[TestCase], *, by: User | AnonymousUser) -> int:
    """Declare the suggested channel of tests that have none; return how many had one.

    What people or clients declared before stays. Every declaration leaves a trace.
    """
    rules = StoredRules()
    declared = 0
    with transaction.atomic():
        for test in tests.filter(integration=None):
            suggestion = suggested_integration(test.name, rules)
            if suggestion is None:
                continue
            test.integration_id = suggestion
            test.save(update_fields=["integration", "updated_at"])
            record(by, "test.declared", test, after={"integration": suggestion})
            declared += 1
    return declared
