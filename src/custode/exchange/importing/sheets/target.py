"""Prospects from a file, into a list that is there or into a new one that arrives with them."""

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
from custode.prospecting.holding import require_seen, touch
from custode.prospecting.models import Prospect, ProspectingList
from custode.prospecting.sheet import MOST_ROWS


class Sheets(Target):
    """Rows become prospects of one list."""

    kind = Prospect.kind

    def propose(self, run: ImportRun, actor: Actor, table: Table, told: Study) -> None:
        """The list wished for, or a new one called like the file; columns by their names."""
        into, title = run.choices.get("into", NEW), run.choices.get("title", "")
        usual = run.name.rpartition(".")[0] or run.name
        try:
            plan = proposed(actor, told, into, title or usual[: moves.LONGEST_TITLE])
        except Invalid:
            # The list has gone since the file was chosen.
            plan = proposed(actor, told, NEW, usual[: moves.LONGEST_TITLE])
        run.choices, run.mapping = plan.as_dict(), {}

    def try_whole(self, run: ImportRun, actor: Actor, table: Table) -> str:
        """All rows fit into cells, and into the list."""
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
        """Some row comes in, and the list and its columns are still there."""
        told = Trial.from_dict(run.forecast)
        if not told.comes:
            raise Invalid(_("No row of this file can be imported. Change the mapping."))
        fitted = fit(actor, Plan(**run.choices), Study.from_dict(run.study).headers)
        _require_room(fitted.one, told.comes)

    def intake(self, run: ImportRun, actor: Actor, table: Table) -> Intake:
        """Find the list, or have it made with the first rows."""
        return _Sheet(run, actor, table)

    def give_back(self, run: ImportRun, system: Actor) -> None:
        """The columns that the run made go again, as far as nobody has written in them."""
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
    """The rows of one file on their way into one list.

    A new list arrives with its rows: nobody sees it before all are in, and it is gone with them
    when the import is given up or undone.
    """

    def __init__(self, run: ImportRun, actor: Actor, table: Table) -> None:
        self._run, self._actor, self._table = run, actor, table
        self._plan = Plan(**run.choices)
        self._new_list = self._plan.into == NEW
        self.root = ProspectingList.kind if self._new_list else Prospect.kind
        # Columns that this run made are found by their number; the others must still be there.
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
        return readings(self._table, self._fitted.headers)

    def arrive(self, entry: TrashEntry, drafts: Sequence[Texts]) -> Sequence[Prospect]:
        one = self._hold(entry)
        keys = self._keys(one, entry)
        first = self._next_place(one, len(drafts))
        rows = [
            Prospect(in_list=one, place=first + n, cells={keys[h]: t for h, t in draft.items()})
            for n, draft in enumerate(drafts)
        ]
        for row in rows:
            row.derive()
        door.arrive(entry, list(rows))
        touch(one)
        return rows

    def _hold(self, entry: TrashEntry) -> ProspectingList:
        """The list, held against others until the chunk is in."""
        if (one := self._fitted.one) is not None:
            history.hold(one)
            # As things are now: an import goes on for long, and sight is lost meanwhile.
            now = User.objects.get(pk=self._run.user_id).actor(self._actor.entrance)
            require_seen(now, one)
            return one
        found = ProspectingList.with_trashed.filter(arrived=entry).first()
        if found is None:
            found = moves.new(self._actor, self._plan.title)
            door.arrive(entry, [found])
            history.write([
                history.line(self._actor, found, history.CREATED, None, None, seq=entry.seq)
            ])  # fmt: skip
        return found

    def _keys(self, one: ProspectingList, entry: TrashEntry) -> dict[str, str]:
        """A column of the file -> what its cells are called; columns that lack are made once."""
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
        """Behind all rows, those that lie in the trash or were added meanwhile included."""
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
