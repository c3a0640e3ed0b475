"""Query parameters that several routes describe alike."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from qa_observability.lib.periods import DEFAULT_PERIOD, Period

PERIOD = OpenApiParameter(
    "period",
    enum=[period.value for period in Period],
    default=DEFAULT_PERIOD.value,
    description=_("UTC days ending today, today so far."),
)
INTEGRATION = OpenApiParameter(
    "integration", OpenApiTypes.STR, description=_("An integration's id.")
)
CURSOR = OpenApiParameter(
    "cursor", OpenApiTypes.STR, description=_("nextCursor of the page before.")
)
LIMIT = OpenApiParameter(
    "limit", OpenApiTypes.INT, default=100, description=_("1 to 1000.")
)
