"""The views of a lead's page."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from custode.exchange.webhooks import moves as webhooks
from custode.guard import door, policy
from custode.guard.kinds import Verb
from custode.guard.models import Change
from custode.kernel.errors import Invalid, Overtaken
from custode.leads import copying, moves, queries, sight
from custode.leads.models import Lead, Status, Step
from custode.leads.queries import today
from custode.prospecting import queries as prospecting
from custode.web.leads import amounts, choices, moving, own
from custode.web.leads.list.columns import STATUS_TINTS
from custode.web.leads.page import earlier, fields, neighbours
from custode.web.leads.page.back import tell_edited, tell_moved
from custode.web.leads.page.fields import FIELDS, Field
from custode.web.leads.page.folder import folder_of
from custode.web.postsales import presentation as postsales
from custode.web.shell import labelled
from custode.web.shell.requests import actor_of, is_htmx, next_of
from custode.web.shell.toasts import tell
from custode.web.talk import comments, timeline


@require_GET
def lead(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the page; `edit` in the address opens a field, with what an `earlier` edit removed."""
    found = choices.lead_or_404(request, pk)
    context = _context(request, found)
    editing = fields.named(request.GET.get("edit", ""))
    if editing is not None and context["may_edit"]:
        back = earlier.found(found, editing, request.GET.get("earlier", ""))
        context |= _form(request, found, editing, back=back)
    context |= _around(request, found)
    if "won" in request.GET:
        context |= postsales.offer(request, found, "")
    return render(request, "leads/page/page.html", context)


