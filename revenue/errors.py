"""What can go wrong with money that the caller, or an administrator, can fix?"""

from qa_observability.lib.errors import ApplicationError, Conflict


class AssumptionUnreadable(ApplicationError):
    """A sealed assumption does not open; no figure is given rather than a wrong one."""

    status = 503
    code = "assumption_unreadable"
    title = "Revenue assumptions cannot be opened"


class VersionExists(Conflict):
    """A version of the same integration is already valid from that day."""

    code = "version_exists"


class CurrencyMixed(Conflict):
    """Amounts of two currencies would be added."""

    code = "currency_mixed"
