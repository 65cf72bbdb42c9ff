"""Operations on leads. Deleting, restoring, exporting and bulk edits are the door's."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from custode.accounts.models import Account
from custode.clients import moves as folder_moves
from custode.clients import queries as folders
from custode.clients.models import ClientFolder
from custode.fields import key_fields
from custode.fields import moves as default_fields
from custode.fields import values as fields
from custode.fields.reading import Value
from custode.guard import history, reach
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid, Refused
from custode.leads import checks, pipelines, sight, tagging
from custode.leads.models import Lead, LeadTag, Step
from custode.leads.tagging import TagsOrNames
from custode.people.models import User

EDITABLE = frozenset({
    "title", "description", "step", "status", "amount_minor", "currency", "probability",
    "estimated_closing_date", "remind_date", "remind_time", "starred", "owner", "created_at",
    "closed_at", "reference", "client_folder",
})  # fmt: skip


def _any(_lead: Lead) -> None:
    """Accept any lead."""


def create(
    actor: Actor,
    *,
    title: str,
    step: Step | None = None,
    tags: TagsOrNames = (),
    own: Mapping[int, Value | None] | None = None,
    **values: Any,
) -> Lead:
    """Create a lead, in the first step of the default pipeline unless another is given.

    Args:
        values: other fields; without a currency, it is the account's.
        tags: missing ones are created, unless the lead is refused.
        own: values of default fields, by the fields' numbers (`fields.values.put`).

    Raises:
        Invalid: the title is empty, there are too many tags, or a value is not valid for its field.
        Refused: its owner is somebody to whom the actor may not assign leads.
    """
    if "currency" not in values:
        account = Account.objects.only("currency").get(pk=actor.account_id)
        values["currency"] = account.currency
    lead = Lead(
        account_id=actor.account_id,
        title=checks.title(title),
        step=step or pipelines.first_step(actor),
        created_by_id=actor.user_id,
        **values,
    )
    checks.check(lead)
    checks.check_standby(lead)
    _check_folder(actor, lead)
    if lead.owner_id not in {None, actor.user_id}:
        sight.require_assign(actor, lead.owner)
    with transaction.atomic():
        _require_step(lead.step)
        fields.put(lead, own or {})
        history.create(actor, lead)
        fields.keep_many(lead.kind.name, [lead])
        tagging.put(actor, lead, LeadTag, tags)
    return lead


def edit(
    actor: Actor,
    lead: Lead,
    *,
    look: Callable[[Lead], None] = _any,
    own: Mapping[int, Value | None] | None = None,
    done: Collection[str] = (),
    **values: Any,
) -> history.Changed:
    """Change fields of a lead as it is now, whatever it was when it was read.

    Args:
        look: checks the lead before anything is changed, and may raise.
        own: values of default fields, by the fields' numbers (`fields.values.put`).
        done: fields whose value has done its work, as for `history.editing`.

    Returns:
        The changes: field -> (old, new).

    Raises:
        Refused: the lead belongs to somebody else, or may not be assigned to the named owner.
        Invalid: a value is not valid for its field, or a standby lead has no reminder.
        Gone: the lead has been moved to the trash in the meantime.
    """
    unknown = values.keys() - EDITABLE
    if unknown:
        raise Invalid(_("This field cannot be edited."), field=unknown.pop())
    with history.editing(actor, lead, done) as changed:
        require_edit(actor, lead)
        look(lead)
        waited, had, stood = (lead.status, lead.remind_date), lead.owner_id, lead.step_id
        lay = lead.client_folder_id
        for name, value in values.items():
            setattr(lead, name, value)
        if "title" in values:
            lead.title = checks.title(lead.title)
        key_fields.keep(lead, fields.put(lead, own or {}))
        checks.check(lead)
        if lead.owner_id != had:
            sight.require_assign(actor, lead.owner)
        if lead.client_folder_id != lay:
            _check_folder(actor, lead)
        if lead.step_id != stood:
            _require_step(lead.step)
        if (lead.status, lead.remind_date) != waited:
            checks.check_standby(lead)
        # Here and not only on saving: the history must contain it, for undo.
        lead.closed_at = None if lead.is_open else lead.closed_at or clock.now()
    return changed


def set_tags(
    actor: Actor, lead: Lead, tags: TagsOrNames, *, look: Callable[[Lead], None] = _any
) -> None:
    """Set the lead's tags, and record in its history which were added and removed.

    Args:
        tags: missing ones are created, unless the change is refused.
        look: as for `edit`.

    Raises:
        Refused: the lead belongs to somebody else.
        Invalid: a tag's name is too long, or there are too many.
        Gone: the lead has been moved to the trash in the meantime.
    """
    with transaction.atomic():
        history.hold(lead)
        require_edit(actor, lead)
        look(lead)
        tagging.replace(actor, lead, LeadTag, tags)


def require_edit(actor: Actor, lead: Lead) -> None:
    """Raise `Refused` unless the actor may edit this lead."""
    if not may_edit(actor, lead):
        raise Refused(why_not(lead))


def why_not(lead: Lead) -> str:
    """Return the explanation for users who may see a lead but not edit it."""
    words = _("This lead belongs to %(owner)s. Ask them or an admin to change it.")
    return words % {"owner": lead.owner}


def may_edit(actor: Actor, lead: Lead) -> bool:
    """Return whether the actor may edit this lead."""
    return reach.edits(actor, lead)


def editable(actor: Actor, leads: Sequence[Lead]) -> frozenset[int]:
    """Return the numbers of those leads that the actor may edit, by one query at most."""
    ids = [lead.pk for lead in leads]
    condition = sight.edits(actor)
    if not ids or not condition:
        return frozenset(ids)
    return frozenset(Lead.objects.filter(condition, pk__in=ids).values_list("pk", flat=True))


def _require_step(step: Step) -> None:
    """Raise `Invalid` when a step has been deleted; lock it against that for the transaction."""
    if not Step.offered.select_for_update(no_key=True).filter(pk=step.pk).exists():
        raise Invalid(
            _("The step “%(step)s” is not there any more: choose another.") % {"step": step.name},
            field="step",
        )


def _check_folder(actor: Actor, lead: Lead) -> None:
    """Check that a lead's folder is in use and visible to the actor."""
    if lead.client_folder_id is None:
        return
    folder = folders.visible(actor).filter(pk=lead.client_folder_id).first()
    if folder is None:
        raise Invalid(_("Choose a client folder from the list."), field="client_folder")
    if not folder.is_active:
        raise Invalid(
            _("“%(folder)s” is deactivated: nothing new goes into it.") % {"folder": folder},
            field="client_folder",
        )


