"""What can keep the servers from starting? Each error is one sentence with its cure."""

from qa_observability.lib.errors import ApplicationError


class CannotStart(ApplicationError):
    """Something on this machine has to change before the servers can start."""

    code = "cannot_start"
    title = "Cannot start"
