"""Query parameters that several routes describe alike."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from qa_observability.lib.periods import DEFAULT_PERIOD, Period

PERIOD = OpenApiParameter(
    "period",
    enum=[period.value for period in Period],
    default=DEFAULT_PERIOD.value,
    description="UTC days ending today, today so far.",
)
INTEGRATION = OpenApiParameter(
    "integration", OpenApiTypes.STR, description="An integration's id."
)
CURSOR = OpenApiParameter(
    "cursor", OpenApiTypes.STR, description="nextCursor of the page before."
)
LIMIT = OpenApiParameter(
    "limit", OpenApiTypes.INT, default=100, description="1 to 1000."
)