@require_http_methods(["GET", "POST"])
def field(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Show a field, open it for editing (`edit` in the address), or save it."""
    found, asked = choices.lead_or_404(request, pk), fields.named(name)
    if asked is None:
        raise Http404
    if request.method == "POST":
        return _save(request, found, asked)
    if not is_htmx(request):
        return redirect("lead", pk)
    context = _context(request, found)
    context["field"] = _bound(context, asked)
    if "edit" in request.GET:
        moves.require_edit(actor_of(request), found)
        context |= _form(request, found, asked)
    return render(request, "leads/page/field.html", context)


def _save(request: HttpRequest, found: Lead, asked: Field) -> HttpResponse:
    try:
        changed = fields.save(actor_of(request), found, asked, request.POST)
    except Invalid as error:
        context = _context(request, found)
        context["field"] = _bound(context, asked)
        context |= _form(request, found, asked, request.POST, str(error))
        context["overtaken"] = isinstance(error, Overtaken)
        if not context["overtaken"]:
            # Another mistake comes first: what has changed in the meantime was not shown yet.
            context["was"] = request.POST.get("was", context["was"])
        if is_htmx(request):
            return render(request, "leads/page/field.html", context, status=422)
        context |= _around(request, found)
        return render(request, "leads/page/page.html", context, status=422)
    if "step" in changed:
        tell_moved(request, found, changed)
    return _saved(request, found.pk, asked)


def _around(request: HttpRequest, found: Lead) -> dict[str, Any]:
    """Return what only the whole page shows: the neighbouring leads, and its menu."""
    return {
        "neighbours": neighbours.of(request, found),
        "hooks": webhooks.offered_on_leads(),
    }


def _saved(
    request: HttpRequest, pk: int, asked: Field | None = None, was: str = ""
) -> HttpResponse:
    """Render the saved field, and everything else on the page that depends on it.

    Args:
        was: the lead's former status, if the status was set.
    """
    if not queries.visible(actor_of(request)).filter(pk=pk).exists():
        return _given_away(request)
    found = choices.lead_or_404(request, pk)
    offer = postsales.offer(request, found, was) if was else {}
    if not is_htmx(request):
        here = reverse("lead", args=[pk])
        return redirect(next_of(request, default=f"{here}?won=1" if offer else here))
    context = _context(request, found)
    shown = asked and _bound(context, asked)
    context |= {"field": shown, "saved": True, "was_status": was}
    return render(request, "leads/page/saved.html", context | offer)


def _bound(context: dict[str, Any], asked: Field) -> Field:
    """Return the field as the page has it, where a default field knows its lead."""
    return next((one for one in context["own_fields"] if one.name == asked.name), asked)


def _given_away(request: HttpRequest) -> HttpResponse:
    """Return to the list: the lead now belongs to somebody whose leads the person does not see."""
    tell(request, _("Saved. You no longer see this lead: it belongs to somebody else now."))
    url = reverse("lead_list")
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


@require_POST
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the status by one of its buttons."""
    found = choices.lead_or_404(request, pk)
    was = found.status
    tell_edited(request, found, *moving.set_status(actor_of(request), found, request.POST))
    response = _saved(request, pk, was=was)
    if is_htmx(request):
        response["HX-Trigger"] = "closeDialog"
    return response


@require_POST
def star(request: HttpRequest, pk: int) -> HttpResponse:
    """Star the lead, or remove its star."""
    found = choices.lead_or_404(request, pk)
    moves.star(actor_of(request), found, request.POST.get("on") == "1")
    if is_htmx(request):
        context = {"lead": found, "may_edit": True}
        return render(request, "leads/parts/star.html", context)
    return redirect(next_of(request, default=reverse("lead", args=[pk])))


@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Assign a lead that nobody owns to oneself."""
    found = choices.lead_or_404(request, pk)
    moves.take(actor_of(request), found)
    tell(request, _("“%(lead)s” is yours now.") % {"lead": found.title})
    return redirect(next_of(request, default=reverse("lead", args=[pk])))


@require_POST
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """Copy the lead, and show the copy."""
    found = choices.lead_or_404(request, pk)
    made = copying.duplicate(actor_of(request), found)
    tell(request, _("This is a copy of “%(lead)s”. It is yours.") % {"lead": found.title})
    return redirect("lead", made.pk)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Move the lead to the trash, and return to where the person came from."""
    found = choices.lead_or_404(request, pk)
    act = door.delete(actor_of(request), [found])
    tell(request, _("“%(lead)s” moved to the trash.") % {"lead": found.title}, undo=act.seq)
    return redirect(next_of(request, default=reverse("lead_list")))


def _context(request: HttpRequest, found: Lead) -> dict[str, Any]:
    actor = actor_of(request)
    everything, edits = choices.pipelines(), moves.may_edit(actor, found)
    return {
        "lead": found,
        "tint": STATUS_TINTS[Status(found.status)],
        "may_edit": edits,
        "may_delete": policy.may(actor, Verb.DELETE, Lead.kind.name),
        "may_assign": sight.may_assign(actor),
        "tags": list(found.tags.all()),
        "is_overdue": _is_overdue(found),
        "client_folder": folder_of(request, found),
        "prospect": prospecting.of_lead(actor, found),
        "labelled": labelled.fields(found.description),
        "rest": labelled.rest(found.description),
        **timeline.words(actor, found, request.GET),
        **postsales.on_lead(actor, found, edits),
        **comments.form(),
        "statuses": Status.choices,
        "standby_days": moving.standby_days(),
        "steps": _steps(found, everything),
        "others": [one for one in everything if one.pipeline.pk != found.step.pipeline_id],
        "panel": [FIELDS[name] for name in fields.IN_PANEL],
        "own_fields": fields.own_fields(actor, found),
        "title_field": FIELDS["title"],
        "description_field": FIELDS["description"],
    }


def _is_overdue(found: Lead) -> bool:
    return found.is_open and found.remind_date is not None and found.remind_date < today()


def _steps(found: Lead, everything: list[choices.WithSteps]) -> list[dict[str, Any]]:
    """Return the steps of the lead's pipeline, each with its relation to the lead's own step."""
    own = (one.steps for one in everything if one.pipeline.pk == found.step.pipeline_id)
    steps: list[Step] = next(own, [])
    # An admin may delete its step at this moment, which takes the lead to another one: the page
    # then shows it on none.
    at = next((i for i, step in enumerate(steps) if step.pk == found.step_id), -1)
    return [{"step": step, "is_past": i < at, "is_now": i == at} for i, step in enumerate(steps)]


def _form(
    request: HttpRequest,
    found: Lead,
    asked: Field,
    form: Any = None,
    error: str = "",
    back: Change | None = None,
) -> dict[str, Any]:
    """Return the context of a field's form: the stored value, or the rejected input.

    Args:
        back: an edit; what it removed is shown instead, beside the present value.
    """
    before = earlier.texts(back, found, asked) if back else {}
    typed = (
        {
            "title": found.title,
            "description": found.description,
            "amount": amounts.written(found.amount_minor, found.currency),
            "currency": found.currency,
            "probability": "" if found.probability is None else found.probability,
            "closing": _iso(found.estimated_closing_date),
            "remind_date": _iso(found.remind_date),
            "remind_time": f"{found.remind_time:%H:%M}" if found.remind_time else "",
            "owner": str(found.owner_id or ""),
            "tags": ", ".join(tag.name for tag in found.tags.all()),
            **before,
        }
        if form is None
        else form.dict()
    )
    context: dict[str, Any] = {
        "editing": asked.name,
        "typed": typed,
        "error": error,
        "was": fields.was(found, asked),
        "back": back,
    }
    if asked.name == "owner":
        context["owners"] = choices.heirs(request)
    if asked.name == "tags":
        context["all_tags"] = choices.tags()
    if asked.own is not None:
        kept = own.texts([asked.own], found.field_values) if form is None else form.dict()
        context["asked"] = own.form([asked.own], {**kept, **before})[0]
    if asked.name == "amount":
        context["currencies"] = sorted({found.currency, *amounts.CURRENCIES})
    return context


def _iso(day: Any) -> str:
    return "" if day is None else str(day.isoformat())
