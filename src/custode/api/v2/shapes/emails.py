"""The shape of an e-mail about a lead."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import Field

from custode.activities.models import Email
from custode.kernel.clock import iso


class EmailShape(Schema):
    """An e-mail."""

    id: int
    lead_id: int
    user_id: int | None = Field(description="The user in whose name it is sent.")
    to: str
    subject: str
    content: str
    status: str = Field(description="Its state; a new one waits until a job sends it.")
    created_at: str


def one(email: Email) -> dict[str, Any]:
    """Return an e-mail."""
    return {
        "id": email.pk,
        "lead_id": email.lead_id,
        "user_id": email.author_id,
        "to": email.recipients,
        "subject": email.subject,
        "content": email.text,
        "status": email.state,
        "created_at": iso(email.created_at),
    }
