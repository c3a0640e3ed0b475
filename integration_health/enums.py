"""Which words are fixed? States, severities, kinds and sources of channel facts."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class HealthStatus(TextChoices):
    """The state of a channel now; unknown is ``None``, never healthy."""

    HEALTHY = "healthy", _("Healthy")
    WARNING = "warning", _("Warning")
    CRITICAL = "critical", _("Critical")


class SyncStatus(TextChoices):
    """The state of one sync (pricing, fees)."""

    OK = "ok", _("OK")
    WARNING = "warning", _("Warning")
    ERROR = "error", _("Error")


class Severity(TextChoices):
    """How bad one event is."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")
    CRITICAL = "critical", _("Critical")


class EventType(TextChoices):
    """The known kinds of failure; others are accepted if they match EVENT_TYPE_PATTERN."""

    PRICING_SYNC_ERROR = "pricing_sync_error", _("Pricing sync error")
    FEE_SYNC_ERROR = "fee_sync_error", _("Fee sync error")
    BOOKING_LOSS = "booking_loss", _("Booking loss")
    AVAILABILITY_SYNC_ERROR = "availability_sync_error", _("Availability sync error")
    API_ERROR = "api_error", _("API error")


EVENT_TYPE_PATTERN = r"^[a-z][a-z0-9_]{1,49}$"


class Aspect(TextChoices):
    """What an endpoint or a failure concerns."""

    PRICING = "pricing", _("Pricing")
    FEES = "fees", _("Fees")
    BOOKING = "booking", _("Booking")
    AVAILABILITY = "availability", _("Availability")
    OTHER = "other", _("Other")


EVENT_TYPE_OF_ASPECT = {
    Aspect.PRICING: EventType.PRICING_SYNC_ERROR,
    Aspect.FEES: EventType.FEE_SYNC_ERROR,
    Aspect.BOOKING: EventType.BOOKING_LOSS,
    Aspect.AVAILABILITY: EventType.AVAILABILITY_SYNC_ERROR,
    Aspect.OTHER: EventType.API_ERROR,
}


class Source(TextChoices):
    """Who said so."""

    MANUAL = "manual", _("Entered by hand")
    API = "api", _("Pushed by API")
    SPLUNK = "splunk", _("Splunk import")
    POLLER = "poller", _("Polled")
    WEBHOOK = "webhook", _("Webhook")
    SAMPLE = "sample", _("Sample")


class StatusSource(TextChoices):
    """Whether a snapshot's status was computed from its signals or typed by a person."""

    COMPUTED = "computed", _("Computed")
    MANUAL = "manual", _("Set by hand")


class BatchKind(TextChoices):
    """What an import file held."""

    ENDPOINT_STATS = "endpoint_stats", _("Endpoint statistics")
    RAW_EVENTS = "raw_events", _("Raw events")


class BatchState(TextChoices):
    """Where an import stands."""

    WAITING = "waiting", _("Waiting for commit")
    RUNNING = "running", _("Running")
    COMMITTED = "committed", _("Committed")
    UNDONE = "undone", _("Undone")
    FAILED = "failed", _("Failed")


class IncidentState(TextChoices):
    """Where an incident stands; withdrawn when late data took its evidence away."""

    OPEN = "open", _("Open")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    RESOLVED = "resolved", _("Resolved")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class IncidentOrigin(TextChoices):
    """What opened an incident."""

    BURST = "burst", _("Burst of events")
    MANUAL = "manual", _("Entered by hand")


class IncidentAction(TextChoices):
    """What a line of an incident's timeline tells."""

    FOUND = "found", _("Found")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    ASSIGNED = "assigned", _("Assigned")
    NOTED = "noted", _("Note")
    TICKET_LINKED = "ticket_linked", _("Ticket linked")
    UNACKNOWLEDGED = "unacknowledged", _("Acknowledgement undone")
    RESOLVED = "resolved", _("Resolved")
    UNRESOLVED = "unresolved", _("Resolution undone")
    REOPENED = "reopened", _("Reopened: it went on failing")
    WITHDRAWN = "withdrawn", _("Withdrawn: late data took its evidence away")
    REINSTATED = "reinstated", _("Reinstated: late data brought it back")


class Recurrence(TextChoices):
    """How often a maintenance window comes back."""

    NONE = "none", _("Once")
    DAILY = "daily", _("Every day")
    WEEKLY = "weekly", _("Every week")


class AnnotationKind(TextChoices):
    """What changed at a moment worth marking on charts."""

    DEPLOY = "deploy", _("Deploy")
    CONFIG = "config", _("Configuration change")


class AlertKind(TextChoices):
    """What an alert announces."""

    CRITICAL = "critical", _("Turned critical")
    RECOVERED = "recovered", _("Recovered")
    STALE = "stale", _("Data went stale")
    EARLY_WARNING = "early_warning", _("A test announces a failure")
