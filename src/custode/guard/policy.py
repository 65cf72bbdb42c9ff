"""Decides whether an actor may do a verb to a kind; the one place that answers this.

Screens call `may` to show a shield beside what is refused; only the door enforces it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.text import format_lazy, get_text_list
from django.utils.translation import gettext as _

from custode.guard import kinds, ports
from custode.guard.kinds import Verb
from custode.guard.models import PrivacySetting
from custode.kernel import scope
from custode.kernel.actor import Actor, ActorKind, Entrance, Scope
from custode.kernel.errors import ProofNeeded, Refused


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer: `why` is a sentence if it is no, `rule` the privacy setting that decided.

    Args:
        because: the missing right as one word, as in `Refused`.
    """

    ok: bool
    why: str = ""
    rule: str = ""
    because: str = ""


YES = Decision(True)


def may(actor: Actor, verb: Verb, kind: str = "") -> Decision:
    """Return whether roles and rules allow it; rights on single rows are checked later."""
    missing = _missing(actor, _scope_of(verb))
    if missing is not None:
        return missing
    if actor.is_admin:
        return YES
    if verb.admins_only or kind == kinds.LOG.name:
        why = " ".join([_("Only admins can do this."), ask(actor)])
        return Decision(False, why, because="admins")
    return by_rule(actor, verb, kind) if kind else YES


def by_rule(actor: Actor, verb: Verb, kind: str) -> Decision:
    """Return whether the account's rules allow it, whatever else it requires."""
    ruling = kinds.rules_kind(kind)
    if actor.is_admin or not holds(actor.account_id, verb, ruling.name):
        return YES
    sentence = format_lazy("{}.", ruling.rules[verb])
    return Decision(False, f"{sentence} {ask(actor)}", f"{verb}:{ruling.name}")


def require(actor: Actor, verb: Verb, kind: str = "") -> None:
    """Raise `Refused` when the actor may not."""
    decision = may(actor, verb, kind)
    if not decision.ok:
        raise Refused(decision.why, decision.rule, decision.because)


def may_restore(actor: Actor, kind: str) -> Decision:
    """Return whether the actor may restore what they deleted: only if they still may delete it."""
    decision = may(actor, Verb.DELETE, kind)
    if decision.ok:
        return decision
    said = _("What only admins delete, only they restore: the rule holds for both.")
    return Decision(False, f"{said} {decision.why}", decision.rule, decision.because)


def require_still(actor: Actor, verb: Verb, kind: str = "") -> None:
    """Ask again, once the log is held: what was logged while the actor waited for it holds by now.

    One statement: of an admin the role is read again, of anybody else the rule.

    Raises:
        Refused: the actor may no longer, or is no admin any more, by whose rights the act began.
    """
    if not actor.is_admin:
        require(actor, verb, kind)
    elif actor.kind is ActorKind.USER and actor.id not in ports.admins_among([actor.id or 0]):
        raise Refused(_("Only admins can do this."), because="admins")


def _scope_of(verb: Verb) -> Scope:
    """Return the scope a key needs for a verb; that it takes an admin is checked separately."""
    if verb in {Verb.DELETE, Verb.PURGE}:
        return Scope.DELETE
    return Scope.EXPORT if verb is Verb.EXPORT else Scope.WRITE


def _missing(actor: Actor, scope: Scope) -> Decision | None:
    """Return the refusal for an actor whose key lacks this scope; None if it is allowed."""
    if actor.has(scope):
        return None
    why = _("This API key lacks the scope “%(scope)s”.") % {"scope": scope.value}
    return Decision(False, f"{why} {ask(actor)}", because=f"scope_{scope.value}")


def require_change(actor: Actor) -> None:
    """Raise `Refused` when the actor's key has no scope for ordinary changes."""
    require_scope(actor, Scope.WRITE)


def require_scope(actor: Actor, scope: Scope) -> None:
    """Raise `Refused` when the actor's key lacks this scope."""
    missing = _missing(actor, scope)
    if missing is not None:
        raise Refused(missing.why, because=missing.because)


def require_every_scope(actor: Actor, why: str, *, but: Collection[Scope] = ()) -> None:
    """Raise `Refused` when the actor's key does not have every scope.

    For acts that could pass on more rights than the key itself has.

    Args:
        why: a sentence that says what requires them.
        but: scopes that are not required.
    """
    for needed in Scope:
        if needed in but:
            continue
        missing = _missing(actor, needed)
        if missing is not None:
            raise Refused(f"{why} {missing.why}", because=missing.because)


def require_admin(actor: Actor, scope: Scope = Scope.WRITE) -> None:
    """Raise `Refused` unless an admin acts: for what is no act of the door, such as names in menus.

    Args:
        scope: the scope that an admin's key needs: READ for what only admins see.
    """
    require_scope(actor, scope)
    if not actor.is_admin:
        raise Refused(_("Only admins can do this."), because="admins")


def require_proof(actor: Actor, verb: Verb) -> None:
    """Raise `ProofNeeded` when a user at a screen or with a token must prove their identity first.

    A job relies on the proof given when it was requested; a key or a command is proof in itself.
    """
    in_person = actor.kind is ActorKind.USER and actor.entrance in {Entrance.WEB, Entrance.API}
    if verb.needs_proof and in_person and not actor.proved:
        raise ProofNeeded(_("Prove that it is you: this is asked before acts of this kind."))


def holds(account_id: int, verb: Verb, kind: str) -> bool:
    """Return whether a rule applies: ticked and not suspended. Read each time, as it can change."""
    # Whatever account is in scope: finding no row would mean that nothing is forbidden.
    with scope.account(account_id):
        return PrivacySetting.objects.filter(
            account_id=account_id, verb=verb.value, kind=kind, ticked=True, rests_since=None
        ).exists()


def ask(actor: Actor) -> str:
    """Return the sentence that says whom to ask for more rights."""
    return ask_of(ports.admins(actor.account_id))


def ask_of(names: list[str]) -> str:
    """Return the same sentence for admins given by name."""
    if not names:
        return _("Ask an admin of your account.")
    return _("You can ask %(admins)s.") % {"admins": get_text_list(names[:3], _("or"))}
