"""Sessions: who is in and who was, and ending them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from custode.accounts import editions
from custode.accounts.editions import Feature
from custode.api.answers import answer
from custode.api.calls import Caller, caller_of_call
from custode.api.errors import missing, not_found
from custode.api.frame import the_door_decides
from custode.api.v2 import admins, asked, numbered
from custode.api.v2.shapes.leads import Person, person
from custode.guard import policy
from custode.guard.hands import hand
from custode.kernel.clock import iso
from custode.people.models import User
from custode.signin import devices
from custode.signin.models import Session
from custode.signin.sessions import moves, queries
from custode.signin.sessions.life import over
from custode.signin.sessions.queries import Sessions, State, Wanted

router = Router(tags=["Sessions"])


class SessionShape(Schema):
    """One sign-in of one user on one device; a token of a program is one too."""

    id: int
    user_id: int
    user: Person
    is_current: bool = Field(description="Whether it may be used.")
    is_this: bool = Field(description="Whether it is the token that calls.")
    device: str = Field(description="As “Chrome on Windows”.")
    form: str = Field(description="`desktop`, `phone`, `tablet` or `program`.")
    way: str = Field(description="How the user signed in, as `password+totp`; `api` for a token.")
    ip: str = Field(description="From where it was last used.")
    started_ip: str
    started_at: str
    last_seen_at: str
    ended_at: str | None
    ended_why: str | None
    ended_by: str | None


class SessionsAsked(asked.Paged):
    """Which sessions."""

    state: asked.Text | None = Field(
        None, description="`current` (the usual one), `past` or `all`."
    )
    user_id: asked.Who | None = Field(None, description="Whose: a number or an address.")
    device: asked.Text | None = Field(None, description="Words of the device's name.")
    ip: asked.Text | None = Field(None, description="An address, or the beginning of one.")
    start_date: asked.Text | None = Field(None, description="In use on this day or later.")
    end_date: asked.Text | None = Field(None, description="In use on this day or before.")


class WhichEnd(asked.Given):
    """Which sessions are to end; never the token that calls."""

    ids: asked.Names | None = Field(None, description="These, by number.")
    user_id: asked.Who | None = Field(None, description="All of one user.")
    others: asked.MaybeYes = Field(None, description="Those of everybody, but the caller's own.")


class Ended(Schema):
    """How many were ended."""

    count: int


class EndedOne(Schema):
    """What was ended."""

    id: int
    count: int = Field(description="0 when it was over already.")


@router.get("/sessions", response=list[SessionShape], summary="Find sessions")
def find(request: HttpRequest, wanted: Query[SessionsAsked]) -> HttpResponse:
    """The latest first. Admins see everybody's, in the edition Dream Team; users their own."""
    caller = caller_of_call(request)
    rows = _found(caller, wanted)
    page = wanted.page(rows)
    return answer([_shape(row, _this(caller)) for row in page], total=rows.count())


@router.post("/sessions/end", response=Ended, summary="End several sessions")
@the_door_decides
def end_several(request: HttpRequest, given: WhichEnd) -> HttpResponse:
    """Some, all of one user, or everybody else's. It holds at the next request of each."""
    caller = caller_of_call(request)
    in_now = queries.others(caller.account, _this(caller))
    if given.others:
        return answer({"count": moves.disconnect(caller.actor, in_now, words="others")})
    if given.user_id:
        user = asked.user_named(given.user_id)
        if user is not None and _is_own(caller, user) and not caller.actor.is_admin:
            policy.require_change(caller.actor)
            return answer({"count": moves.end_own_others(user, _this(caller))})
        # Whoever may not is refused, whether there is such a user or not.
        chosen = in_now.filter(user=user) if user else in_now.none()
        count = moves.disconnect(caller.actor, chosen, words="user")
        if user is None:
            raise asked.no_user(given.user_id)
        return answer({"count": count})
    if given.ids is None:
        raise missing("ids")
    chosen = in_now.filter(pk__in=numbered.some_numbers(given.ids, "ids"))
    return answer({"count": moves.disconnect(caller.actor, chosen, words="chosen")})


