"""`Idempotency-Key`: a POST that is sent again is not done again, and answered as before."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final

import orjson
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from custode.api.calls import Caller
from custode.api.errors import Problem, answered
from custode.kernel import clock
from custode.signin import sealing
from custode.signin.keys.models import Answered
from custode.signin.keys.periodic import KEPT

HEADER: Final = "Idempotency-Key"
_LONGEST: Final = 255


def answered_once(
    request: HttpRequest, caller: Caller, do: Callable[[HttpRequest], HttpResponseBase]
) -> HttpResponseBase:
    """Do what a request asks, unless the same was done for this caller within the last day.

    The word is taken before anything is done, so of two at once one waits for nothing and is told
    to come again. Only what was done is kept: after a no, the same word may be tried again.
    """
    word = request.headers.get(HEADER, "")
    if request.method != "POST" or not word:
        return do(request)
    if len(word) > _LONGEST:
        message = _("The header %(name)s has at most 255 characters.") % {"name": HEADER}
        return answered(request, Problem(422, "invalid_parameter", message))
    digest, asked = hashlib.sha256(word.encode()).hexdigest(), _asked(request)
    rows = Answered.objects.filter(who=caller.whose_words, word=digest)
    rows.filter(at__lt=clock.now() - KEPT).delete()
    mine = _taken(caller, digest, asked)
    while mine is None:
        if (row := rows.first()) is not None:
            return _again(request, row, asked)
        # Whoever had it was told no meanwhile, and the word is free again.
        mine = _taken(caller, digest, asked)
    response = None
    try:
        response = do(request)
    finally:
        _settle(mine, response)
    return response


def _taken(caller: Caller, digest: str, asked: str) -> Answered | None:
    """The word, taken for this request; None when somebody has it."""
    try:
        with transaction.atomic():
            return Answered.objects.create(
                account_id=caller.account.pk, who=caller.whose_words, word=digest, asked=asked
            )
    except IntegrityError:
        return None


def _asked(request: HttpRequest) -> str:
    """A digest of what a request asks for: its address, what it says, and its files."""
    told = orjson.dumps(request.told, default=str, option=orjson.OPT_SORT_KEYS)  # type: ignore[attr-defined]  # ours
    digest = hashlib.sha256(request.path.encode() + b"\n" + told)
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(f"\n{name}:{file.name}:{file.size}\n".encode())
            for piece in file.chunks():
                digest.update(piece)
    return digest.hexdigest()


def _again(request: HttpRequest, row: Answered, asked: str) -> HttpResponseBase:
    """The answer to a word that was used before."""
    if row.asked != asked:
        message = _("This %(name)s was used for another request.") % {"name": HEADER}
        return answered(request, Problem(422, "idempotency_key_reused", message))
    if row.status is None:
        message = _("The first request with this %(name)s is not done yet.") % {"name": HEADER}
        return answered(request, Problem(409, "in_progress", message))
    if not row.body:
        message = _("This was done. Its answer was erased with the personal data of somebody.")
        return answered(request, Problem(409, "answer_erased", message))
    known = HttpResponse(
        sealing.unseal(bytes(row.body).decode()), status=row.status, content_type="application/json"
    )
    known["Idempotent-Replayed"] = "true"
    return known


def _sealed(response: HttpResponse) -> bytes:
    """An answer as it is kept: it may tell a secret that is shown this once."""
    return sealing.seal(response.content.decode()).encode()


def _settle(row: Answered, response: HttpResponseBase | None) -> None:
    """Keep what was done; a no, and what broke before anything was answered, may be tried again."""
    mine = Answered.objects.filter(pk=row.pk)
    if isinstance(response, HttpResponse) and response.status_code < 300:
        mine.update(status=response.status_code, body=_sealed(response))
    else:
        mine.delete()
