"""May this actor do this verb to this kind? The one place that answers.

Screens ask `may` to show a shield beside what is refused; only the door decides.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import format_lazy, get_text_list
from django.utils.translation import gettext as _

from custode.guard import kinds, ports
from custode.guard.kinds import Verb
from custode.guard.models import PrivacySetting
from custode.kernel.actor import Actor, ActorKind, Entrance
from custode.kernel.errors import ProofNeeded, Refused


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer; `why` is a sentence when it is no, `rule` the privacy setting that decided."""

    ok: bool
    why: str = ""
    rule: str = ""


YES = Decision(True)


def may(actor: Actor, verb: Verb, kind: str = "") -> Decision:
    """Whether the actor may, as far as roles and rules go; rights on single rows come after."""
    if actor.is_admin:
        return YES
    if verb.admins_only:
        return Decision(False, " ".join([_("Only admins can do this."), ask(actor)]))
    ruling = kinds.ruling(kind) if kind else None
    if ruling and is_ticked(actor.account_id, verb, ruling.name):
        sentence = format_lazy("{}.", ruling.rules[verb])
        return Decision(False, f"{sentence} {ask(actor)}", f"{verb}:{ruling.name}")
    return YES


def require(actor: Actor, verb: Verb, kind: str = "") -> None:
    """Raise `Refused` when the actor may not."""
    decision = may(actor, verb, kind)
    if not decision.ok:
        raise Refused(decision.why, decision.rule, "" if decision.rule else "admins")


def require_admin(actor: Actor) -> None:
    """Raise `Refused` unless an admin acts: for what is no act of the door, as names in menus."""
    if not actor.is_admin:
        raise Refused(_("Only admins can do this."))


def require_proof(actor: Actor, verb: Verb) -> None:
    """Raise `ProofNeeded` when somebody at a screen must prove first who they are.

    A job goes on with what was proved when it was asked for; a key and a command prove by what
    they hold.
    """
    at_a_screen = actor.kind is ActorKind.USER and actor.entrance is Entrance.WEB
    if verb.needs_proof and at_a_screen and not actor.proved:
        raise ProofNeeded(_("Prove that it is you: this is asked before acts of this kind."))


def is_ticked(account_id: int, verb: Verb, kind: str) -> bool:
    """Whether the privacy setting is ticked; read each time, so that it takes effect at once."""
    return PrivacySetting.objects.filter(
        account_id=account_id, verb=verb.value, kind=kind, ticked=True
    ).exists()


def ask(actor: Actor) -> str:
    """The sentence that says whom to ask who may do more."""
    names = ports.admins(actor.account_id)
    if not names:
        return _("Ask an admin of your account.")
    return _("You can ask %(admins)s.") % {"admins": get_text_list(names[:3], _("or"))}
