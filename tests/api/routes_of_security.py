"""The routes of the account's security, which the reference lacks (see `tests.api.routes`)."""

from __future__ import annotations

from tests.api.routes import Line

T, S, A, P, X = (
    "/trash/{entry}",
    "/sessions/{session}",
    "/sensitive_actions/{act}",
    "/privacy_settings/{rule}",
    "/exports/{export}",
)

LINES = (
    Line("GET", "/trash"),
    # What Ugo has deleted is seen by him and by admins.
    Line("GET", T, hidden=True, also=("admin",)),
    Line("GET", T + "/objects", hidden=True, also=("admin",)),
    Line("POST", T + "/restore", "write", hidden=True, also=("delete", "admin")),
    Line("DELETE", T, "delete", {"reason": "Out of date"}, admins=True, logged="purge"),
    Line("GET", "/sensitive_actions", admins=True),
    Line("GET", A, admins=True),
    Line("GET", A + "/objects", admins=True),
    Line("POST", A + "/undo", "write", also=("delete", "admin")),
    Line("GET", "/sessions", admins=True, own=True),
    Line("POST", "/sessions/end", "write", {"ids": ["{session}"]}, admins=True, tells=("count",)),
    Line("GET", S, admins=True, own=True),
    Line("DELETE", S, "write", admins=True, own=True, logged="sessions"),
    Line("GET", "/privacy_settings", admins=True),
    Line("GET", P, admins=True),
    Line("PUT", P, "write", {"is_on": True}, admins=True),
    Line("POST", "/exports", "export", {"kind": "lead"}, 201),
    Line("GET", "/exports", "export"),
    # A file is its asker's alone, and no key here has asked for this one.
    Line("GET", X, "export", {}, 404),
    Line("GET", X + "/download", "export", {}, 404),
    Line("DELETE", X, "export", {}, 404, logged=""),
)
