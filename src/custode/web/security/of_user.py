"""A user's recent acts, for the person who decides which of them stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from custode.guard.alerts import facts as alerting
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, LogHead, Outcome
from custode.kernel import clock
from custode.kernel.actor import Actor, ActorKind
from custode.kernel.address import whole
from custode.kernel.errors import Invalid
from custode.people.models import User
from custode.web.security.entries_by_day import facts
from custode.web.security.reading import Told, Wanted, found, more_concerned, told
from custode.web.security.verbs import VERBS

DAYS: Final = 30
MOST: Final = 100
"""The maximum number of acts shown, newest first."""
_MOST_COUNTED: Final = 2_000
"""The maximum number of a verb's acts whose further objects are added up."""
_ON_OBJECTS: Final = (
    Verb.EXPORT, Verb.DELETE, Verb.RESTORE, Verb.PURGE, Verb.IMPORT, Verb.CHANGE, Verb.RETIRE,
    Verb.UNDO,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tally:
    """The number of acts of one kind by one user.

    Args:
        query: the log's query string for these acts.
        objects: how many objects they concerned in total.
    """

    words: str
    times: int
    objects: int
    query: str
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class Lately:
    """A user's acts of the last days, newest first."""

    deeds: list[dict[str, Any]]
    sums: list[Tally]
    more: bool
    since: date
    query: str

    @property
    def undoable(self) -> list[dict[str, Any]]:
        """Return the acts shown that can be undone."""
        return [deed for deed in self.deeds if deed["undoable"]]

    @property
    def rest(self) -> list[dict[str, Any]]:
        """Return the other acts: exports, refusals, and acts already undone."""
        return [deed for deed in self.deeds if not deed["undoable"]]

    @property
    def is_undoable(self) -> bool:
        """Tell whether any of the acts shown can be undone."""
        return any(deed["undoable"] for deed in self.deeds)


def lately(user: User) -> Lately:
    """Return what a user did to objects in the last days, and what was refused to them."""
    since = timezone.localdate(clock.now()) - timedelta(days=DAYS)
    who = f"{ActorKind.USER}:{user.pk}"
    entries = found(Wanted(who=who, since=since)).filter(
        Q(verb__in=_ON_OBJECTS) | Q(outcome=Outcome.REFUSED)
    )
    page = list(entries[: MOST + 1])
    query = f"who={who}&since={since.isoformat()}"
    groups = entries.order_by().values("verb", "outcome").annotate(n=Count("pk"), of=Sum("count"))
    return Lately(
        deeds=[_offered(one) for one in told(page[:MOST])],
        sums=_sums(list(groups), query, _along(entries)),
        more=len(page) > MOST, since=since, query=query,
    )  # fmt: skip


def _offered(one: Told) -> dict[str, Any]:
    """Return an act as the page shows it; mere imports and creations are not offered for undo.

    They can be undone from the log: whoever undoes all that somebody did does not mean to lose what
    they entered.
    """
    details = one.details
    pasted = one.entry.verb == Verb.CHANGE and details.get("added") and not details.get("cells")
    only_brings = pasted or one.entry.verb == Verb.IMPORT
    return facts(replace(one, undoable=one.undoable and not only_brings))


def _along(entries: QuerySet[LogEntry]) -> Mapping[str, int]:
    """Return how many more objects the acts of a verb concern than their entries say.

    For deletions, what was deleted along with them, as alerts count it; for acts done one by one,
    what followed.
    """
    taking = entries.filter(verb=Verb.DELETE, outcome=Outcome.DONE)
    acts = list(taking[:_MOST_COUNTED])
    counted = sum(fact.items for fact in alerting.read(acts))
    changing = entries.filter(verb=Verb.CHANGE, outcome=Outcome.DONE)[:_MOST_COUNTED]
    return {
        Verb.DELETE: counted - sum(act.count for act in acts),
        Verb.CHANGE: more_concerned(changing),
    }


def _sums(
    groups: Sequence[Mapping[str, Any]], query: str, along: Mapping[str, int]
) -> list[Tally]:  # fmt: skip
    """Return a sum for each kind of act, in the order of the log's filter; refused ones last."""
    found = []
    for verb in _ON_OBJECTS:
        mine = [g for g in groups if g["verb"] == verb and g["outcome"] != Outcome.REFUSED]
        if mine:
            times, objects = (
                sum(g["n"] for g in mine),
                sum(g["of"] for g in mine) + along.get(verb, 0),
            )
            found.append(Tally(str(VERBS[verb]), times, objects, f"{query}&verb={verb}"))
    refused = [g["n"] for g in groups if g["outcome"] == Outcome.REFUSED]
    if refused:
        asked = f"{query}&outcome={Outcome.REFUSED}"
        found.append(Tally(_("Refused"), sum(refused), 0, asked, is_refused=True))
    return found


def chosen(user: User, texts: Sequence[str]) -> list[int]:
    """Return the numbers of this user's acts, newest first: each is undone before its basis.

    Raises:
        Invalid: one of them is not an act of this user.
    """
    seqs = {whole(text) for text in texts}
    theirs = LogEntry.objects.filter(
        seq__in=seqs, actor_kind=ActorKind.USER, actor_id=user.pk, verb__in=_ON_OBJECTS,
        outcome=Outcome.DONE,
    )  # fmt: skip
    acts = list(theirs.order_by("-seq").values_list("seq", flat=True))
    if len(acts) != len(seqs):
        raise Invalid(_("Choose from the list what is to be undone."), field="ids")
    return acts


def last(actor: Actor) -> int:
    """Return the number of the last entry of the account's log."""
    head = LogHead.objects.filter(account_id=actor.account_id).first()
    return head.seq if head else 0


def done(actor: Actor, query: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what the actor has just done, between the two entries that the address names."""
    after, until = whole(query.get("after", "")), whole(query.get("until", ""))
    if after >= until or actor.user_id is None:
        return []
    own = LogEntry.objects.filter(
        actor_kind=ActorKind.USER, actor_id=actor.user_id, seq__gt=after, seq__lte=until
    )
    return _shown(list(own.order_by("seq")[:MOST]))


def _shown(entries: list[LogEntry]) -> list[dict[str, Any]]:
    return [facts(one) for one in told(entries)]
