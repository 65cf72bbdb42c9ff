"""The pages of the account's mail server and of its e-mail templates."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from custode.activities.emails import moves, placeholders, servers, templates
from custode.activities.emails.models import EmailTemplate, Security, Trial
from custode.activities.emails.servers import Wanted
from custode.fields import moves as default_fields
from custode.guard import policy
from custode.guard.door import Attempt
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor
from custode.kernel.address import whole
from custode.kernel.errors import Invalid
from custode.leads.models import Lead
from custode.web.shell.requests import actor_of, admit, is_htmx, user_of
from custode.web.shell.toasts import tell


@require_http_methods(["GET", "POST"])
def mail_page(request: HttpRequest) -> HttpResponse:
    """Show the server and the templates; a POST sets the server."""
    actor = admit(request, Verb.ACCOUNT, Attempt(1, {"mail": {}}))
    if request.method != "POST":
        return _page(request)
    given = {name: request.POST.get(name, "").strip() for name in _TYPED}
    wanted = Wanted(
        port=whole(given.pop("port")), password=request.POST.get("password", ""), **given
    )
    try:
        changed = servers.change(actor, wanted)
    except Invalid as error:
        return _page(request, mistake=error)
    tell(request, _("Saved. Send yourself a test now.") if changed else _("Nothing was changed."))
    return redirect("mail_server")


_TYPED = ("host", "port", "security", "username", "sender")


@require_POST
def mail_off(request: HttpRequest) -> HttpResponse:
    """Remove the mail server."""
    servers.take_away(admit(request, Verb.ACCOUNT, Attempt(1, {"mail": {"off": True}})))
    tell(request, _("No e-mails are sent any more, and the password is forgotten."))
    return redirect("mail_server")


@require_http_methods(["GET", "POST"])
def mail_test(request: HttpRequest) -> HttpResponse:
    """Show the result of the test; a POST sends a test message to the admin."""
    actor = _admin(request)
    mistake = ""
    if request.method == "POST":
        try:
            moves.try_server(actor, user_of(request))
        except Invalid as error:
            mistake = str(error)
    if not is_htmx(request):
        return _page(request, mistake=Invalid(mistake, "test")) if mistake else (
            redirect("mail_server")
        )  # fmt: skip
    words = {"server": servers.of_account(), "trials": Trial, "mistakes": {"test": mistake}}
    return render(request, "account/mail_test.html", words, status=422 if mistake else 200)


def _page(request: HttpRequest, mistake: Invalid | None = None) -> HttpResponse:
    """Render the page; rejected input stays in the form, except for the password."""
    server = servers.of_account()
    values = {name: getattr(server, name) for name in _TYPED}
    if mistake and mistake.field != "test":
        values |= {name: request.POST.get(name, "") for name in _TYPED}
    every = EmailTemplate.objects.all()
    words = {
        "tab": "mail",
        "server": server,
        "has_password": bool(server.password),
        "values": values,
        "securities": Security.choices,
        "trials": Trial,
        "mistakes": {mistake.field: str(mistake)} if mistake else {},
        "templates": sorted(every, key=lambda one: one.retired_at is not None),
    }
    return render(request, "account/mail.html", words, status=422 if mistake else 200)


@require_http_methods(["GET", "POST"])
def template_new(request: HttpRequest) -> HttpResponse:
    """Make a template."""
    return _template(request, _admin(request), EmailTemplate())


@require_http_methods(["GET", "POST"])
def template(request: HttpRequest, pk: int) -> HttpResponse:
    """Show or change a template: its name, subject and text."""
    return _template(request, _admin(request), get_object_or_404(EmailTemplate, pk=pk))


@require_POST
def template_retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop offering a template, or offer it again."""
    actor, one = _admin(request), get_object_or_404(EmailTemplate, pk=pk)
    off = request.POST.get("on") != "1"
    templates.retire(actor, one, off)
    gone, back = (
        _("“%(template)s” is no longer available."),
        _("“%(template)s” is available again."),
    )
    tell(request, (gone if off else back) % {"template": one})
    return redirect("mail_server")


def _template(request: HttpRequest, actor: Actor, one: EmailTemplate) -> HttpResponse:
    names = ("name", "subject", "text")
    given: dict[str, Any] = {name: getattr(one, name) for name in names}
    mistake = None
    if request.method == "POST":
        given = {name: request.POST.get(name, "") for name in names}
        try:
            templates.save(actor, one, **given)
        except Invalid as error:
            mistake = error
        else:
            tell(request, _("“%(template)s” is saved.") % {"template": one})
            return redirect("mail_server")
    words = {
        "tab": "mail",
        "pk": one.pk,
        "values": given,
        "mistakes": mistake.wrong if mistake else {},
        "placeholders": [*placeholders.names().items(), *_own(), _line()],
    }
    return render(request, "account/template.html", words, status=422 if mistake else 200)


def _own() -> list[tuple[str, str]]:
    """Return the placeholders of the default fields of leads."""
    words = _("the default field “%(name)s”")
    return [
        (f"{placeholders.FIELD}{one.name}", words % {"name": one.name})
        for one in default_fields.offered(Lead.kind.name)
    ]


def _line() -> tuple[str, str]:
    """Return an example of the placeholder of a description line."""
    words = _("the line “Contact: …” of the lead's description; any other label goes too")
    return f"{placeholders.FIELD}{_('Contact')}", words


def _admin(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    policy.require(actor, Verb.ACCOUNT)
    return actor
