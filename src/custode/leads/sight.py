"""Who sees a lead, who edits it, and to whom it may be given: the one answer, for many and for one.

List, board, page, search, export, counts and the door all ask here, and the database answers.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from custode.guard import policy
from custode.guard.policy import Decision
from custode.kernel.actor import Actor, Whose
from custode.kernel.errors import Refused
from custode.people.circles import within
from custode.people.models import Membership, User


def sees(actor: Actor) -> Q:
    """The leads an actor sees: of those in their reach, and those that nobody owns."""
    return _or_nobodys(within(actor, actor.reach.sees, "owner"))


def edits(actor: Actor) -> Q:
    """The leads an actor edits: of those in their reach, and those that nobody owns."""
    return _or_nobodys(within(actor, actor.reach.edits, "owner"))


def _or_nobodys(found: Q) -> Q:
    return found | Q(owner=None) if found else found


def heirs(actor: Actor) -> QuerySet[User, User]:
    """The people to whom an actor may give a lead, disabled ones included."""
    return User.objects.filter(within(actor, actor.reach.assigns, "pk"))


def may_assign(actor: Actor) -> Decision:
    """Whether an actor may give leads away at all, and take those that nobody owns."""
    why = ""
    if actor.reach.assigns is Whose.OWN:
        why = _("Only admins can assign leads.")
    elif actor.reach.assigns is Whose.MANAGED and not _manages(actor):
        why = _("Only admins and managers of teams can assign leads.")
    return Decision(False, f"{why} {policy.ask(actor)}") if why else policy.YES


def require_assign(actor: Actor, owner: User | None) -> None:
    """Raise `Refused` unless the actor may make `owner` the owner of a lead that was not theirs."""
    decision = may_assign(actor)
    why = decision.why
    if decision.ok and owner is not None and not heirs(actor).filter(pk=owner.pk).exists():
        why = _("You can assign leads only to members of the teams that you manage.")
    if why:
        raise Refused(why)


def _manages(actor: Actor) -> bool:
    return Membership.objects.filter(user=actor.user_id, manages=True).exists()
