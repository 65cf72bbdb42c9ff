"""Version 2 of the API: each module has the routes of one kind of object and is added here."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from custode.api import file_links
from custode.api.frame import Frame
from custode.api.v2 import (
    actions,
    auth,
    clients,
    configuration,
    exports,
    follow_ups,
    lead_comments,
    leads,
    list_comments,
    lists,
    marks,
    me,
    privacy,
    prospects,
    sending,
    sessions,
    teams,
    trash,
    users,
    webhooks,
)

api = Frame(
    title="Custode",
    version="2",
    description=(
        "Applications send their key in `X-API-KEY`; a user's programs send their token in "
        "`X-USER-TOKEN`. Lists are bare arrays; the total before paging is in the header "
        "`X-TOTAL-COUNT`."
    ),
    urls_namespace="api-2",
)
for routes in (
    me, auth, leads, lead_comments, sending, follow_ups, lists, list_comments, prospects, clients,
    users, teams, configuration, marks, trash, actions, sessions, privacy, exports, webhooks,
):  # fmt: skip
    api.add_router("", routes.router)


@api.get("/files/{path:told}", auth=None, include_in_schema=False)
def file(request: HttpRequest, told: str) -> HttpResponseBase:
    """Return a file for a link that expires after three minutes."""
    return file_links.hand_out(told)


@api.get("/openapi.json", auth=None, include_in_schema=False)
def document(request: HttpRequest) -> HttpResponse:
    """Return the description of all routes."""
    return HttpResponse(api.text("/api/v2/"), content_type="application/json")
