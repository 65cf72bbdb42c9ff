"""The scopes that a key needs for a route, for the document.

The marks of a route say what is checked before it runs; what the door or a role decides is listed
here. Where a route takes a scope only for some of what it is asked, that scope is listed too, and
the route's description says for what. The tests compare both with how keys of each scope are
answered.
"""

from __future__ import annotations

from typing import Final

from custode.kernel.actor import Scope

_READ_ADMIN: Final = "read admin"
_WRITE_ADMIN: Final = "write admin"
_DECIDED: Final = {
    "GET /auth/log_as": _WRITE_ADMIN,
    "POST /users": " ".join(Scope),
    "PUT /users/{who}/disable": _WRITE_ADMIN,
    "POST /users/{who}/disable": _WRITE_ADMIN,
    "GET /users/{who}/send_activation_email": _WRITE_ADMIN,
    "POST /teams": _WRITE_ADMIN,
    "PUT /teams/{pk}": _WRITE_ADMIN,
    "DELETE /teams/{pk}": _WRITE_ADMIN,
    "POST /teams/{pk}/add_member": _WRITE_ADMIN,
    "DELETE /teams/{pk}/remove_member": _WRITE_ADMIN,
    "POST /category": _WRITE_ADMIN,
    "GET /predefined_tags": _READ_ADMIN,
    "POST /predefined_tags": _WRITE_ADMIN,
    "POST /fields": _WRITE_ADMIN,
    "POST /trash/{pk}/restore": "write delete",
    "DELETE /trash/{pk}": "delete admin",
    "GET /sensitive_actions": _READ_ADMIN,
    "GET /sensitive_actions/{pk}": _READ_ADMIN,
    "GET /sensitive_actions/{pk}/objects": _READ_ADMIN,
    "POST /sensitive_actions/{pk}/undo": "write delete",
    "GET /sessions": _READ_ADMIN,
    "POST /sessions/end": _WRITE_ADMIN,
    "GET /sessions/{pk}": _READ_ADMIN,
    "DELETE /sessions/{pk}": _WRITE_ADMIN,
    "GET /privacy_settings": _READ_ADMIN,
    "GET /privacy_settings/{name}": _READ_ADMIN,
    "PUT /privacy_settings/{name}": _WRITE_ADMIN,
    "POST /exports": "export",
    "DELETE /exports/{pk}": "export",
    "GET /webhooks": _READ_ADMIN,
    "POST /webhooks": "write admin export",
    "PUT /webhooks/{pk}/activate": "write admin export",
    "POST /webhooks/{pk}/activate": "write admin export",
    "DELETE /webhooks/{pk}": _WRITE_ADMIN,
    "GET /webhook_events": _READ_ADMIN,
    "GET /webhook_events/{pk}": _READ_ADMIN,
}


def scopes_of(marked: Scope | None, method: str, path: str) -> list[str]:
    """Return the scopes that a key needs for a route; an empty list if any key may use it.

    Args:
        marked: the scope with which the route is marked; None if the door decides.
        path: the path below the frame's prefix, as in the document.
    """
    if decided := _DECIDED.get(f"{method} {path}"):
        return decided.split()
    if marked is None and method == "DELETE":
        return [Scope.DELETE.value]
    return [] if marked is None else [marked.value]
