"""Why can an export not be read at all? A bad row is data; a bad file is this error."""

from qa_observability.lib.errors import ApplicationError, FieldError


class UnreadableExport(ApplicationError):
    """A file that is no export we read; the detail says what it is and the cure."""

    status = 422
    code = "unreadable_export"
    title = "Unreadable export"

    def __init__(self, detail: str, *, kind: str) -> None:
        super().__init__(detail, errors=[FieldError("file", kind, detail)])
        self.kind = kind
