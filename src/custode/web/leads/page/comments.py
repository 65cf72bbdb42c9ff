"""Comments on a lead: written, changed by whoever wrote them, pinned, deleted, restored."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from custode.activities import moves, types
from custode.activities.models import ActivityType, Attachment, Comment
from custode.guard import door
from custode.kernel.errors import Invalid
from custode.leads.models import Lead
from custode.web.leads import choices
from custode.web.leads.page import timeline
from custode.web.leads.page.handing import hand_out, incoming
from custode.web.leads.page.timeline import Place
from custode.web.shell.requests import actor_of, is_htmx
from custode.web.shell.toasts import tell


@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """More of a lead's timeline."""
    found = choices.lead_or_404(request, pk)
    told = timeline.of(actor_of(request), found, Place.of(request.GET))
    return render(request, "leads/page/story.html", {"lead": found, "timeline": told})


@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a comment."""
    found = choices.lead_or_404(request, pk)
    text = request.POST.get("text", "")
    sent = incoming(request)
    try:
        moves.write(actor_of(request), found, text, _activity(request), sent)
    except Invalid as error:
        words = form(text, request.POST.get("activity", ""), str(error)) | {"lead": found}
        words["files_again"] = bool(sent)
        if is_htmx(request):
            return render(request, "leads/page/comment_new.html", words, status=422)
        tell(request, str(error), level=messages.ERROR)
        return redirect("lead", pk)
    if not is_htmx(request):
        return redirect(f"{reverse('lead', args=[pk])}#lead-history")
    return _history_again(request, found, form())


def form(text: str = "", activity: str = "", mistake: str = "") -> dict[str, Any]:
    """What the form of a new comment shows."""
    return {
        "activities": types.offered(),
        "typed": text,
        "typed_activity": activity,
        "comment_mistake": mistake,
        **_sizes(),
    }


def _sizes() -> dict[str, int]:
    """How large a file may be, as the forms say it."""
    most = settings.ATTACHMENT_BYTES
    return {"most_bytes": most, "most_mb": most // 2**20}


def _history_again(request: HttpRequest, lead: Lead, more: dict[str, Any]) -> HttpResponse:
    """The empty form, and the timeline as it is now."""
    actor = actor_of(request)
    words = {
        "lead": lead,
        "timeline": timeline.of(actor, lead),
        "pinned": timeline.pinned(actor, lead),
        **more,
    }
    return render(request, "leads/page/commented.html", words)


@require_http_methods(["GET", "POST"])
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """One comment: shown, opened by whoever wrote it (`edit` in the address), or saved."""
    found = _comment(request, pk)
    words: dict[str, Any] = {"lead": found.lead, **_sizes()}
    mistake, sent = "", incoming(request)
    without = {choices.number(one) for one in request.POST.getlist("without")}
    if request.method == "POST":
        was = choices.number(request.POST.get("was", ""))
        text = request.POST.get("text", "")
        try:
            activity = _activity(request, found)
            moves.edit(
                actor_of(request), found, text, activity, was=was, attached=sent, without=without
            )
        except Invalid as error:
            found.text, mistake = text, str(error)
        else:
            found = _comment(request, pk)
    if not is_htmx(request):
        if mistake:
            tell(request, mistake, level=messages.ERROR)
        return redirect(f"{reverse('lead', args=[found.lead_id])}#comment-{pk}")
    (words["one"],) = timeline.shown_of(actor_of(request), found.lead, [found])
    words |= {"editing": bool(mistake) or "edit" in request.GET, "mistake": mistake}
    words |= {"without": without, "files_again": bool(mistake and sent)}
    words["activities"] = _offered_for(found)
    return render(request, "leads/page/comment.html", words, status=422 if mistake else 200)


@require_GET
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """What a comment read before it was edited, and the files it had, the latest first."""
    found = _comment(request, pk)
    told = timeline.before(found)
    return render(request, "leads/page/versions.html", {"versions": told, "lead": found.lead})


@require_POST
def pin(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a comment at the top, or let it back into its place."""
    found = _comment(request, pk)
    moves.pin(actor_of(request), found, request.POST.get("on") == "1")
    return _answer(request, found)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a comment to the trash."""
    found = _comment(request, pk)
    act = door.delete(actor_of(request), [found])
    tell(request, _("The comment was moved to the trash."), undo=act.seq)
    return _answer(request, found)


@require_GET
def attachment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file of a comment, downloaded; a picture may also be shown on a page (`show`)."""
    found = Attachment.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    _comment(request, found.comment_id)
    return hand_out(request, found)


def _answer(request: HttpRequest, found: Comment) -> HttpResponse:
    if is_htmx(request):
        actor = actor_of(request)
        words = {
            "lead": found.lead,
            "timeline": timeline.of(actor, found.lead),
            "pinned": timeline.pinned(actor, found.lead),
            "oob": False,
        }
        return render(request, "leads/page/history.html", words)
    return redirect(f"{reverse('lead', args=[found.lead_id])}#lead-history")


def _comment(request: HttpRequest, pk: int) -> Comment:
    """The comment of this number on a lead that the person sees; others do not exist."""
    rows = timeline.commented().filter(Comment.kind.sees(actor_of(request)), pk=pk)
    found = rows.select_related("lead__step__pipeline", "lead__owner").first()
    if found is None or found.lead.trash_id is not None:
        raise Http404
    return found


def _offered_for(found: Comment) -> list[ActivityType]:
    """The types that can be chosen, and the one the comment has, though it be retired."""
    offered = list(types.offered())
    if found.activity is not None and found.activity not in offered:
        offered.append(found.activity)
    return offered


def _activity(request: HttpRequest, found: Comment | None = None) -> ActivityType | None:
    """The activity that a form chose; raises `Invalid` for one that is not offered."""
    text = request.POST.get("activity", "")
    if not text:
        return None
    if found is not None and text == str(found.activity_id):
        return found.activity
    one = next((one for one in types.offered() if str(one.pk) == text), None)
    if one is None:
        raise Invalid(_("Choose an activity from the list."), field="activity")
    return one
