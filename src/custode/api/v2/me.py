"""Whether a key or a token is good."""

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


@router.get("/ping", response=Pong, summary="Is the key or the token good?")
@any_key
def ping(request: HttpRequest) -> HttpResponse:
    """A key of any scope is answered."""
    # Programs compare the sentence, so it is never translated.
    return answer({"status": 200, "message": "Your API key is correct."})
