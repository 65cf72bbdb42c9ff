"""How a receiver knows that a delivery is ours, and that nobody changed it on its way.

The headers are those of Standard Webhooks (https://www.standardwebhooks.com). The `signature` in
the body is that of noCRM's deliveries, for programs that look for it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import Final

_PREFIX: Final = "whsec_"


def new_secret() -> str:
    """A secret, as receivers write it into their settings."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def headers(secret: str, number: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers of one try.

    Args:
        number: the same at each try of a delivery, by which a receiver knows it again.
        timestamp: when it is sent, in seconds; receivers refuse what is old.
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
    """The signature in the body: hex SHA-1 of the number and an API key, as noCRM's are.

    It is no protection by today's measure; the headers are.

    Args:
        key: the text of a key that is kept readable for this; None for none.
    """
    if key is None:
        return ""
    return hashlib.sha1(f"{number}{key}".encode(), usedforsecurity=False).hexdigest()
