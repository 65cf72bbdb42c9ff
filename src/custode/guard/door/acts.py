"""What every act that passes the door has in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from custode.guard import lock, log, policy, refusals
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, TrashEntry
from custode.guard.owned import Tenant
from custode.guard.refusals import UNKNOWN, Attempt
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class Act:
    """The result of an act.

    Args:
        count: the number of objects of the requested kind.
        seq: the act's number in the log; 0 when there was nothing to do.
        entry: the trash entry concerned, if any.
        along: how many dependent objects were affected, by kind.
        stayed: for an undo, how many are left unchanged: changed or deleted since, or no longer the
            actor's to edit.
        above: for a restore, the trash entries that still hold parents of the restored objects.
    """

    count: int
    seq: int = 0
    entry: TrashEntry | None = None
    along: Mapping[str, int] | None = None
    stayed: int = 0
    above: tuple[TrashEntry, ...] = ()


NOTHING = Act(0)


@contextmanager
def authorized(
    actor: Actor, verb: Verb, kind: str = "", tried: Attempt = UNKNOWN
) -> Iterator[None]:
    """Open one transaction in the actor's account; a refusal inside is logged after the rollback.

    The policy is asked first, so that a no waits for nobody, and again when the log is held: what
    comes after a rule in the log obeys it.

    Args:
        tried: what the actor is about to do, for the entry of a refusal.

    Raises:
        ProofNeeded: the actor must prove their identity first.
        RuntimeError: the caller is already inside a transaction.
    """
    with policy_checked(actor, verb, kind, tried):
        policy.require_proof(actor, verb)
        log.hold(actor.account_id)
        policy.require_still(actor, verb, kind)
        yield


@contextmanager
def policy_checked(
    actor: Actor, verb: Verb, kind: str = "", tried: Attempt = UNKNOWN
) -> Iterator[None]:
    """Check the policy as `authorized` does, for a question asked before the act itself."""
    with scope.account(actor.account_id):
        try:
            with transaction.atomic(durable=True):
                policy.require(actor, verb, kind)
                yield
        except Refused as no:
            refusals.refused(actor, verb, kind, no, tried)
            raise


@contextmanager
def sensitive_act(
    actor: Actor,
    verb: Verb,
    *,
    count: int = 1,
    details: Mapping[str, Any] | None = None,
    labels: list[str] | None = None,
    reason: str = "",
) -> Iterator[LogEntry]:
    """Perform a sensitive act that moves no rows to the trash: a rule, a role, a user, the edition.

    The body changes the columns that the models declare `sensitive` for this verb; the database
    refuses these changes anywhere else. The log entry is written first.

    Args:
        verb: one of the verbs for admins only.
        details: what changes, without personal data.
        labels: the names of the people or things it concerns.
    """
    tried = Attempt(count, details or {}, labels or (), reason)
    with authorized(actor, verb, tried=tried):
        entry = log.write(actor, verb, count=count, details=details, labels=labels, reason=reason)
        with lock.opened(f"{verb.value}:{actor.account_id}"):
            yield entry


@contextmanager
def also(
    actor: Actor,
    verb: Verb,
    *,
    details: Mapping[str, Any] | None = None,
    labels: list[str] | None = None,
) -> Iterator[LogEntry]:
    """Do a further sensitive act in the transaction of another: both are done, or neither.

    Each has its entry, and changes what is sensitive for its own verb. A no is logged as one to
    the act around it.

    Args:
        details, labels: as for `sensitive_act`.
    """
    policy.require(actor, verb)
    policy.require_proof(actor, verb)
    entry = log.write(actor, verb, count=1, details=details, labels=labels)
    with lock.opened(f"{verb.value}:{actor.account_id}"):
        yield entry


def create_account(account: Tenant, *, details: Mapping[str, Any]) -> LogEntry:
    """Save a new account with the first entry of its log; only an operator's command does this.

    Args:
        details: its initial settings, without personal data.
    """
    with transaction.atomic(durable=True):
        with lock.opened(f"{Verb.ACCOUNT}:new"):
            account.save(force_insert=True)
        operator = Actor.operator(account.pk)
        with scope.account(account.pk):
            return log.write(operator, Verb.ACCOUNT, count=1, details=details)
