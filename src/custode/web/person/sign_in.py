"""The pages of one's own sign-in: two-factor authentication, passkeys, recovery codes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from custode.kernel.errors import Invalid
from custode.signin import factors, sealing
from custode.signin.factors import moves, passkeys, totp
from custode.signin.middleware import open_while_setting_up, session_of
from custode.signin.models import Passkey, Totp
from custode.web.shell.requests import actor_of, user_of
from custode.web.shell.toasts import tell

_PENDING = "custode_new_program"
"""The session key of the encrypted secret until a code has confirmed it."""


@open_while_setting_up
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Show one's ways of signing in, and what is missing."""
    user = user_of(request)
    words = {
        "tab": "my_sign_in",
        "factors": factors.of(user),
        "program": Totp.objects.filter(user=user, removed_at=None).first(),
        "passkeys": Passkey.objects.filter(user=user, removed_at=None).order_by("pk"),
    }
    return render(request, "person/sign_in.html", words)


@open_while_setting_up
@never_cache
@require_http_methods(["GET", "POST"])
def authenticator(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator app: a QR code to scan or a key to type, and a code in return."""
    user, mistake = user_of(request), ""
    if request.method == "POST" and _PENDING in request.session:
        secret = sealing.unseal(request.session[_PENDING])
        try:
            codes = moves.add_totp(
                actor_of(request), user, secret, request.POST.get("code", "")[:40],
                this=session_of(request).pk,
            )  # fmt: skip
        except Invalid as error:
            mistake = str(error)
        else:
            del request.session[_PENDING]
            return _done(request, codes, _("The authenticator app is set up."))
    else:
        secret = totp.new_secret()
        request.session[_PENDING] = sealing.seal(secret)
    words = {
        "tab": "my_sign_in",
        "picture": totp.qr(user, secret),
        "key": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "mistake": mistake,
    }
    return render(request, "person/authenticator.html", words, status=422 if mistake else 200)


@open_while_setting_up
@require_POST
def authenticator_remove(request: HttpRequest) -> HttpResponse:
    """Remove the authenticator app."""
    moves.remove_totp(actor_of(request), user_of(request))
    tell(request, _("The authenticator app was removed."))
    return redirect("my_sign_in")


@open_while_setting_up
@never_cache
@require_GET
def passkey_options(request: HttpRequest) -> HttpResponse:
    """Return the challenge with which the browser creates a passkey."""
    return JsonResponse(passkeys.begin_adding(request.session, user_of(request)))


@open_while_setting_up
@never_cache
@require_POST
def passkey_add(request: HttpRequest) -> HttpResponse:
    """Store the passkey that the browser created."""
    made = passkeys.added(
        request.session, user_of(request), request.POST.get("passkey", "")[:20_000],
        request.POST.get("name", "").replace("\x00", ""),
    )  # fmt: skip
    codes = moves.add_passkey(actor_of(request), made, this=session_of(request).pk)
    return _done(request, codes, _("The passkey “%(name)s” was added.") % {"name": made.name})


@open_while_setting_up
@require_POST
def passkey_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove one of one's passkeys."""
    user = user_of(request)
    get_object_or_404(Passkey, pk=pk, user=user)
    moves.remove_passkey(actor_of(request), user, pk)
    tell(request, _("The passkey was removed."))
    return redirect("my_sign_in")


@open_while_setting_up
@never_cache
@require_POST
def new_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes, which are shown only once."""
    codes = moves.new_codes(actor_of(request), user_of(request))
    return _done(request, codes, "")


@require_POST
def switch_off(request: HttpRequest) -> HttpResponse:
    """Switch two-factor authentication off."""
    moves.deactivate(actor_of(request), user_of(request))
    tell(request, _("Two-factor authentication is off."))
    return redirect("my_sign_in")


def _done(request: HttpRequest, codes: list[str], words: str) -> HttpResponse:
    """Show new recovery codes, only this once; without any, return to the overview."""
    if words:
        tell(request, words)
    if not codes:
        return redirect("my_sign_in")
    return render(request, "person/codes.html", {"tab": "my_sign_in", "codes": codes})
