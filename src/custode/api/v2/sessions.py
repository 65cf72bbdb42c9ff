"""Routes of sessions: who is or was signed in, and ending sessions."""

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
from custode.api.v2 import admins, numbered, params
from custode.api.v2.shapes.leads import Person, person
from custode.guard import policy
from custode.guard.display_names import display_name
from custode.kernel.clock import iso
from custode.people.models import User
from custode.signin import devices
from custode.signin.models import Session
from custode.signin.sessions import moves, queries
from custode.signin.sessions.life import over
from custode.signin.sessions.queries import Sessions, State, Wanted

router = Router(tags=["Sessions"])


class SessionShape(Schema):
    """A sign-in of a user on a device; a program's token is a session too."""

    id: int
    user_id: int
    user: Person
    is_current: bool = Field(description="Whether it is still valid.")
    is_this: bool = Field(description="Whether it is the session of the calling token.")
    device: str = Field(description="The device, for example “Chrome on Windows”.")
    form: str = Field(description="`desktop`, `phone`, `tablet` or `program`.")
    way: str = Field(
        description="How the user signed in, for example `password+totp`; `api` for a token."
    )
    ip: str = Field(description="The IP address from which it was last used.")
    started_ip: str
    started_at: str
    last_seen_at: str
    ended_at: str | None
    ended_why: str | None
    ended_by: str | None


class SessionsAsked(params.Paged):
    """The filter of sessions."""

    state: params.Text | None = Field(None, description="`current` (the default), `past` or `all`.")
    user_id: params.Who | None = Field(None, description="The user: a number or an e-mail address.")
    device: params.Text | None = Field(None, description="Words in the device's name.")
    ip: params.Text | None = Field(None, description="An IP address, or the beginning of one.")
    start_date: params.Text | None = Field(None, description="Used on this day or later.")
    end_date: params.Text | None = Field(None, description="Used on this day or earlier.")


class WhichEnd(params.Given):
    """The sessions to end; the session of the calling token is never ended."""

    ids: params.Names | None = Field(None, description="The numbers of these sessions.")
    user_id: params.Who | None = Field(None, description="All sessions of one user.")
    others: params.MaybeYes = Field(
        None, description="All sessions of everybody except the caller's own."
    )


class Ended(Schema):
    """The number of sessions that were ended."""

    count: int


class EndedOne(Schema):
    """The session that was ended."""

    id: int
    count: int = Field(description="0 if it had ended before.")


@router.get("/sessions", response=list[SessionShape], summary="Find sessions")
def find(request: HttpRequest, wanted: Query[SessionsAsked]) -> HttpResponse:
    """Return sessions, newest first.

    Admins see everybody's (edition Dream Team), users their own.
    """
    caller = caller_of_call(request)
    rows = _found(caller, wanted)
    page = wanted.page(rows)
    return answer([_shape(row, _this(caller)) for row in page], total=rows.count())


@router.post("/sessions/end", response=Ended, summary="End several sessions")
@the_door_decides
def end_several(request: HttpRequest, given: WhichEnd) -> HttpResponse:
    """End some sessions, all of one user, or everybody else's, before the next request of each."""
    caller = caller_of_call(request)
    in_now = queries.others(caller.account, _this(caller))
    if given.others:
        return answer({"count": moves.disconnect(caller.actor, in_now, words="others")})
    if given.user_id:
        user = params.user_named(given.user_id)
        if user is not None and _is_own(caller, user) and not caller.actor.is_admin:
            policy.require_change(caller.actor)
            return answer({"count": moves.end_own_others(user, _this(caller))})
        # Refuse before looking for the user, whether they exist or not.
        chosen = in_now.filter(user=user) if user else in_now.none()
        count = moves.disconnect(caller.actor, chosen, words="user")
        if user is None:
            raise params.no_user(given.user_id)
        return answer({"count": count})
    if given.ids is None:
        raise missing("ids")
    chosen = in_now.filter(pk__in=numbered.some_numbers(given.ids, "ids"))
    return answer({"count": moves.disconnect(caller.actor, chosen, words="chosen")})


@router.get("/sessions/{id:pk}", response=SessionShape, summary="Get a session")
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a session, ended or not."""
    caller = caller_of_call(request)
    return answer(_shape(_seen(caller, pk), _this(caller)))


@router.delete("/sessions/{id:pk}", response=EndedOne, summary="End a session")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of your own sessions, or as an admin anybody's. Needs the scope `write`."""
    caller = caller_of_call(request)
    own = _own(caller).filter(pk=pk).first()
    if own is not None:
        policy.require_change(caller.actor)
        return answer({"id": pk, "count": moves.end_own(own.user, [pk])})
    rows = queries.all_of(caller.account).filter(pk=pk)
    # Refuse before looking for the session, whether it exists or not.
    count = moves.disconnect(caller.actor, rows, words="one")
    if not count and not rows.exists():
        raise not_found()
    return answer({"id": pk, "count": count})


def _this(caller: Caller) -> int:
    """Return the number of the calling session; 0 for an application, which has none."""
    return caller.session.pk if caller.session else 0


def _is_own(caller: Caller, user: User) -> bool:
    return caller.user is not None and caller.user.pk == user.pk


def _own(caller: Caller) -> Sessions:
    """Return the sessions of the user whose token calls; none for an application."""
    if caller.user is None:
        return queries.all_of(caller.account).none()
    return queries.own(caller.user, caller.account, State.ALL)


def _require_all(caller: Caller) -> None:
    """Raise `Refused` unless the caller may see the sessions of all users."""
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
    """Return the matching sessions that the caller can see; none for an unknown user."""
    user = params.user_named(wanted.user_id) if wanted.user_id else None
    if wanted.user_id is None and caller.user is not None and not caller.actor.is_admin:
        user = caller.user
    if user is None or not _is_own(caller, user):
        _require_all(caller)
    rows = queries.found(caller.account, _read(wanted, user))
    return rows.none() if wanted.user_id and user is None else rows


def _read(wanted: SessionsAsked, user: User | None) -> Wanted:
    """Return the filter as the sessions page has it; raise `Invalid` for invalid values."""
    state = (wanted.state or State.CURRENT).strip().lower()
    if state not in set(State):
        raise params.cannot("state", state)
    told = {
        "user": str(user.pk) if user else "", "state": state, "device": wanted.device or "",
        "ip": wanted.ip or "", "since": wanted.start_date or "", "until": wanted.end_date or "",
    }  # fmt: skip
    read = Wanted.of(told)
    names = {"since": "start_date", "until": "end_date"}
    for mistake in read.mistakes:
        raise params.cannot(names.get(mistake, mistake), told[mistake])
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
        "ended_by": display_name(row.ended_by) or None,
    }
