"""Every route of the API, and who may call it: written from what must hold, by hand.

`takes` is the scope without which a key is refused. `admins`: a key without the scope `admin`, and
a user who is none, is refused. `keys`: a user's token is refused. `open`: nobody is asked for
anything. The test that walks over all routes fails when one has no line here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Line:
    """One route.

    Args:
        path: with `{lead}`, `{theirs}` and the like for what stands in the tests' world.
        body: what a good call sends.
        ok: what a good call is answered.
        own: a user who is no admin has it of what is their own; it takes an admin for the rest.
        also: scopes that it takes besides, for what the tests' world has.
        logged: what a refused DELETE is called in the log; "" for none.
        tells: the members of what it answers to a key without the scope `read`, where it is no GET
            that shows something.
        hidden: what is not found by who does not see it, and by who is of another account.
        foreign: what is found by everybody of the account, and by nobody of another.
    """

    method: str
    path: str
    takes: str = "read"
    body: dict[str, Any] = field(default_factory=dict)
    ok: int = 200
    admins: bool = False
    keys: bool = False
    own: bool = False
    open: bool = False
    hidden: bool = False
    foreign: bool = False
    also: tuple[str, ...] = ()
    logged: str = "delete"
    tells: tuple[str, ...] = ("id",)


L = "/leads/{lead}"
S = "/spreadsheets/{sheet}"
R = S + "/rows/{row}"
C = "/clients/{folder}"
W = "/webhooks/{webhook}"
WEBHOOK = {"event": "lead.creation", "target_type": "email", "target": "leads@rota.example"}
CONTENT = [["Company", "City"], ["Rossi", "Torino"]]
SIMPLE = "/api/simple/leads/{won}"
ALL_BUT_WRITE = ("read", "delete", "export")
DINO = {"firstname": "Dino", "lastname": "Rota", "email": "dino@rota.example"}

LINES = (
    Line("GET", "/ping", takes="", tells=("status", "message")),
    Line("GET", "/auth/login", takes="", open=True, ok=401),
    Line("GET", "/auth/logout", takes="", ok=403),
    Line(
        "GET",
        "/auth/log_as?user_id={ugo}",
        takes="write",
        admins=True,
        keys=True,
        tells=("token", "user_id"),
    ),
    Line("POST", "/auth/revoke_api_key", takes="", keys=True, tells=("status", "message")),
    Line("GET", "/leads"),
    Line("POST", "/leads", "write", {"title": "New"}, 201),
    Line("GET", "/leads/unassigned"),
    Line("DELETE", "/leads/delete_multiple", "delete", {"ids": ["{lead}"]}, tells=("ids", "count")),
    Line("GET", L, hidden=True),
    Line("PUT", L, "write", {"title": "Renamed"}, hidden=True),
    Line("DELETE", L, "delete", hidden=True),
    Line("POST", L + "/assign", "write", {"user_id": "{ugo}"}, hidden=True),
    Line("POST", L + "/duplicate_lead", "write", {}, 201, hidden=True),
    Line("POST", L + "/add_to_client", "write", {"client_id": "{folder}"}, hidden=True),
    Line("GET", L + "/duplicates", hidden=True),
    Line("GET", L + "/action_histories", hidden=True),
    Line("GET", L + "/comments", hidden=True),
    Line("POST", L + "/comments", "write", {"content": "Called."}, 201, hidden=True),
    Line("PUT", L + "/comments/{comment}", "write", {"is_pinned": True}, hidden=True),
    Line("DELETE", L + "/comments/{comment}", "delete", hidden=True),
    Line("GET", L + "/attachments", hidden=True),
    Line("POST", L + "/attachments", "write", {}, 422, hidden=True),
    Line("GET", L + "/attachments/{file}", hidden=True),
    # The comment is Ugo's, and nobody else changes it: no admin, and no application.
    Line("DELETE", L + "/attachments/{file}", "delete", {}, 403, hidden=True),
    Line("GET", "/spreadsheets"),
    Line("POST", "/spreadsheets", "write", {"title": "Fair", "content": CONTENT}, 201),
    Line("GET", S, hidden=True),
    Line("PUT", S, "write", {"title": "Renamed"}, hidden=True),
    Line("DELETE", S, "delete", hidden=True),
    Line("POST", S + "/assign", "write", {"user_id": "{ugo}"}, hidden=True),
    Line("GET", S + "/rows", hidden=True),
    Line("POST", S + "/rows", "write", {"content": [["Verdi"]]}, 201, hidden=True),
    Line("GET", S + "/comments", hidden=True),
    Line("POST", S + "/comments", "write", {"content": "From the fair."}, 201, hidden=True),
    Line("PUT", S + "/comments/{told}", "write", {"is_pinned": True}, hidden=True),
    Line("DELETE", S + "/comments/{told}", "delete", hidden=True),
    Line("GET", R, hidden=True),
    Line("PUT", R, "write", {"content": ["Verdi", "Roma"]}, hidden=True),
    Line("DELETE", R, "delete", hidden=True),
    Line("PUT", R + "/update_fields", "write", {"fields": {"City": "Roma"}}, hidden=True),
    Line("POST", R + "/create_lead", "write", {}, 201, hidden=True),
    Line("GET", R + "/comments", hidden=True),
    Line("POST", R + "/comments", "write", {"content": "Called."}, 201, hidden=True),
    Line("PUT", R + "/comments/{said}", "write", {"is_pinned": True}, hidden=True),
    Line("DELETE", R + "/comments/{said}", "delete", hidden=True),
    Line("GET", "/rows?email=info@rossi.example"),
    Line("GET", "/clients"),
    Line("POST", "/clients", "write", {"name": "Verdi S.p.A."}, 201),
    Line("GET", C, hidden=True),
    Line("PUT", C, "write", {"name": "Renamed"}, hidden=True),
    Line("DELETE", C, "delete", hidden=True),
    Line(
        "POST",
        "/leads/{won}/emails/send_email_from_template",
        "write",
        {"email_template_id": "{letter}", "from_user_id": "{ugo}"},
        201,
        hidden=True,
    ),
    Line(
        "POST",
        "/leads/{won}/follow_ups/create_from_template",
        "write",
        {"post_sales_template_id": "{template}"},
        201,
        hidden=True,
    ),
    Line("GET", "/follow_ups"),
    Line("PUT", "/follow_ups/{process}/tasks/{task}", "write", {"status": "done"}, hidden=True),
    Line("GET", "/users"),
    Line("POST", "/users", "write", DINO, 201, admins=True, also=ALL_BUT_WRITE),
    Line("GET", "/users/self", ok=403),
    Line("GET", "/users/{ugo}", foreign=True),
    Line("PUT", "/users/{bruna}/disable", "write", admins=True, foreign=True),
    Line("POST", "/users/{bruna}/disable", "write", admins=True, foreign=True),
    Line("GET", "/users/{bruna}/send_activation_email", "write", ok=422, admins=True, foreign=True),
    Line("GET", "/teams"),
    Line("POST", "/teams", "write", {"name": "South"}, 201, admins=True),
    Line("GET", "/teams/{team}", hidden=True),
    Line("PUT", "/teams/{team}", "write", {"name": "West"}, admins=True, foreign=True),
    Line("DELETE", "/teams/{team}", "write", admins=True, foreign=True),
    Line(
        "POST",
        "/teams/{team}/add_member",
        "write",
        {"user_id": "{bruna}"},
        admins=True,
        foreign=True,
    ),
    Line(
        "DELETE",
        "/teams/{team}/remove_member",
        "write",
        {"user_id": "{ugo}"},
        admins=True,
        foreign=True,
    ),
    Line("GET", "/pipelines"),
    Line("GET", "/steps"),
    Line("GET", "/steps/{step}", foreign=True),
    Line("GET", "/activities"),
    Line("GET", "/categories"),
    Line("POST", "/category", "write", {"name": "Origin"}, 201, admins=True),
    Line("GET", "/predefined_tags", admins=True),
    Line("POST", "/predefined_tags", "write", {"name": "fair"}, 201, admins=True),
    Line("GET", "/fields"),
    Line("POST", "/fields", "write", {"name": "VAT number"}, 201, admins=True),
    Line("GET", "/webhooks", admins=True, keys=True),
    Line("POST", "/webhooks", "write", WEBHOOK, 201, admins=True, keys=True, also=("export",)),
    Line("PUT", W + "/activate", "write", admins=True, keys=True, foreign=True, also=("export",)),
    Line("POST", W + "/activate", "write", admins=True, keys=True, foreign=True, also=("export",)),
    Line("DELETE", W, "write", admins=True, keys=True, foreign=True),
    Line("GET", "/webhook_events", admins=True, keys=True),
    Line("GET", "/webhook_events/{delivery}", admins=True, keys=True, foreign=True),
    Line("GET", SIMPLE + "/add_tag?tag=fair", "write", keys=True, hidden=True),
    Line("GET", SIMPLE + "/add_activity?activity_id={activity}", "write", keys=True, hidden=True),
    Line("GET", SIMPLE + "/move_to_step?step={step}", "write", keys=True, hidden=True),
    Line(
        "GET",
        SIMPLE + "/send_email?subject=S&content=C&from_user_id={ugo}",
        "write",
        keys=True,
        hidden=True,
    ),
)
