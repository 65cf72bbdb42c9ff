"""The route that tells whether a key or a token is valid."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from custode.api.answers import answer
from custode.api.frame import any_key

router = Router(tags=["Health"])


class Pong(Schema):
    """The answer to a ping."""

    status: int
    message: str


@router.get("/ping", response=Pong, summary="Check a key or token")
@any_key
def ping(request: HttpRequest) -> HttpResponse:
    """Check whether the key or token is valid. A key of any scope will do."""
    # Programs compare this sentence, so it is never translated.
    return answer({"status": 200, "message": "Your API key is correct."})
