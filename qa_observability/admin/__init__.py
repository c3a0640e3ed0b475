"""Where administrators see people, tokens, the audit trail, job runs and reports."""

from qa_observability.admin import people, tokens, trail
from qa_observability.roof.weekly import admin as weekly

__all__ = ["people", "tokens", "trail", "weekly"]
