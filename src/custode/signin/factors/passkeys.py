"""Passkeys (WebAuthn, https://www.w3.org/TR/webauthn-2/), checked by Yubico's fido2 library.

The challenge is kept in the visitor's or user's session between the two halves of a ceremony.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from custode.kernel import clock, scope
from custode.kernel.errors import Invalid
from custode.people.models import User
from custode.signin.models import Passkey

_MAKING: Final = "custode_passkey_made"
_ASKING: Final = "custode_passkey_asked"
"""The session key of a sign-in's challenge; a proof requested meanwhile does not replace it."""
Session = Any
"""Django's session: a mapping that stores a ceremony's challenge."""


def begin_adding(session: Session, user: User) -> dict[str, Any]:
    """Return the options with which the browser creates a passkey for this user."""
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(
            id=f"{user.account_id}:{user.pk}".encode(),
            name=user.email or "",
            display_name=str(user),
        ),
        credentials=_known(user),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    session[_MAKING] = state
    return dict(options)


def added(session: Session, user: User, answer: str, name: str) -> Passkey:
    """Return the unsaved passkey that the browser created.

    Args:
        answer: the result of `navigator.credentials.create`, as JSON.

    Raises:
        Invalid: the answer does not match our challenge.
    """
    try:
        made = _server().register_complete(_taken(session, _MAKING), json.loads(answer))
        credential = made.credential_data
        if credential is None:
            raise ValueError("no credential")
    except (ValueError, TypeError, KeyError) as error:
        raise _unclear() from error
    return Passkey(
        account_id=user.account_id,
        user=user,
        name=name.strip()[:60] or _("Passkey"),
        credential_id=websafe_encode(credential.credential_id),
        public_key=websafe_encode(bytes(credential)),
        sign_count=made.counter,
    )


def begin_asking(session: Session, user: User | None = None) -> dict[str, Any]:
    """Return the options with which the browser asks for a passkey: of this user, or of anybody."""
    options, state = _server().authenticate_begin(
        credentials=_known(user) if user else None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    session[_ASKING] = state
    return dict(options)


def taken(session: Session, answer: str, user: User | None = None) -> User | None:
    """Return the owner of the passkey that signed the browser's answer; None if it is invalid.

    Args:
        answer: the result of `navigator.credentials.get`, as JSON.
        user: the required owner, if known.
    """
    try:
        told = json.loads(answer)
        found = _passkey_of(told, user)
        if found is None:
            return None
        known = AttestedCredentialData(websafe_decode(found.public_key))
        _server().authenticate_complete(_taken(session, _ASKING), [known], told)
        counter = _counter_of(told)
    except (ValueError, TypeError, KeyError):
        return None
    with scope.account(found.account_id):
        # A counter that does not increase indicates a copied passkey; those without one send 0.
        onward = Q(sign_count__lt=counter) | Q(sign_count=0) if counter else Q(sign_count=0)
        mine = Passkey.objects.filter(onward, pk=found.pk, removed_at=None)
        fits = mine.update(sign_count=counter, used_at=clock.now())
    return found.user if fits and found.user.is_active else None


def _passkey_of(told: Mapping[str, Any], user: User | None) -> Passkey | None:
    with scope.everywhere("whose passkey this is"):
        found = Passkey.objects.filter(credential_id=str(told["id"]), removed_at=None)
        if user is not None:
            found = found.filter(account_id=user.account_id, user=user)
        return found.select_related("user").first()


def _counter_of(told: Mapping[str, Any]) -> int:
    """Return the signature counter: bytes 33 to 36 of the authenticator data (WebAuthn, 6.1)."""
    data = websafe_decode(told["response"]["authenticatorData"])
    return int.from_bytes(data[33:37], "big")


def _known(user: User) -> list[AttestedCredentialData]:
    keys = Passkey.objects.filter(user=user, removed_at=None)
    return [AttestedCredentialData(websafe_decode(key.public_key)) for key in keys]


def _taken(session: Session, name: str) -> Any:
    """Return the state of the ceremony, and remove it, so that it is used only once."""
    state = session.pop(name, None)
    if state is None:
        raise ValueError("no ceremony was begun")
    return state


def _server() -> Fido2Server:
    """Return the server for our own address: a passkey made for another is invalid here."""
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=settings.HOST, name="Custode"),
        verify_origin=_is_ours,
    )


def _is_ours(origin: str) -> bool:
    if settings.HOST == "localhost":
        # Developers and the demo: any port of this machine, which browsers treat as secure.
        return urlsplit(origin).hostname == "localhost"
    return origin == settings.URL


def _unclear() -> Invalid:
    return Invalid(_("The passkey could not be made. Try once more."))
