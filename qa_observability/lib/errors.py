"""What can a caller do wrong? One tree of errors with stable codes.

ApplicationError
├── InvalidInput        400  a query or body that cannot be read
├── InvalidField        422  understood, but a field's value is wrong; names the field
├── NotFound            404  the path or a filter names something that does not exist
├── Conflict            409  at odds with what is stored
├── TooLarge            413
└── Unsupported         415  a content type nobody here reads

A ``ValueError`` is our own bug; these are what a caller can fix. ``detail`` says how.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field: its snake_case name, a stable code, and what to do."""

    field: str
    code: str
    detail: str


class ApplicationError(Exception):
    """An error the caller can fix; the API turns it into the one envelope."""

    status = 400
    code = "invalid"
    title = "Invalid request"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        errors: Sequence[FieldError] = (),
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code
        self.errors = tuple(errors)


class InvalidInput(ApplicationError):
    """A query parameter or body that cannot be read (400)."""


class InvalidField(ApplicationError):
    """A field whose value is wrong (422)."""

    status = 422
    code = "invalid_field"
    title = "Invalid field"

    @classmethod
    def named(cls, field: str, detail: str, *, code: str = "invalid") -> "InvalidField":
        """Return the error of one field, named in snake_case."""
        return cls(f"{field}: {detail}", errors=[FieldError(field, code, detail)])


class NotFound(ApplicationError):
    """Something named does not exist (404)."""

    status = 404
    code = "not_found"
    title = "Not found"


class Conflict(ApplicationError):
    """At odds with what is stored (409)."""

    status = 409
    code = "conflict"
    title = "Conflict"


class TooLarge(ApplicationError):
    """A body or file above a stated limit (413)."""

    status = 413
    code = "too_large"
    title = "Too large"


class Unsupported(ApplicationError):
    """A content type nobody here reads (415)."""

    status = 415
    code = "unsupported_media_type"
    title = "Unsupported media type"
