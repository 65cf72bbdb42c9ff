"""Importing prospects, into an existing list or into a new one that arrives with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Max
from django.utils.translation import gettext as _

from custode.exchange.importing.choices import NEW
from custode.exchange.importing.sheets.plan import Fitted, Plan, fit, proposed
from custode.exchange.importing.sheets.trial import Texts, Trial, readings
from custode.exchange.importing.studies import Study
from custode.exchange.importing.target import Intake, Target
from custode.exchange.models import ImportRun
from custode.exchange.reading import Interpreted, Table
from custode.guard import door, history
from custode.guard.models import TrashEntry
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.people.models import User
from custode.prospecting import columns, moves
from custode.prospecting.list_locks import require_seen, touch
from custode.prospecting.models import Prospect, ProspectingList
from custode.prospecting.sheet import MOST_ROWS


class Sheets(Target):
    """The target whose rows become prospects of one list."""

    kind = Prospect.kind

    def propose(self, run: ImportRun, actor: Actor, table: Table, told: Study) -> None:
        """Propose the requested list, or a new one named like the file; match columns by name."""
        into, title = run.choices.get("into", NEW), run.choices.get("title", "")
        usual = run.name.rpartition(".")[0] or run.name
        try:
            plan = proposed(actor, told, into, title or usual[: moves.LONGEST_TITLE])
        except Invalid:
            # The list has been removed since the file was chosen.
            plan = proposed(actor, told, NEW, usual[: moves.LONGEST_TITLE])
        run.choices, run.mapping = plan.as_dict(), {}

    def try_whole(self, run: ImportRun, actor: Actor, table: Table) -> str:
        """Check that all rows fit into cells, and into the list."""
        fitted = fit(actor, Plan(**run.choices), table.headers)
        told = Trial()
        for row in readings(table, fitted.headers):
            told.take(row)
            if told.comes > MOST_ROWS:
                break
        _require_room(fitted.one, told.comes)
        run.forecast, run.expected = told.as_dict(), told.rows
        return ""

    def require_ready(self, run: ImportRun, actor: Actor) -> None:
        """Require rows to import, and that the list and its columns still exist."""
        told = Trial.from_dict(run.forecast)
        if not told.comes:
            raise Invalid(_("No row of this file can be imported. Change the mapping."))
        fitted = fit(actor, Plan(**run.choices), Study.from_dict(run.study).headers)
        _require_room(fitted.one, told.comes)

    def intake(self, run: ImportRun, actor: Actor, table: Table) -> Intake:
        """Find the list, or have it created with the first rows."""
        return _Sheet(run, actor, table)

    def give_back(self, run: ImportRun, system: Actor) -> None:
        """Remove the columns that the run created, unless somebody has written in them."""
        columns.take_back(system, run.made.get("columns", {}).values())


def _require_room(one: ProspectingList | None, come: int) -> None:
    if come > MOST_ROWS:
        raise Invalid(_("A list has at most 100,000 rows, and the file brings more. Split it."))
    there = Prospect.objects.filter(in_list=one).count() if one else 0
    if there + come > MOST_ROWS:
        raise Invalid(
            _(
                "A list has at most 100,000 rows; this one has %(there)s, and the file brings"
                " %(come)s. Choose another list, or split the file."
            )
            % {"there": there, "come": come},
            field="into",
        )


class _Sheet(Intake):
    """The intake of one file's rows into one list.

    A new list arrives with its rows: nobody sees it before all are imported, and it is removed with
    them when the import is given up or undone.
    """

    def __init__(self, run: ImportRun, actor: Actor, table: Table) -> None:
        self._run, self._actor, self._table = run, actor, table
        self._plan = Plan(**run.choices)
        self._new_list = self._plan.into == NEW
        self.root = ProspectingList.kind if self._new_list else Prospect.kind
        # Columns created by this run are found by their number; the others must still exist.
        self._made: dict[str, int] = run.made.get("columns", {})
        self._fitted = self._fit()
        one = self._fitted.one
        self.into = one.title if one is not None else self._plan.title
        self._last = 0

    def _fit(self) -> Fitted:
        places = {
            header: str(self._made.get(header, place)) if not self._new_list else place
            for header, place in self._plan.places.items()
        }
        plan = Plan(self._plan.into, self._plan.title, places)
        return fit(self._actor, plan, self._table.headers)

    def rows(self) -> Iterator[Interpreted[Texts]]:
        """Yield each row as texts or as refusals."""
        return readings(self._table, self._fitted.headers)

    def arrive(self, entry: TrashEntry, drafts: Sequence[Texts]) -> Sequence[Prospect]:
        """Save these rows at the end of the list."""
        one = self._hold(entry)
        keys = self._keys(one, entry)
        first = self._next_place(one, len(drafts))
        rows = [
            Prospect(in_list=one, place=first + n, cells={keys[h]: t for h, t in draft.items()})
            for n, draft in enumerate(drafts)
        ]
        for row in rows:
            row.derive()
        door.save_imported(entry, list(rows))
        touch(one)
        return rows

    def _hold(self, entry: TrashEntry) -> ProspectingList:
        """Return the list, locked until the chunk is saved."""
        if (one := self._fitted.one) is not None:
            history.hold(one)
            # By the present rights: an import takes long, and visibility may be lost meanwhile.
            now = User.objects.get(pk=self._run.user_id).actor(self._actor.entrance)
            require_seen(now, one)
            return one
        found = ProspectingList.with_trashed.filter(arrived=entry).first()
        if found is None:
            found = moves.new(self._actor, self._plan.title)
            door.save_imported(entry, [found])
            history.write([
                history.line(self._actor, found, history.CREATED, None, None, seq=entry.seq)
            ])  # fmt: skip
        return found

    def _keys(self, one: ProspectingList, entry: TrashEntry) -> dict[str, str]:
        """Return a column of the file -> the key of its cells; missing columns are created once."""
        there = {header: column.key for header, column in self._fitted.there.items()}
        if self._fitted.new and not self._made:
            names = self._fitted.new
            made = columns.bring(one, list(names.values()))
            history.write(
                history.line(self._actor, one, "column", None, column.name, seq=entry.seq)
                for column in made
            )
            self._made = {h: column.pk for h, column in zip(names, made, strict=True)}
            self._run.made = {"list": one.pk, "columns": self._made}
            self._run.save(update_fields=["made"])
        return there | {header: f"c{pk}" for header, pk in self._made.items()}

    def _next_place(self, one: ProspectingList, come: int) -> int:
        """Return the position after all rows, including those in the trash or added meanwhile."""
        living = Prospect.objects.filter(in_list=one)
        if not self._last:
            rows = Prospect.with_trashed.filter(in_list=one)
            self._last = rows.aggregate(last=Max("place"))["last"] or 0
        elif not self._new_list:
            self._last = max(self._last, living.aggregate(last=Max("place"))["last"] or 0)
        if not self._new_list:
            _require_room(one, self._run.imported + come)
        first, self._last = self._last + 1, self._last + come
        return first
