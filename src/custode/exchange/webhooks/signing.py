"""Signatures, by which a receiver verifies that a delivery is ours and unchanged.

The headers are those of Standard Webhooks (https://www.standardwebhooks.com). The `signature` in
the body is that of noCRM's deliveries, for programs that expect it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import Final

_PREFIX: Final = "whsec_"


def new_secret() -> str:
    """Return a new secret, in the form that receivers enter in their settings."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def headers(secret: str, number: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the headers of one attempt.

    Args:
        number: the same for each attempt of a delivery, so that a receiver recognises it.
        timestamp: the time of sending, in seconds; receivers refuse old ones.
    """
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = b".".join((number.encode(), str(timestamp).encode(), body))
    digest = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": number,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{digest}",
    }


def reference_signature(number: int, key: str | None) -> str:
    """Return the signature in the body: hex SHA-1 of the number and an API key, as noCRM's.

    By today's standards it gives no protection; the headers do.

    Args:
        key: the text of a key that is stored readably for this; None for none.
    """
    if key is None:
        return ""
    return hashlib.sha1(f"{number}{key}".encode(), usedforsecurity=False).hexdigest()
