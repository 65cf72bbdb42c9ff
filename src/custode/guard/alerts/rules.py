"""The rules by which acts raise alerts: the standard ones, and those that an account has set."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final

from custode.guard import ports
from custode.guard.alerts.facts import Fact
from custode.guard.alerts.models import AlertRule
from custode.guard.kinds import Verb
from custode.kernel.actor import ActorKind

MANY: Final = "many"
EMPTIED: Final = "emptied"
"""The mark and the rule of acts that leave next to nothing in many fields."""
OVERWRITTEN: Final = "overwritten"
"""The mark of acts that overwrite many fields."""
EXPORTED_BY_KEYS: Final = "exported_by_keys"
"""The rule about applications that export large amounts."""
NEW_WAYS: Final = "new_ways"
"""The mark and the rule of acts that give programs new access."""
WATCH: Final = "watch"
"""The mark and the rule of acts that weaken the alerts themselves."""


class By(StrEnum):
    """Whose acts a rule is about."""

    ANYBODY = "anybody"
    USERS = "users"
    ADMINS = "admins"
    APPLICATIONS = "applications"
    ONE = "one"
    ONE_KEY = "one_key"


class Counts(StrEnum):
    """What a rule adds up."""

    ACTS = "acts"
    OBJECTS = "objects"


class Ended(StrEnum):
    """The outcomes of acts that a rule applies to."""

    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that raises an alert.

    Args:
        key: the standard rule's name, or the number of the account's own.
        acts: verbs and marks; empty for all.
        kinds: of which kinds of object; empty for all.
        at_least: the number of acts or objects that raises an alert.
        within: the minutes within which one actor's acts are added up; 0 when each is judged alone.
        by_id: the user, for `By.ONE`; the key, for `By.ONE_KEY`.
        recipients: the admins who are notified; empty for all.
        always: whether it can be neither switched off nor narrowed.
        system: whether entries that Custode itself writes count too.
    """

    key: str
    acts: frozenset[str]
    at_least: int = 1
    within: int = 0
    counts: Counts = Counts.ACTS
    outcome: Ended = Ended.DONE
    by: By = By.ANYBODY
    by_id: int | None = None
    kinds: frozenset[str] = frozenset()
    recipients: tuple[int, ...] = ()
    name: str = ""
    is_on: bool = True
    always: bool = False
    system: bool = False

    @property
    def is_standard(self) -> bool:
        """Whether the rule comes with the product."""
        return self.key in _STANDARD

    @property
    def window(self) -> timedelta:
        """The period within which earlier acts count."""
        return timedelta(minutes=self.within)

    def fits(self, fact: Fact) -> bool:
        """Return whether the rule applies to an act."""
        return (
            self.outcome == fact.outcome
            and (not self.acts or bool(self.acts & fact.acts))
            and (not self.kinds or fact.kind in self.kinds)
            and self._is_by(fact)
        )

    def _is_by(self, fact: Fact) -> bool:
        if fact.actor_kind == ActorKind.SYSTEM:
            # What Custode does by itself raises no alert, except what it notes on nobody's behalf.
            return self.system
        if self.by == By.ONE_KEY:
            return fact.actor == (ActorKind.KEY, self.by_id)
        kind, _pk = fact.actor
        return {
            By.ANYBODY: True,
            By.USERS: kind == ActorKind.USER and not fact.by_admin,
            By.ADMINS: kind == ActorKind.USER and fact.by_admin,
            By.APPLICATIONS: kind == ActorKind.KEY,
            By.ONE: self._is_in_the_name_of_one(fact),
        }[self.by]

    def _is_in_the_name_of_one(self, fact: Fact) -> bool:
        return fact.actor_kind == ActorKind.USER and fact.actor_id == self.by_id

    def whose(self, fact: Fact) -> tuple[str, int | None]:
        """Return the actor for whom the rule adds an act up.

        A rule about one person also covers what any application does on that person's behalf.
        """
        return (fact.actor_kind, fact.actor_id) if self.by == By.ONE else fact.actor

    def amount(self, fact: Fact) -> int:
        """Return how much an act counts."""
        return fact.items if self.counts == Counts.OBJECTS else fact.times


STANDARD: Final = (
    Rule(WATCH, frozenset({WATCH}), always=True),
    Rule("made_admin", frozenset({"made_admin"})),
    Rule("lost_admin", frozenset({"lost_admin"})),
    Rule("two_factor_off", frozenset({"two_factor_off"})),
    Rule(NEW_WAYS, frozenset({NEW_WAYS})),
    Rule("guessing", frozenset({"guessed"}), outcome=Ended.REFUSED, system=True),
    Rule("purge", frozenset({Verb.PURGE})),
    Rule(MANY, frozenset({Verb.DELETE}), 10, 10, Counts.OBJECTS),
    Rule(EMPTIED, frozenset({EMPTIED})),
    Rule("overwritten", frozenset({OVERWRITTEN}), 50, 60, Counts.OBJECTS),
    Rule("exports", frozenset({Verb.EXPORT}), 100, 60, Counts.OBJECTS, by=By.USERS),
    Rule(EXPORTED_BY_KEYS, frozenset({Verb.EXPORT}), 100, 60, Counts.OBJECTS, by=By.APPLICATIONS),
    Rule("privacy", frozenset({Verb.PRIVACY})),
    Rule("refusals", frozenset(), 5, 10, outcome=Ended.REFUSED),
)
"""Active in every account unless set otherwise; the most serious first, to lead shared alerts."""
_STANDARD: Final = {rule.key: rule for rule in STANDARD}


def of_account(account_id: int) -> list[Rule]:
    """Return the rules of the account in scope, including those that are switched off."""
    rows = list(AlertRule.objects.filter(removed_at=None).order_by("pk"))
    set_otherwise = {row.standard: row for row in rows if row.standard}
    many, minutes = ports.many_at_once(account_id)
    found = [_as_set(rule, set_otherwise.get(rule.key)) for rule in STANDARD]
    found = [
        replace(rule, at_least=many, within=minutes) if rule.key == MANY else rule for rule in found
    ]
    return [*found, *(_own(row) for row in rows if not row.standard)]


def keyed(rules: Collection[Rule]) -> dict[str, Rule]:
    """Return the rules by their keys."""
    return {rule.key: rule for rule in rules}


def _as_set(rule: Rule, row: AlertRule | None) -> Rule:
    if row is None or rule.always:
        return rule
    return replace(
        rule, is_on=row.is_on, at_least=row.at_least, within=row.within, by=By(row.by),
        by_id=row.by_id, kinds=frozenset(row.kinds), recipients=tuple(row.recipients),
    )  # fmt: skip


def _own(row: AlertRule) -> Rule:
    return Rule(
        str(row.pk), frozenset(row.acts), row.at_least, row.within, Counts(row.counts),
        Ended(row.outcome), By(row.by), row.by_id, frozenset(row.kinds), tuple(row.recipients),
        row.name, row.is_on,
    )  # fmt: skip
