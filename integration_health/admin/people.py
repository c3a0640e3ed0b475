"""Who acts in the admin?"""

from django.contrib.auth.models import User
from django.http import HttpRequest


def person(request: HttpRequest) -> User | None:
    """Return the signed-in person, for the audit trail."""
    return request.user if isinstance(request.user, User) else None
