"""How do people map endpoints? See what no channel owns, try a rule, map the past again."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError as QueueAway

from integration_health.admin.people import person
from integration_health.configure import remove, save_rule
from integration_health.domain.mapping import AMBIGUOUS
from integration_health.imports.remap import pending_moves
from integration_health.imports.remap_progress import remap_status
from integration_health.imports.trial import try_rule
from integration_health.models import EndpointRule
from integration_health.reports.endpoints import (
    Largest,
    UnmatchedRoute,
    unmatched_routes,
)
from integration_health.tasks import remap_past

POSITION_STEP = 10

_TEMPLATES = "admin/integration_health/endpointrule"


@admin.register(EndpointRule)
class EndpointRuleAdmin(admin.ModelAdmin[EndpointRule]):
    """Rules in the order in which they are tried."""

    list_display = ("position", "words", "integration_key", "aspect", "enabled", "note")
    list_display_links = ("words",)
    list_filter = ("enabled", "aspect")
    search_fields = ("tokens", "integration_key", "note")
    ordering = ("position", "id")
    change_list_template = f"{_TEMPLATES}/change_list.html"
    change_form_template = f"{_TEMPLATES}/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        own: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("unmatched/", self.unmatched_view, "unmatched"),
            ("remap/", require_POST(self.remap_view), "remap"),
            ("try/", require_POST(self.try_view), "try_new"),
            ("<uuid:rule_id>/try/", require_POST(self.try_view), "try"),
        ]
        routes = [
            path(
                route,
                self.admin_site.admin_view(view),
                name=f"integration_health_endpointrule_{name}",
            )
            for route, view, name in own
        ]
        return [*routes, *super().get_urls()]

    def save_model(
        self, request: HttpRequest, obj: EndpointRule, form: Any, change: bool
    ) -> None:
        save_rule(obj, by=person(request))
        _offer_remap(request)

    def delete_model(self, request: HttpRequest, obj: EndpointRule) -> None:
        remove(obj, by=person(request))
        _offer_remap(request)

    def delete_queryset(
        self, request: HttpRequest, queryset: QuerySet[EndpointRule]
    ) -> None:
        for rule in queryset:
            remove(rule, by=person(request))
        _offer_remap(request)

    @admin.display(description="tokens", ordering="tokens")
    def words(self, rule: EndpointRule) -> str:
        return ", ".join(rule.tokens)

    def unmatched_view(self, request: HttpRequest) -> HttpResponse:
        """Show the largest routes no channel owns, each with the way to a rule."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        now = timezone.now()
        wanted = request.GET.get("sort")
        largest = Largest.ERRORS if wanted == Largest.ERRORS else Largest.REQUESTS
        report = unmatched_routes(now, by=largest)
        return self._page(
            request,
            "unmatched",
            title=_("Routes without a channel"),
            report=report,
            rows=list(_with_cures(report.routes)),
            largest=largest.value,
            status=remap_status(now),
            may_change=self.has_change_permission(request),
        )

    def remap_view(self, request: HttpRequest) -> HttpResponse:
        """Map the past 90 days by today's rules, in the background."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        try:
            remap_past.delay(user_id=cast("int", request.user.pk))
        except QueueAway:
            messages.error(
                request, _("The job queue does not answer. Try again in a moment.")
            )
        else:
            messages.success(request, _("The past 90 days are being mapped again."))
        return HttpResponseRedirect(_to("unmatched"))

    def try_view(
        self, request: HttpRequest, rule_id: UUID | None = None
    ) -> HttpResponse:
        """Show what the rule as typed would move in the last import; nothing is stored."""
        rule = self._rule_to_try(request, rule_id)
        form = self.get_form(request, rule, change=rule is not None)(
            request.POST, instance=rule
        )
        trial = None
        if form.is_valid():
            trial = try_rule(form.save(commit=False), timezone.now())
        known = [rule_id] if rule_id else []
        return self._page(
            request,
            "try",
            title=_("Try a rule"),
            form=form,
            trial=trial,
            save_at=_to("change" if rule_id else "add", *known),
            try_at=_to("try" if rule_id else "try_new", *known),
        )

    def _rule_to_try(
        self, request: HttpRequest, rule_id: UUID | None
    ) -> EndpointRule | None:
        if rule_id is None:
            if not self.has_add_permission(request):
                raise PermissionDenied
            return None
        rule = EndpointRule.objects.filter(pk=rule_id).first()
        if not self.has_change_permission(request, rule):
            raise PermissionDenied
        if rule is None:
            raise Http404
        return rule

    def _page(self, request: HttpRequest, name: str, **context: Any) -> HttpResponse:
        shown = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            **context,
        }
        return TemplateResponse(request, f"{_TEMPLATES}/{name}.html", shown)


def _with_cures(
    routes: Iterable[UnmatchedRoute],
) -> Iterator[tuple[UnmatchedRoute, str, str]]:
    """Yield each route with the address that helps, and the words of the link to it.

    A partner's route belongs to a stored rule, which may name a channel instead; where
    two channels are named, one rule must give way.
    """
    rules = EndpointRule.objects.exclude(integration_key="").order_by("-position")
    rule_of = dict(rules.values_list("integration_key", "pk"))
    highest = EndpointRule.objects.aggregate(highest=Max("position"))["highest"] or 0
    for each in routes:
        if each.integration_key in rule_of:
            yield (
                each,
                _to("change", rule_of[each.integration_key]),
                _("Change its rule"),
            )
        elif each.integration_key == AMBIGUOUS:
            yield each, _to("changelist"), _("Two rules match")
        else:
            start = {
                "position": highest + POSITION_STEP,
                "tokens": ",".join(each.proposed_tokens),
                "note": each.route[:200],
            }
            yield each, f"{_to('add')}?{urlencode(start)}", _("Make a rule")


def _offer_remap(request: HttpRequest) -> None:
    """Say what the rules as they are now would move in the past, and where to do it."""
    pending = pending_moves(timezone.now())
    if pending.routes:
        words = _(
            "Rules count from the next import on. In the past 90 days, %(routes)s counts "
            "by route in %(imports)s imports are mapped otherwise."
        ) % {"routes": pending.routes, "imports": pending.imports}
        messages.warning(
            request,
            format_html(
                '{} <a href="{}">{}</a>', words, _to("unmatched"), _("Map them again")
            ),
        )


def _to(name: str, *arguments: object) -> str:
    return reverse(f"admin:integration_health_endpointrule_{name}", args=arguments)
