"""How far the rights of a file's maker reached: a file is not for whoever sees less by now.

Only what rights depend on is compared, not each row: whose things they see, whether they are an
admin, and of prospects in which lists they are. A list is also seen by whom it is shared with, and
that ends though nobody's reach has changed. A client folder that is seen through a lead needs no
note of its own: leads are seen by whose they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from custode.exchange.models import ExportFile
from custode.exchange.sources import Rows
from custode.kernel.actor import Actor, Whose
from custode.people.models import User
from custode.people.visibility import within
from custode.prospecting import sight
from custode.prospecting.models import Prospect, ProspectingList

_ADMIN: Final = "admin"
_PEOPLE: Final = "people"
_LISTS: Final = "lists"


def reach_of(actor: Actor) -> dict[str, Any]:
    """Return an actor's present reach; one without people extends to everybody in the account."""
    if actor.reach.sees is Whose.ALL:
        return {_ADMIN: actor.is_admin}
    people = User.objects.filter(within(actor, actor.reach.sees, "pk"))
    return {_ADMIN: actor.is_admin, _PEOPLE: sorted(people.values_list("pk", flat=True))}


def reaches(now: dict[str, Any], then: dict[str, Any]) -> bool:
    """Return whether a reach covers one stored with a file; nothing covers one not known."""
    if not then or (then[_ADMIN] and not now[_ADMIN]):
        return False
    if _PEOPLE not in now:
        return True
    return _PEOPLE in then and set(then[_PEOPLE]) <= set(now[_PEOPLE])


def with_lists(reach: Mapping[str, Any], rows: Rows) -> dict[str, Any]:
    """Return a reach that also notes the prospecting lists of what is exported, if it is prospects.

    Args:
        reach: the reach so far; lists that it notes already stay.
    """
    if rows.model is not Prospect:
        return dict(reach)
    lists = rows.order_by().values_list("in_list", flat=True).distinct()
    return {**reach, _LISTS: sorted({*reach.get(_LISTS, ()), *lists})}


def with_hidden_lists(actor: Actor, files: Iterable[ExportFile]) -> set[int]:
    """Return the numbers of the files with prospects of a list that the actor sees no longer.

    A file that does not say of which lists it is counts as one of them.
    """
    if actor.reach.sees is Whose.ALL:
        return set()
    noted = {file.pk: file.reach.get(_LISTS) for file in files if file.kind == Prospect.kind.name}
    numbers = {number for lists in noted.values() for number in lists or ()}
    there = ProspectingList.with_trashed.filter(sight.lists(actor), pk__anyof=list(numbers))
    seen = set(there.values_list("pk", flat=True)) if numbers else set()
    return {pk for pk, lists in noted.items() if lists is None or not seen.issuperset(lists)}
