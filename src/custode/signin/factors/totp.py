"""Six-digit codes of an authenticator app: TOTP as in RFC 6238, computed by pyotp."""

from __future__ import annotations

from typing import Final

import pyotp
import segno

from custode.kernel import clock
from custode.people.models import User
from custode.signin import sealing
from custode.signin.models import Totp

STEP: Final = 30
"""The seconds for which a code is valid."""
AROUND: Final = 1
"""The steps before and after the present one that are accepted too: clocks differ."""
ISSUER: Final = "Custode"


def new_secret() -> str:
    """Return a new secret of 160 random bits, as base32."""
    return pyotp.random_base32()


def uri(user: User, secret: str) -> str:
    """Return the content of the QR code for the authenticator app."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.email or "", issuer_name=ISSUER)


def qr(user: User, secret: str) -> str:
    """Return the QR code, as a `data:` URL of an SVG image."""
    code = segno.make(uri(user, secret), error="m")
    return code.svg_data_uri(scale=5, border=2, dark="#111", light="#fff")


def step_of(secret: str, code: str) -> int | None:
    """Return the time step of the code, among those that are accepted; else None."""
    digits = "".join(code.split())
    now = int(clock.now().timestamp()) // STEP
    program = pyotp.TOTP(secret)
    found = [
        step
        for step in range(now - AROUND, now + AROUND + 1)
        if pyotp.utils.strings_equal(digits, program.generate_otp(step))
    ]
    return max(found, default=None)


def takes(user: User, code: str) -> bool:
    """Return whether this is an unused code of the user's app, and mark it as used."""
    mine = Totp.objects.filter(user=user, removed_at=None).first()
    if mine is None:
        return False
    step = step_of(_secret_of(mine), code)
    if step is None:
        return False
    # Compare and set: if two processes get the same code at once, only one accepts it.
    unused = Totp.objects.filter(pk=mine.pk, removed_at=None, last_step__lt=step)
    return bool(unused.update(last_step=step, used_at=clock.now()))


def _secret_of(mine: Totp) -> str:
    try:
        return sealing.unseal(mine.secret)
    except sealing.Sealed:
        # Between the two reads `custode rotate-keys` replaced the old key by a new one.
        mine.refresh_from_db(fields=["secret"])
        return sealing.unseal(mine.secret)