@router.get("/sessions/{id:pk}", response=SessionShape, summary="One session")
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Over or not."""
    caller = caller_of_call(request)
    return answer(_shape(_seen(caller, pk), _this(caller)))


@router.delete("/sessions/{id:pk}", response=EndedOne, summary="End a session")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own, or as an admin anybody's. Takes the scope `write`."""
    caller = caller_of_call(request)
    own = _own(caller).filter(pk=pk).first()
    if own is not None:
        policy.require_change(caller.actor)
        return answer({"id": pk, "count": moves.end_own(own.user, [pk])})
    rows = queries.all_of(caller.account).filter(pk=pk)
    # Whoever may not is refused, whether there is such a session or not.
    count = moves.disconnect(caller.actor, rows, words="one")
    if not count and not rows.exists():
        raise not_found()
    return answer({"id": pk, "count": count})


def _this(caller: Caller) -> int:
    """The session that calls; 0 for an application, which has none."""
    return caller.session.pk if caller.session else 0


def _is_own(caller: Caller, user: User) -> bool:
    return caller.user is not None and caller.user.pk == user.pk


def _own(caller: Caller) -> Sessions:
    """The sessions of the user whose token calls; of an application none."""
    if caller.user is None:
        return queries.all_of(caller.account).none()
    return queries.own(caller.user, caller.account, State.ALL)


def _require_all(caller: Caller) -> None:
    """Raise `Refused` for whoever does not see the sessions of all users."""
    admins.require_admin(caller.actor)
    why = str(moves.OTHER_EDITION)
    editions.require(caller.account.edition, Feature.USER_SESSIONS, why)


def _seen(caller: Caller, pk: int) -> Session:
    own = _own(caller).filter(pk=pk).first()
    if own is not None:
        return own
    if caller.user is None or caller.actor.is_admin:
        _require_all(caller)
        if (found := queries.all_of(caller.account).filter(pk=pk).first()) is not None:
            return found
    raise not_found()


def _found(caller: Caller, wanted: SessionsAsked) -> Sessions:
    """The sessions that fit and that the caller sees; whoever is not there has none."""
    user = asked.user_named(wanted.user_id) if wanted.user_id else None
    if wanted.user_id is None and caller.user is not None and not caller.actor.is_admin:
        user = caller.user
    if user is None or not _is_own(caller, user):
        _require_all(caller)
    rows = queries.found(caller.account, _read(wanted, user))
    return rows.none() if wanted.user_id and user is None else rows


def _read(wanted: SessionsAsked, user: User | None) -> Wanted:
    """The filter as the screen reads it; raises `Invalid` for what cannot be read."""
    state = (wanted.state or State.CURRENT).strip().lower()
    if state not in set(State):
        raise asked.cannot("state", state)
    told = {
        "user": str(user.pk) if user else "", "state": state, "device": wanted.device or "",
        "ip": wanted.ip or "", "since": wanted.start_date or "", "until": wanted.end_date or "",
    }  # fmt: skip
    read = Wanted.of(told)
    names = {"since": "start_date", "until": "end_date"}
    for mistake in read.mistakes:
        raise asked.cannot(names.get(mistake, mistake), told[mistake])
    return read


def _shape(row: Session, this: int) -> dict[str, Any]:
    run_out = None if row.ended_at else over(row)
    ended_at, why = run_out or (row.ended_at, row.ended_why)
    return {
        "id": row.pk,
        "user_id": row.user_id,
        "user": person(row.user),
        "is_current": ended_at is None,
        "is_this": row.pk == this,
        "device": devices.words(row.browser, row.system),
        "form": row.form,
        "way": row.way,
        "ip": row.ip or row.started_ip,
        "started_ip": row.started_ip,
        "started_at": iso(row.started_at),
        "last_seen_at": iso(row.seen_at),
        "ended_at": iso(ended_at),
        "ended_why": str(why) if ended_at else None,
        "ended_by": hand(row.ended_by) or None,
    }
