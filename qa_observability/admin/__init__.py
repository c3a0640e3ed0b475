"""Where administrators see people, tokens, the audit trail and job runs."""

from qa_observability.admin import people, tokens, trail

__all__ = ["people", "tokens", "trail"]