def start_folder(actor: Actor, lead: Lead, name: str) -> ClientFolder:
    """Create a client folder for this lead, with the lead's owner.

    The lead's default field values are copied to the folder's fields of the same name.

    Raises:
        Refused: the lead belongs to somebody else.
        Invalid: the name is empty or too long.
        Gone: the lead has been moved to the trash in the meantime.
    """
    ours, theirs = (default_fields.offered(one.kind.name) for one in (Lead, ClientFolder))
    with transaction.atomic():
        carried = fields.carried(lead.field_values, ours, theirs)
        folder = folder_moves.begin(actor, name, owner=lead.owner, own=carried)
        edit(actor, lead, client_folder=folder)
    return folder


def take(actor: Actor, lead: Lead) -> None:
    """Take over a lead that nobody owns.

    Raises:
        Refused: the actor may not assign leads, or is no user.
        Invalid: somebody else has taken it in the meantime.
        Gone: the lead has been moved to the trash in the meantime.
    """
    if actor.user_id is None:
        raise Refused(_("Only a user can take a lead."))

    def look(now: Lead) -> None:
        """Raise `Invalid` when somebody else has taken the lead."""
        if now.owner_id not in {None, actor.user_id}:
            raise Invalid(
                _("%(owner)s has taken this lead in the meantime.") % {"owner": now.owner}
            )

    edit(actor, lead, look=look, owner=User.objects.get(pk=actor.user_id))


def star(actor: Actor, lead: Lead, on: bool) -> None:
    """Star a lead, or remove the star."""
    edit(actor, lead, starred=on)


def close(actor: Actor, lead: Lead, status: str) -> history.Changed:
    """Win, lose or cancel a lead, which ends its reminder; return the changes."""
    return edit(actor, lead, status=status, remind_date=None, remind_time=None)
