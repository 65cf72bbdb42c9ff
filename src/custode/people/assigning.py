"""To whom an actor may assign things that have an owner."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from custode.guard import policy
from custode.guard.kinds import Kind
from custode.guard.policy import Decision
from custode.kernel.actor import Actor, Whose
from custode.kernel.errors import Refused
from custode.people.models import Membership, User
from custode.people.visibility import within


def heirs(actor: Actor) -> QuerySet[User, User]:
    """Return the people to whom an actor may assign something, including disabled ones."""
    return User.objects.filter(within(actor, actor.reach.assigns, "pk"))


def may(actor: Actor, kind: Kind) -> Decision:
    """Return whether an actor may assign things at all, and take those that nobody owns."""
    why = ""
    if actor.reach.assigns is Whose.OWN:
        why = _("Only admins can assign %(many)s.") % {"many": kind.plural}
    elif actor.reach.assigns is Whose.MANAGED and not _manages(actor):
        why = _("Only admins and managers of teams can assign %(many)s.") % {"many": kind.plural}
    return Decision(False, f"{why} {policy.ask(actor)}") if why else policy.YES


def require(actor: Actor, owner: User | None, kind: Kind) -> None:
    """Raise `Refused` unless the actor may make `owner` the owner of another's thing."""
    decision = may(actor, kind)
    why = decision.why
    if decision.ok and owner is not None and not heirs(actor).filter(pk=owner.pk).exists():
        why = _("You can assign %(many)s only to members of the teams that you manage.") % {
            "many": kind.plural
        }
    if why:
        raise Refused(why)


def _manages(actor: Actor) -> bool:
    return Membership.objects.filter(user=actor.user_id, manages=True).exists()
