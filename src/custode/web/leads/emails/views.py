"""Views of e-mails from a lead: write, preview, send, send again, delete."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from custode.activities.emails import moves, outbox
from custode.activities.models import Email, EmailFile
from custode.guard import door
from custode.kernel.address import whole
from custode.kernel.errors import Invalid
from custode.leads.models import Lead
from custode.web.leads import choices
from custode.web.leads.emails import forms
from custode.web.leads.emails.forms import Typed
from custode.web.shell.requests import actor_of, is_htmx
from custode.web.shell.toasts import tell
from custode.web.talk import letters, timeline
from custode.web.talk.comments import place_of
from custode.web.talk.file_transfer import hand_out, incoming


@require_http_methods(["GET", "POST"])
def compose(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form of an e-mail (`from`: with the text of an earlier one); a POST sends it."""
    lead = _lead(request, pk)
    if request.method != "POST":
        earlier = letters.written().filter(lead=lead, pk=whole(request.GET.get("from", "")))
        return _page(request, lead, forms.first(lead, earlier.first()))
    given = forms.typed(request)
    try:
        moves.write(actor_of(request), lead, given.draft(), incoming(request))
    except Invalid as error:
        return _wrong(request, lead, given, error)
    tell(request, _("The e-mail is on its way. Here you see what becomes of it."))
    url = place_of(lead)
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


@require_POST
def fill(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill in a template."""
    lead = _lead(request, pk)
    given = forms.typed(request)
    try:
        given = forms.filled(actor_of(request), lead, given)
    except Invalid as error:
        return _wrong(request, lead, given, error)
    if is_htmx(request):
        return render(request, "leads/emails/filled.html", forms.words(lead, given))
    return _page(request, lead, given)


@require_POST
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the recipient would see, and the placeholders that are still to be filled in."""
    lead = _lead(request, pk)
    given = forms.typed(request)
    try:
        ready = moves.look(given.draft())
    except Invalid as error:
        return _wrong(request, lead, given, error)
    words = forms.words(lead, given) | forms.preview(request, ready)
    if is_htmx(request):
        return render(request, "leads/emails/preview.html", words | {"oob": True})
    return render(request, "leads/emails/compose.html", words)


def _lead(request: HttpRequest, pk: int) -> Lead:
    """Return the lead.

    Raise `Refused` with the reason if the person may not send e-mails from it.
    """
    found = choices.lead_or_404(request, pk)
    moves.may_send(actor_of(request), found)
    return found


def _page(
    request: HttpRequest, lead: Lead, given: Typed, mistake: Invalid | None = None
) -> HttpResponse:
    words = forms.words(lead, given, mistake)
    return render(request, "leads/emails/compose.html", words, status=422 if mistake else 200)


def _wrong(request: HttpRequest, lead: Lead, given: Typed, mistake: Invalid) -> HttpResponse:
    """Show a mistake beside its field without replacing the form, so that chosen files stay."""
    if not is_htmx(request):
        return _page(request, lead, given, mistake)
    words = forms.words(lead, given, mistake)
    answer = render(request, "leads/emails/mistakes.html", words, status=422)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#email-all-mistake", "outerHTML"
    return answer


@require_GET
def email(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an e-mail in its present state."""
    outbox.doubt(Email.with_trashed.filter(pk=pk))
    return _answer(request, _email(request, pk))


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Retry an e-mail that was not sent, or perhaps was."""
    found = _email(request, pk)
    try:
        moves.send_again(actor_of(request), found, tries=_tries(request))
    except Invalid as error:
        tell(request, str(error), level=messages.ERROR)
    return _answer(request, _email(request, pk))


@require_POST
def mark_sent(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark an e-mail that was perhaps sent as sent."""
    found = _email(request, pk)
    try:
        moves.mark_sent(actor_of(request), found, tries=_tries(request))
    except Invalid as error:
        tell(request, str(error), level=messages.ERROR)
    return _answer(request, _email(request, pk))


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Move an e-mail to the trash."""
    found = _email(request, pk)
    act = door.delete(actor_of(request), [found])
    tell(request, _("The e-mail was moved to the trash."), undo=act.seq)
    if not is_htmx(request):
        return redirect(place_of(found.lead))
    words = timeline.words(actor_of(request), found.lead) | {"oob": False}
    return render(request, "talk/history.html", words)


@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send a file of an e-mail as a download; an image may also be shown inline (`show`)."""
    found = EmailFile.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    _email(request, found.email_id)
    return hand_out(request, found)


def _answer(request: HttpRequest, found: Email) -> HttpResponse:
    if not is_htmx(request):
        return redirect(place_of(found.lead, f"email-{found.pk}"))
    (one,) = letters.shown_of(actor_of(request), found.lead, [found])
    return render(request, "talk/email.html", {"one": one})


def _email(request: HttpRequest, pk: int) -> Email:
    """Return the e-mail with this number; raise 404 if the person cannot see its lead."""
    rows = letters.written().filter(Email.kind.sees(actor_of(request)), pk=pk)
    found = rows.select_related("lead__step__pipeline", "lead__owner").first()
    if found is None or found.lead.trash_id is not None:
        raise Http404
    return found


def _tries(request: HttpRequest) -> int:
    text = request.POST.get("tries", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1
