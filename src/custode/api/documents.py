"""The OpenAPI documents, for the page that shows them (`settings.API_DOCUMENTS`)."""

from __future__ import annotations

from typing import Any

from custode.api.simple import PREFIX, simple
from custode.api.v2 import api


def documents() -> dict[str, dict[str, Any]]:
    """Return each OpenAPI document by the path below which its routes are."""
    return {
        "/api/v2/": dict(api.document("/api/v2/")),
        PREFIX: dict(simple.document(PREFIX)),
    }
