"""The stage between the password and the session: the second factor of users who have one.

It is one of allauth's login stages: allauth keeps the unfinished sign-in in the visitor's session
and continues it when `exit` is called. It ends a while after the password was right, however often
its page is visited, and at once when what the password was worth has changed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final, cast

from allauth.account import app_settings
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStage, LoginStageController
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel import scope
from custode.kernel.actor import Entrance
from custode.people.models import User
from custode.signin import factors, guessing, limits
from custode.signin.factors import passkeys, recovery, totp
from custode.signin.links import Signature, access_of
from custode.signin.password import is_known
from custode.signin.sessions.store import Arrival, SessionStore

KEY = "custode_second_factor"
_BEGUN: Final = Signature("second_factor", timedelta(seconds=app_settings.LOGIN_TIMEOUT))
"""Signs, at the right password, the access that it gave and the moment."""


class SecondFactor(LoginStage):  # type: ignore[misc]  # allauth has no types
    """Asks for the second factor, unless there is none or a passkey was both at once."""

    key = KEY
    urlname = "second_factor"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Return a response that asks for it, or None to continue."""
        user = cast(User, self.login.user)
        with scope.account(user.account_id):
            needed = factors.are_on(user)
        if not needed or self.state.get("by_passkey"):
            return None, True
        self.state["begun"] = _BEGUN.of(*access_of(user))
        return HttpResponseRedirect(reverse(self.urlname)), True


def pending(request: HttpRequest) -> SecondFactor | None:
    """Return this visitor's unfinished sign-in after a correct password; None if there is none.

    There is none any more once it is too old, or the password or the address was changed since, or
    the user was disabled, even if they were enabled again.
    """
    with scope.everywhere("whose half-done sign-in this is"):
        stage = cast("SecondFactor | None", LoginStageController.enter(request, KEY))
    if stage is None:
        return None
    user = user_of(stage)
    if not user.is_active or not _BEGUN.fits(stage.state.get("begun", ""), *access_of(user)):
        clear_login(request)
        return None
    return stage


def user_of(stage: SecondFactor) -> User:
    """Return the user who is signing in."""
    return cast(User, stage.login.user)


def give(request: HttpRequest, stage: SecondFactor, *, code: str = "", passkey: str = "") -> bool:
    """Try a second factor.

    Args:
        code: a code of the authenticator app, or a recovery code.
        passkey: the browser's answer to `passkeys.begin_asking`, as JSON.

    Returns:
        Whether it was right; then `finish` signs in.

    Raises:
        TooMany: too many tries.
    """
    user = user_of(stage)
    session = cast(SessionStore, request.session)
    left = spend(session.arrival, user)
    with scope.account(user.account_id):
        method = which(session, user, code=code, passkey=passkey)
    if not method:
        if not left:
            guessing.tell(user, guessing.CODE, guessing.origin_of(session))
        return False
    record_authentication(request, user, method="mfa", type=method)
    return True


def which(session: SessionStore, user: User, *, code: str = "", passkey: str = "") -> str:
    """Return the name of the user's factor that matches, using it up; "" when none does."""
    if passkey:
        return "passkey" if passkeys.taken(session, passkey, user) else ""
    if totp.takes(user, code):
        return "totp"
    if recovery.takes(user, code):
        _tell_of_a_code(user, session)
        return "recovery"
    return ""


def _tell_of_a_code(user: User, session: SessionStore) -> None:
    """Log the use of a recovery code: whoever uses one lacks the second factor."""
    actor = replace(user.actor(Entrance.WEB, guessing.origin_of(session)), proved=True)
    details = {"recovery": recovery.left(user)}
    with door.sensitive_act(actor, Verb.TWO_FACTOR, details=details, labels=[user.get_full_name()]):
        pass


def finish(request: HttpRequest, stage: SecondFactor) -> HttpResponse:
    """Continue the sign-in."""
    with scope.everywhere("the session of who signs in"):
        answer: HttpResponse = stage.exit()
    return answer


def spend(arrival: Arrival, user: User) -> int:
    """Use up a user's try at the second factor, and return those left; raise `TooMany` if none."""
    if is_known(user.email or "", arrival):
        return limits.spend(limits.CODE_KNOWN, user.pk, arrival.mark)
    return limits.spend(limits.CODE_STRANGER, user.pk)
