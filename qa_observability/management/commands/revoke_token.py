"""Make an API token useless at once, where the admin is out of reach."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from qa_observability.models import Token
from qa_observability.tokens import prefix_of, revoke_token


class Command(BaseCommand):
    help = "Revoke an API token for good; the audit trail notes it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "token", help="the key, or its first signs as the admin lists them"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        token = _named(options["token"])
        if token.revoked_at is not None:
            when = token.revoked_at.isoformat(timespec="seconds")
            raise CommandError(f"That token was revoked already, at {when}.")
        revoke_token(token, by=None, now=timezone.now())
        self.stdout.write(f"Revoked {token.name!r} of {token.user.get_username()}.")


def _named(said: str) -> Token:
    prefix = prefix_of(said)
    match list(Token.objects.select_related("user").filter(prefix=prefix)[:2]):
        case [token]:
            return token
        case []:
            raise CommandError(f"No token begins with {prefix!r}; look in the admin.")
    raise CommandError(f"Several begin with {prefix!r}: revoke it in the admin.")
