"""Which words are fixed? Outcomes of tests, patterns and strengths of links."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TestStatus(TextChoices):
    """The outcome of one test in one run; an error counts as failed, flaky does not."""

    __test__ = False

    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Failed")
    ERROR = "error", _("Error")
    SKIPPED = "skipped", _("Skipped")
    FLAKY = "flaky", _("Flaky")


FAILED_STATUSES = (TestStatus.FAILED, TestStatus.ERROR)


class TimeBasis(TextChoices):
    """Where the moment of a result comes from."""

    EXACT = "exact", _("Exact")
    ZONE_ASSUMED = "zone_assumed", _("Time zone assumed")
    DATE_ONLY = "date_only", _("Date only")
    UPLOAD = "upload", _("Time of upload")


class Pattern(TextChoices):
    """Which comes first, the failing test or the failing channel."""

    PRECEDES = "test_failure_precedes_integration_failure", _("fails before")
    SIMULTANEOUS = "simultaneous", _("fails at the same time")
    FOLLOWS = "integration_failure_precedes_test_failure", _("fails after")
    NONE = "none", _("no pattern")


class LinkType(TextChoices):
    """How strong a link is: high from 0.6, medium from 0.3."""

    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")
    NONE = "none", _("None")
