"""One thing of each kind for each of the North, and of nobody: what the table of sight is tried on.

Ugo manages the North, where Bruna and Dino sell; Elsa manages the South, where Dino sells too.
"""

from __future__ import annotations

from typing import Any, Final

from custode.activities import moves as comment_moves
from custode.activities.models import Comment, Email
from custode.clients import moves as folder_moves
from custode.clients.models import ClientFolder
from custode.leads import moves as lead_moves
from custode.leads.models import Lead
from custode.leads.queries import today
from custode.people import teams
from custode.people.models import User
from custode.postsales import moves as process_moves
from custode.postsales.models import Process, Task
from custode.postsales.moves import Wanted
from custode.prospecting import moves as list_moves
from custode.prospecting.models import Prospect, ProspectingList
from tests.emails.made import an_email
from tests.postsales.processes import won
from tests.prospecting.sheets import a_list
from tests.teams import ALL, North

# Ugo's list is shared with everybody; Anna's task is Elsa's to do.
SHARED, GIVEN = "Ugo", ("Elsa", "Anna")
# Sums tell whose amounts are in them: each has another power of two.
WORTH: Final = {name: 2**at for at, name in enumerate(ALL.split())}
WORDS: Final = {
    Lead: "Lead", ClientFolder: "Folder", ProspectingList: "List", Prospect: "Prospect",
    Comment: "Comment", Email: "Letter", Process: "Process", Task: "Task",
}  # fmt: skip
GROUPS: Final = {
    "leads": Lead, "clients": ClientFolder, "lists": ProspectingList, "prospects": Prospect,
    "tasks": Task, "comments": Comment, "emails": Email,
}  # fmt: skip


class House:
    """The people, and one thing of each kind for each of them, and of nobody."""

    def __init__(self, found: North) -> None:
        self.north, self.cast = found, found.cast
        self.things: dict[Any, dict[str, Any]] = {kind: {} for kind in WORDS}
        anna = self.cast.actor(found.people["Anna"])
        found.settle("shared, members see in teams")
        teams.create(anna, "South", {found.people["Elsa"].pk: True, found.people["Dino"].pk: False})
        found.settle("everything is shared")
        self.common = folder_moves.create(anna, "Common", owner=found.people["Anna"])
        for name in ALL.split():
            self._furnish(name, found.people.get(name))
        list_moves.share(anna, self.things[ProspectingList][SHARED], True)

    def _furnish(self, name: str, owner: User | None) -> None:
        anna, cast, things = self.cast.actor(self.cast.anna), self.cast, self.things
        lead, amount = self.north.leads[name], WORTH[name] * 100
        lead_moves.edit(
            anna, lead, client_folder=self.common, amount_minor=amount, remind_date=today()
        )
        sold = won(cast, cast.anna, f"Sold of {name}", amount_minor=amount)
        lead_moves.edit(anna, sold, client_folder=self.common, owner=owner)
        process = process_moves.start(anna, sold, f"Process of {name}")
        given = self.north.people[GIVEN[0]] if name == GIVEN[1] else owner
        task = process_moves.add_task(anna, process, Wanted(f"Task of {name}", today(), given))
        one = a_list(anna, f"List of {name}", [(f"Prospect of {name}", "Asti", "")])
        list_moves.assign(anna, one, owner)
        things[Lead][name] = lead
        things[ClientFolder][name] = folder_moves.create(anna, f"Folder of {name}", owner=owner)
        things[ProspectingList][name] = one
        things[Prospect][name] = Prospect.objects.get(in_list=one)
        things[Comment][name] = comment_moves.write(anna, lead, f"Comment of {name}")
        things[Email][name] = an_email(cast, lead, who=cast.anna, subject=f"Letter of {name}")
        things[Process][name] = process
        things[Task][name] = task
