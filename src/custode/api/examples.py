"""Examples of request bodies and parameters for the document; the tests send each of them.

A new route with a body needs an entry here: without it the document cannot be made.
"""

from __future__ import annotations

from typing import Any, Final

PLACES: Final[dict[str, Any]] = {
    "pk": 42,
    "cid": 7,
    "aid": 7,
    "rid": 7,
    "tid": 7,
    "who": "ada@marini.example",
    "which": "42",
    "name": "export:lead",
}
"""Example values of path parameters."""

QUERIES: Final[dict[str, dict[str, Any]]] = {
    "/auth/log_as": {"user_id": "7"},
    "/rows": {"email": "info@rossi.example"},
    "/leads/{pk}/add_tag": {"tag": "fair,hot"},
    "/leads/{pk}/add_activity": {"activity_id": 7, "content": "Asked for an offer."},
    "/leads/{pk}/move_to_step": {"step": "Offer"},
    "/leads/{pk}/send_email": {
        "subject": "Our offer", "content": "Here it is.", "from_user_id": "7",
    },
}  # fmt: skip
"""Example query parameters, for operations that need them."""

BODIES: Final[dict[str, Any]] = {
    "POST /leads": {
        "title": "Scanner for the archive",
        "description": "Email: info@rossi.example",
        "amount": "1200.50",
        "tags": ["fair"],
        "remind_date": "2030-12-15",
        "remind_time": "14:30",
    },
    "DELETE /leads/delete_multiple": {"ids": ["42"]},
    "PUT /leads/{pk}": {"title": "Two scanners", "probability": 60, "starred": True},
    "POST /leads/{pk}/assign": {"user_id": "7"},
    "POST /leads/{pk}/duplicate_lead": {},
    "POST /leads/{pk}/add_to_client": {"client_id": 7},
    "POST /leads/{pk}/comments": {"content": "Called; wants an **offer**."},
    "PUT /leads/{pk}/comments/{cid}": {"is_pinned": True},
    "POST /leads/{pk}/emails/send_email_from_template": {
        "email_template_id": "7", "from_user_id": "7",
    },
    "PUT /follow_ups/{pk}/tasks/{tid}": {"status": "standby", "remind_date": "2030-12-15"},
    "POST /leads/{pk}/follow_ups/create_from_template": {"post_sales_template_id": "7"},
    "POST /spreadsheets": {
        "title": "Fair in Torino",
        "content": [["Company", "Email"], ["Verdi", "info@verdi.example"]],
        "tags": ["fair"],
    },
    "PUT /spreadsheets/{pk}": {"title": "Fair in Milano", "is_archived": False},
    "POST /spreadsheets/{pk}/assign": {"user_id": "7"},
    "POST /spreadsheets/{pk}/comments": {"content": "From the fair in **Torino**."},
    "PUT /spreadsheets/{pk}/comments/{cid}": {"is_pinned": True},
    "POST /spreadsheets/{pk}/rows": {"content": [["Bianchi"], ["Neri"]]},
    "PUT /spreadsheets/{pk}/rows/{rid}": ["Bianchi", "Roma"],
    "PUT /spreadsheets/{pk}/rows/{rid}/update_fields": {"fields": {"City": "Roma"}},
    "POST /spreadsheets/{pk}/rows/{rid}/create_lead": {},
    "POST /spreadsheets/{pk}/rows/{rid}/comments": {"content": "Nobody answers."},
    "PUT /spreadsheets/{pk}/rows/{rid}/comments/{cid}": {"is_pinned": True},
    "POST /clients": {"name": "Verdi S.p.A.", "description": "Phone: 011 5550100"},
    "PUT /clients/{pk}": {"name": "Verdi e figli S.p.A.", "is_active": True},
    "POST /users": {
        "firstname": "Dino", "lastname": "Rota", "email": "dino@marini.example", "locale": "it",
    },
    "POST /teams": {"name": "South"},
    "PUT /teams/{pk}": {"name": "South and islands"},
    "POST /teams/{pk}/add_member": {"user_id": "7", "is_manager": True},
    "DELETE /teams/{pk}/remove_member": {"user_id": "7"},
    "POST /category": {"name": "Origin"},
    "POST /predefined_tags": {"name": "fair"},
    "POST /fields": {
        "name": "Sector", "parent_type": "lead", "type": "choice", "choices": ["Steel", "Wood"],
    },
    "POST /trash/{pk}/restore": {},
    "DELETE /trash/{pk}": {"reason": "The person asked for it."},
    "POST /sensitive_actions/{pk}/undo": {},
    "POST /sessions/end": {"ids": ["42"]},
    "PUT /privacy_settings/{name}": {"is_on": True},
    "POST /exports": {"kind": "lead", "format": "xlsx"},
    "POST /webhooks": {
        "event": "lead.creation", "target_type": "email", "target": "leads@rossi.example",
    },
}  # fmt: skip
"""An example body for each route that takes JSON."""
