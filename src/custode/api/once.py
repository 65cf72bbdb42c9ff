"""`Idempotency-Key`: a POST that is sent again is not repeated; it gets the first response."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final

import orjson
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from custode.api import shown
from custode.api.answers import without_content
from custode.api.calls import Caller
from custode.api.errors import Problem, answered
from custode.kernel import clock
from custode.signin import sealing
from custode.signin.api_keys.models import Answered
from custode.signin.api_keys.periodic import KEPT

HEADER: Final = "Idempotency-Key"
_LONGEST: Final = 255


def answered_once(
    request: HttpRequest, caller: Caller, do: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Run a request, unless the caller sent the same one within the last day.

    The key is claimed before anything is done, so of two simultaneous requests the second is not
    delayed but told to come back later. Only successful responses are kept: after an error the same
    key may be used again.
    """
    word = request.headers.get(HEADER, "")
    if request.method != "POST" or not word:
        return do()
    if len(word) > _LONGEST:
        message = _("The header %(name)s has at most 255 characters.") % {"name": HEADER}
        return answered(request, Problem(422, "invalid_parameter", message))
    digest, asked = hashlib.sha256(word.encode()).hexdigest(), _asked(request)
    rows = Answered.objects.filter(who=caller.whose_words, word=digest)
    rows.filter(at__lt=clock.now() - KEPT).delete()
    mine = _taken(caller, digest, asked)
    while mine is None:
        if (row := rows.first()) is not None:
            return _again(request, caller, row, asked)
        # The request that held the key failed meanwhile, and the key is free again.
        mine = _taken(caller, digest, asked)
    response = None
    with shown.noting() as showed:
        try:
            response = do()
        finally:
            _settle(mine, response, showed)
    return response


def _taken(caller: Caller, digest: str, asked: str) -> Answered | None:
    """Claim the key for this request; return None if another request holds it."""
    try:
        with transaction.atomic():
            return Answered.objects.create(
                account_id=caller.account.pk, who=caller.whose_words, word=digest, asked=asked
            )
    except IntegrityError:
        return None


def _asked(request: HttpRequest) -> str:
    """Return a digest of a request: its path, parameters, body and files."""
    told = orjson.dumps(request.told, default=str, option=orjson.OPT_SORT_KEYS)  # type: ignore[attr-defined]  # ours
    digest = hashlib.sha256(request.path.encode() + b"\n" + told)
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(f"\n{name}:{file.name}:{file.size}\n".encode())
            for piece in file.chunks():
                digest.update(piece)
    return digest.hexdigest()


def _again(request: HttpRequest, caller: Caller, row: Answered, asked: str) -> HttpResponseBase:
    """Return the response for a key that was used before.

    Of what the caller does not see any more, only the number is told.
    """
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
    return known if shown.sees(caller.actor, row.shown) else without_content(known)


def _sealed(response: HttpResponse) -> bytes:
    """Encrypt a response for storage: it may contain a secret that is shown only once."""
    return sealing.seal(response.content.decode()).encode()


def _settle(row: Answered, response: HttpResponseBase | None, showed: shown.Shown) -> None:
    """Keep a successful response; after an error or a crash, release the key."""
    mine = Answered.objects.filter(pk=row.pk)
    if isinstance(response, HttpResponse) and response.status_code < 300:
        about = {kind: sorted(ids) for kind, ids in showed.items()}
        mine.update(status=response.status_code, body=_sealed(response), shown=about)
    else:
        mine.delete()
