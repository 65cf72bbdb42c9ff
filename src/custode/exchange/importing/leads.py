"""Importing leads: the import target that also creates people, steps and tags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext as _

from custode.exchange.importing.building import lead_of, tags_of
from custode.exchange.importing.choices import Choices, fitted
from custode.exchange.importing.forecast import Forecast, readings
from custode.exchange.importing.making import prepare
from custode.exchange.importing.names import Names
from custode.exchange.importing.needs import needs
from custode.exchange.importing.own import Own
from custode.exchange.importing.owners import fates, question
from custode.exchange.importing.studies import Study
from custode.exchange.importing.target import Intake, Target
from custode.exchange.models import ImportRun
from custode.exchange.reading import Interpreted, LeadDraft, Table, from_dict, propose, to_dict
from custode.fields import values
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import TrashEntry
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.leads import planner
from custode.leads.models import Lead, LeadTag


class Leads(Target):
    """The target whose rows become leads."""

    kind = Lead.kind

    def propose(self, run: ImportRun, actor: Actor, table: Table, told: Study) -> None:
        """Propose what each column is likely to be."""
        names = Names.load(actor)
        choices = Choices.usual(names, run.account.currency, is_admin=run.user.is_admin)
        wished = str(run.choices.get("pipeline", ""))
        # It may have been removed since the file was chosen.
        if wished in {str(one.pk) for one in names.pipelines}:
            choices = replace(choices, pipeline=wished)
        known = names.known(choices.chosen(names))
        proposal = propose(table, known=known, columns=told.columns)
        run.mapping = to_dict(fitted(proposal.mapping, names, choices))
        run.choices = choices.as_dict()

    def try_whole(self, run: ImportRun, actor: Actor, table: Table) -> str:
        """Try the file; implausibly many names, and ambiguous ones, are left to a person."""
        mapping, choices = from_dict(run.mapping, table.headers), Choices(**run.choices)
        told = Forecast()
        for row in readings(table, mapping, choices):
            told.take(row, choices.currency)
        run.forecast, run.expected = told.as_dict(), told.rows
        asked = fates(told.owners, Names.load(actor), choices, {}).asked
        return question(asked) if asked else ""

    def require_ready(self, run: ImportRun, actor: Actor) -> None:
        """Require rows to import, an admin for new people and steps, and unambiguous names."""
        told = Forecast.from_dict(run.forecast)
        if not told.leads:
            raise Invalid(_("No row of this file can be imported. Change the mapping."))
        needed = needs(told, Names.load(actor), Choices(**run.choices))
        if needed.of_admins and not actor.is_admin:
            why = _(
                "Only admins can add people, pipelines and steps. Change the mapping, or ask an"
                " admin."
            )
            door.refuse(actor, Verb.IMPORT, Lead.kind.name, why, because="admins")
        if needed.asked:
            raise Invalid(question(needed.asked) + " " + _("Change the mapping."))

    def intake(self, run: ImportRun, actor: Actor, table: Table) -> Intake:
        """Create the people, steps and tags that the rows name."""
        return _Leads(run, actor, table)


class _Leads(Intake):
    root = Lead.kind

    def __init__(self, run: ImportRun, actor: Actor, table: Table) -> None:
        self._actor, self._table = actor, table
        self._choices = Choices(**run.choices)
        self._mapping = from_dict(run.mapping, table.headers)
        self._objects = prepare(actor, run, Forecast.from_dict(run.forecast), self._choices)
        self._zone = timezone.get_current_timezone()

    def rows(self) -> Iterator[Interpreted[LeadDraft]]:
        """Yield each row as a draft or as refusals."""
        return readings(self._table, self._mapping, self._choices)

    def arrive(self, entry: TrashEntry, drafts: Sequence[LeadDraft]) -> Sequence[Lead]:
        """Save the leads of these drafts, with their tags."""
        own = Own.load()
        leads = [
            lead_of(
                draft,
                self._mapping,
                self._objects,
                self._choices,
                self._zone,
                self._actor.user_id,
                own,
            )
            for draft in drafts
        ]
        door.save_imported(entry, list(leads))
        values.keep_many(Lead.kind.name, leads)
        LeadTag.objects.bulk_create(
            LeadTag(account_id=entry.account_id, lead=lead, tag=tag)
            for lead, draft in zip(leads, drafts, strict=True)
            for tag in tags_of(draft, self._objects)
        )
        return leads

    def is_over(self) -> None:
        """Update the planner's statistics."""
        planner.tell()
