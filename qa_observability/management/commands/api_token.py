"""Print one new API token of a user, alone on standard output."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from qa_observability.models import Token
from qa_observability.tokens import issue_token

DEFAULT_DAYS = 365


class Command(BaseCommand):
    help = "Print one new API token of a user, for `Authorization: Token ...`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--scopes",
            default=",".join(Token.Scope.values),
            help="comma-separated: read, ingest, admin (default: all three)",
        )
        parser.add_argument(
            "--expires",
            type=int,
            default=DEFAULT_DAYS,
            metavar="DAYS",
            help=f"days until it expires (default {DEFAULT_DAYS}; 0 = never)",
        )
        parser.add_argument("--name", default="command line", help="what will use it")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        days = options["expires"]
        if days < 0:
            raise CommandError("--expires takes days from today, 0 or more.")
        issued = issue_token(
            _active_user(options["username"]),
            _scopes(options["scopes"]),
            name=options["name"],
            by=None,
            now=now,
            expires_at=now + timedelta(days=days) if days else None,
        )
        self.stdout.write(issued.key)


def _active_user(username: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"There is no user {username!r}. Create one in the admin.")
    if not user.is_active:
        raise CommandError(f"The user {username!r} is disabled; enable them first.")
    return user


def _scopes(text: str) -> list[str]:
    scopes = [scope.strip() for scope in text.split(",") if scope.strip()]
    unknown = sorted(set(scopes) - set(Token.Scope.values))
    if unknown or not scopes:
        known = ", ".join(Token.Scope.values)
        wrong = ", ".join(unknown) or "nothing"
        raise CommandError(f"--scopes got {wrong}; choose from {known}.")
    return scopes
