"""Signed checkpoints of the log: the state of a chain at a moment, as a text kept elsewhere.

A chain whose end was cut off, or that was rewritten from some entry on, is still consistent in
itself. But it no longer agrees with earlier checkpoints, and nobody can make new ones without the
key of the installation (Ed25519, derived from its secret key).
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from custode.guard import lock, log
from custode.guard.models import LogCheckpoint, LogHead
from custode.kernel import clock
from custode.kernel.errors import Gone, Invalid

BEGIN: Final = "-----BEGIN CUSTODE LOG CHECKPOINT-----"
END: Final = "-----END CUSTODE LOG CHECKPOINT-----"
LONGEST: Final = 100_000
"""The length of the longest text that is searched for a checkpoint, in characters."""

_PURPOSE: Final = b"custode: checkpoints of the log"
_FIELDS: Final = ("account", "entry", "hash", "time", "key", "signature")
_LINE: Final = re.compile(rf"({'|'.join(_FIELDS)}):(.*)")
_MARKS: Final = re.compile(r"^[>|\s]+", re.MULTILINE)
"""The marks that mail programs put before quoted lines."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a chain at a moment.

    Args:
        seq, hash: the number and the hash of its last entry.
        made_at: the time, in the form that is signed.
        key, signature: the public key and the signature, in base64.
    """

    account_id: int
    seq: int
    hash: str
    made_at: str
    key: str
    signature: str = ""

    @property
    def signed(self) -> bytes:
        """The bytes that the signature covers."""
        return "\n".join(["custode log checkpoint", *self._lines()]).encode()

    @property
    def text(self) -> str:
        """The text to be kept elsewhere."""
        return "\n".join([BEGIN, *self._lines(), f"signature: {self.signature}", END])

    @property
    def moment(self) -> datetime:
        """The time at which it was made."""
        return datetime.fromisoformat(self.made_at)

    def _lines(self) -> list[str]:
        return [
            f"account: {self.account_id}", f"entry: {self.seq}", f"hash: {self.hash}",
            f"time: {self.made_at}", f"key: {self.key}",
        ]  # fmt: skip


def make(account_id: int) -> Checkpoint:
    """Return a signed checkpoint of the present state of an account's log.

    Raises:
        Gone: the log is empty.
    """
    head = LogHead.objects.filter(account_id=account_id).first()
    if head is None or not head.seq:
        raise Gone(_("The log is still empty."))
    made_at = clock.now().astimezone(UTC).isoformat(timespec="seconds")
    bare = Checkpoint(account_id, head.seq, head.hash, made_at, public_key())
    signature = base64.b64encode(_private().sign(bare.signed)).decode()
    return Checkpoint(account_id, head.seq, head.hash, made_at, bare.key, signature)


def note(one: Checkpoint, mailed_to: int = 0) -> None:
    """Record that a checkpoint was handed over, so that the log shows how far it is anchored.

    Args:
        mailed_to: the number of addresses it was mailed to; 0 when it was downloaded.
    """
    with transaction.atomic(), lock.opened(log.word(one.account_id)):
        LogCheckpoint.objects.create(
            account_id=one.account_id, seq=one.seq, hash=one.hash, made_at=one.moment,
            key=one.key, signature=one.signature, mailed_to=mailed_to,
        )  # fmt: skip


def latest(account_id: int) -> LogCheckpoint | None:
    """Return the checkpoint that covers most entries, among those that were handed over."""
    kept = LogCheckpoint.objects.filter(account_id=account_id)
    return kept.order_by("-seq", "-pk").first()


def read(text: str, account_id: int | None, also: str = "") -> Checkpoint:
    """Return the checkpoint found in a text: a mail, quoted or not, or a file.

    Args:
        account_id: the account whose log it must belong to; None for any.
        also: a further public key to trust: one that the installation had before.

    Raises:
        Invalid: there is none, it belongs to another account, or no trusted key signed it.
    """
    one = _parsed(text)
    if one.key not in {public_key(), also.strip()}:
        raise Invalid(
            _(
                "This checkpoint is signed with another key (%(key)s) than this installation's."
                " It was forged, comes from another installation, or the secret key was changed"
                " since."
            )
            % {"key": one.key},
            field="checkpoint",
        )
    try:
        public = Ed25519PublicKey.from_public_bytes(_bytes(one.key))
        public.verify(_bytes(one.signature), one.signed)
    except (InvalidSignature, ValueError) as error:
        raise Invalid(
            _("This checkpoint was changed: its signature does not fit what it says."),
            field="checkpoint",
        ) from error
    if account_id not in {None, one.account_id}:
        raise Invalid(_("This checkpoint is of another account's log."), field="checkpoint")
    return one


def _parsed(text: str) -> Checkpoint:
    plain = _MARKS.sub("", text[:LONGEST].replace("\r", "\n"))
    blocks = [part.split(END)[0] for part in plain.split(BEGIN)[1:] if END in part]
    if not blocks:
        raise Invalid(
            _("There is no checkpoint in this text. Copy it with its first and its last line."),
            field="checkpoint",
        )
    if len(set(blocks)) > 1:
        raise Invalid(
            _("There are several checkpoints in this text. Check one at a time."),
            field="checkpoint",
        )
    values: dict[str, str] = {}
    name = ""
    for line in blocks[0].split("\n"):
        if found := _LINE.fullmatch(line.strip()):
            name = found[1]
            values[name] = found[2].strip()
        elif name:
            # A mail program broke a line that it considered too long.
            values[name] += line.strip()
    return _of(values)


def _of(values: dict[str, str]) -> Checkpoint:
    try:
        if values.keys() != set(_FIELDS):
            raise ValueError
        datetime.fromisoformat(values["time"])
        return Checkpoint(
            _number(values["account"]), _number(values["entry"]), values["hash"], values["time"],
            values["key"], values["signature"],
        )  # fmt: skip
    except ValueError as error:
        raise Invalid(
            _("A part of this checkpoint is missing or cannot be read. Copy all of it."),
            field="checkpoint",
        ) from error


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise ValueError(text)
    return int(text)


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(text) from error


def public_key() -> str:
    """Return the installation's public key, with which anybody can verify a checkpoint."""
    return base64.b64encode(_private().public_key().public_bytes_raw()).decode()


def _private() -> Ed25519PrivateKey:
    return _derived(settings.SECRET_KEY)


@lru_cache(maxsize=4)
def _derived(secret: str) -> Ed25519PrivateKey:
    seed = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)
