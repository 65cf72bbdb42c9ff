"""Views of comments on any object: write, edit, pin, delete."""

from __future__ import annotations

import json
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
from custode.activities.models import PARENTS, ActivityType, Attachment, Comment
from custode.guard import door, kinds
from custode.guard.owned import Guarded
from custode.kernel.address import whole
from custode.kernel.errors import Invalid, Overtaken
from custode.web.shell.requests import actor_of, is_htmx
from custode.web.shell.toasts import tell
from custode.web.talk import timeline
from custode.web.talk.file_transfer import hand_out, incoming
from custode.web.talk.subjects import SUBJECTS, subject_of
from custode.web.talk.timeline import Place


@require_GET
def history(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Return more of an object's timeline."""
    subject = SUBJECTS[kind]
    about = subject.find(request, pk)
    told = timeline.of(actor_of(request), about, Place.of(request.GET))
    words = {"subject": subject, "about": about, "timeline": told}
    return render(request, "talk/story.html", words)


@require_http_methods(["GET", "POST"])
def comments(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Show the comments on an object beside something else; a POST adds one."""
    about = SUBJECTS[kind].find(request, pk)
    if request.method == "POST":
        return _add(request, about)
    if not is_htmx(request):
        return redirect(place_of(about))
    words = timeline.words(actor_of(request), about) | form()
    return render(request, "talk/panel.html", words)


def _add(request: HttpRequest, about: Guarded) -> HttpResponse:
    text = request.POST.get("text", "")
    sent = incoming(request)
    try:
        moves.write(actor_of(request), about, text, _activity(request), sent)
    except Invalid as error:
        words = form(text, request.POST.get("activity", ""), str(error))
        words |= {"about": about, "subject": subject_of(about), "files_again": bool(sent)}
        if is_htmx(request):
            return render(request, "talk/comment_new.html", words, status=422)
        tell(request, str(error), level=messages.ERROR)
        return redirect(reverse(subject_of(about).page, args=[about.pk]))
    if not is_htmx(request):
        return redirect(place_of(about))
    words = timeline.words(actor_of(request), about) | form()
    return _telling(about, render(request, "talk/commented.html", words))


def place_of(about: Guarded, element: str = "history") -> str:
    """Return the address of an object's timeline, or of an element in it."""
    return f"{reverse(subject_of(about).page, args=[about.pk])}#{element}"


def _telling(about: Guarded, answer: HttpResponse) -> HttpResponse:
    """Add the object's present number of comments to a response, for the page."""
    on = {kinds.link(Comment, type(about)): about}
    told = {"kind": about.kind.name, "pk": about.pk, "count": Comment.objects.filter(**on).count()}
    answer["HX-Trigger"] = json.dumps({"talked": told})
    return answer


def form(text: str = "", activity: str = "", mistake: str = "") -> dict[str, Any]:
    """Return the context of the form of a new comment."""
    return {
        "activities": types.offered(),
        "typed_text": text,
        "typed_activity": activity,
        "comment_mistake": mistake,
        **_sizes(),
    }


def _sizes() -> dict[str, int]:
    """Return the maximum size of a file, for the forms."""
    most = settings.ATTACHMENT_BYTES
    return {"most_bytes": most, "most_mb": most // 2**20}


@require_http_methods(["GET", "POST"])
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a comment, open it for editing by its author (`edit` in the address), or save it."""
    found = _comment(request, pk)
    about = _about(found)
    words: dict[str, Any] = {"about": about, "subject": subject_of(about), **_sizes()}
    mistake, sent = "", incoming(request)
    without = {whole(one) for one in request.POST.getlist("without")}
    if request.method == "POST":
        was = whole(request.POST.get("was", ""))
        text = request.POST.get("text", "")
        try:
            activity = _activity(request, found)
            moves.edit(
                actor_of(request), found, text, activity, was=was, attached=sent, without=without
            )
        except Invalid as error:
            words["text_now"] = found.text if isinstance(error, Overtaken) else ""
            found.text, mistake = text, str(error)
        else:
            found = _comment(request, pk)
    if not is_htmx(request):
        if mistake:
            tell(request, mistake, level=messages.ERROR)
        return redirect(place_of(about, f"comment-{pk}"))
    (words["one"],) = timeline.shown_of(actor_of(request), about, [found])
    words |= {"rewriting": bool(mistake) or "edit" in request.GET, "mistake": mistake}
    words |= {"without": without, "files_again": bool(mistake and sent)}
    words["activities"] = _offered_for(found)
    return render(request, "talk/comment.html", words, status=422 if mistake else 200)


@require_GET
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a comment's former texts and files, newest first."""
    found = _comment(request, pk)
    told = timeline.before(found)
    return render(request, "talk/versions.html", {"versions": told})


@require_POST
def pin(request: HttpRequest, pk: int) -> HttpResponse:
    """Pin a comment to the top, or unpin it."""
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
    """Send a file of a comment as a download; an image may also be shown inline (`show`)."""
    found = Attachment.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    _comment(request, found.comment_id)
    return hand_out(request, found)


def _answer(request: HttpRequest, found: Comment) -> HttpResponse:
    about = _about(found)
    if not is_htmx(request):
        return redirect(place_of(about))
    words = timeline.words(actor_of(request), about) | {"oob": False}
    return _telling(about, render(request, "talk/history.html", words))


def _comment(request: HttpRequest, pk: int) -> Comment:
    """Return the comment with this number; raise 404 if the person cannot see its object."""
    rows = timeline.commented().filter(Comment.kind.sees(actor_of(request)), pk=pk)
    found = rows.select_related(*PARENTS, "prospect__in_list").first()
    if found is None or not found.lives:
        raise Http404
    return found


def _about(found: Comment) -> Guarded:
    about = found.hangs_on
    if about is None:
        raise Http404
    return about


def _offered_for(found: Comment) -> list[ActivityType]:
    """Return the types that can be chosen, and the comment's own even if it is retired."""
    offered = list(types.offered())
    if found.activity is not None and found.activity not in offered:
        offered.append(found.activity)
    return offered


def _activity(request: HttpRequest, found: Comment | None = None) -> ActivityType | None:
    """Return the activity type that a form chose; raise `Invalid` if it is not offered."""
    text = request.POST.get("activity", "")
    if not text:
        return None
    if found is not None and text == str(found.activity_id):
        return found.activity
    one = next((one for one in types.offered() if str(one.pk) == text), None)
    if one is None:
        raise Invalid(_("Choose an activity from the list."), field="activity")
    return one
