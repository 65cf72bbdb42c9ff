"""Alert recipients, an account's alert rules, and acknowledging alerts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from custode.accounts import editions
from custode.accounts.editions import Feature
from custode.accounts.models import Account
from custode.guard import door, kinds
from custode.guard.alerts import marks, rules
from custode.guard.alerts.models import Alert, AlertRule, Watched
from custode.guard.alerts.rules import By, Counts, Ended, Rule
from custode.guard.kinds import Verb
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid, read_all
from custode.people.models import Role, User

OTHER_EDITION: Final = gettext_lazy("Alerts are part of the Dream Team edition.")
LONGEST_NOTE: Final = 500
MOST_RULES: Final = 50
"""The maximum number of an account's own rules."""
MOST: Final = 10_000_000
LONGEST_WINDOW: Final = 7 * 24 * 60
"""The maximum number of minutes over which acts can be added up: a week."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A rule as an admin sets it; the fields are those of `guard.alerts.rules.Rule`."""

    name: str = ""
    is_on: bool = True
    acts: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    outcome: str = Ended.DONE
    counts: str = Counts.ACTS
    at_least: int = 1
    within: int = 0
    by: str = By.ANYBODY
    by_id: int | None = None
    recipients: tuple[int, ...] = ()

    @classmethod
    def of(cls, rule: Rule, **changes: Any) -> Wanted:
        """Return a rule as it is, with some changes."""
        names = ("name", "is_on", "outcome", "counts", "at_least", "within", "by", "by_id")
        lists = ("acts", "kinds", "recipients")
        values = {name: getattr(rule, name) for name in names}
        values |= {name: tuple(sorted(getattr(rule, name))) for name in lists}
        return cls(**(values | changes))


def admins_among(users: Collection[int]) -> Collection[int]:
    """Return which of these users are admins; the account is in scope."""
    if not users:
        return ()
    admins = User.objects.filter(pk__in=users, role=Role.ADMIN)
    return set(admins.values_list("pk", flat=True))


def admins_to_tell(account_id: int) -> list[int]:
    """Return the admins who can get mail: neither disabled nor without a confirmed address."""
    return [user.pk for user in to_tell(account_id)]


def to_tell(account_id: int) -> list[User]:
    """Return the same, as users ordered by name."""
    found = User.objects.filter(
        account_id=account_id, role=Role.ADMIN, disabled_at=None, email__isnull=False
    )
    return list(found.order_by("last_name", "first_name", "pk"))


def is_new_admin(facts: Mapping[str, Any]) -> bool:
    """Return whether an act on a user made an admin, except an account's first one."""
    role = facts.get("role")
    made = isinstance(role, dict) and role.get("to") == Role.ADMIN
    return made or (facts.get("created") == Role.ADMIN and "first" not in facts)


def is_lost_admin(facts: Mapping[str, Any]) -> bool:
    """Return whether an act on a user disabled an admin, or made one an ordinary user."""
    role = facts.get("role")
    demoted = isinstance(role, dict) and role.get("from") == Role.ADMIN
    return demoted or ("disabled" in facts and "admin" in facts)


def change(actor: Actor, rule: Rule, wanted: Wanted) -> bool:
    """Change a standard rule or one of the account's own; it applies from the next act.

    Returns:
        Whether anything changed.

    Raises:
        Refused: the actor is no admin, or the edition has no alerts.
        ProofNeeded: the actor must prove their identity first.
        Invalid: a setting is not acceptable. Nothing is changed.
    """
    if rule.always:
        raise Invalid(_("This alert is always on, and goes to all admins."))
    if wanted == Wanted.of(rule):
        return False
    if rule.is_standard:
        as_it_is = Wanted.of(rule)
        wanted = replace(
            wanted,
            name="",
            acts=as_it_is.acts,
            outcome=as_it_is.outcome,
            counts=as_it_is.counts,
        )
    _require_fits(actor, wanted, needs_name=not rule.is_standard)
    what, labels = _did(rule, wanted), _labels(wanted)
    if what == "renamed":
        labels.append(rule.name)
    with door.sensitive_act(
        actor, Verb.ACCOUNT, details={"alert_rule": rule.key, "did": what}, labels=labels
    ):
        _require_edition(actor)
        values = _columns(wanted)
        if rule.is_standard:
            AlertRule.objects.update_or_create(
                account_id=actor.account_id, standard=rule.key, defaults=values
            )
        elif not AlertRule.objects.filter(pk=int(rule.key), removed_at=None).update(**values):
            raise Gone(_("This rule is not here any more."))
    return True


def _did(rule: Rule, wanted: Wanted) -> str:
    """Return the word for a change of a rule: renamed, switched, or changed otherwise."""
    if replace(wanted, is_on=rule.is_on) == Wanted.of(rule):
        return "on" if wanted.is_on else "off"
    return "renamed" if replace(wanted, name=rule.name) == Wanted.of(rule) else "changed"


def add(actor: Actor, wanted: Wanted) -> AlertRule:
    """Create a rule of the account's own.

    Raises:
        Refused, ProofNeeded, Invalid: as `change`.
    """
    _require_fits(actor, wanted, needs_name=True)
    with door.sensitive_act(
        actor, Verb.ACCOUNT, details={"alert_rule": "new", "did": "made"}, labels=_labels(wanted)
    ):
        _require_edition(actor)
        if AlertRule.objects.filter(standard="", removed_at=None).count() >= MOST_RULES:
            raise Invalid(_("There are %(n)s rules already: remove one.") % {"n": MOST_RULES})
        return AlertRule.objects.create(account_id=actor.account_id, **_columns(wanted))


def remove(actor: Actor, rule: Rule) -> None:
    """Remove one of the account's own rules.

    Raises:
        Refused, ProofNeeded: as `change`.
        Invalid: it is a standard one.
        Gone: it was removed already.
    """
    if rule.is_standard:
        raise Invalid(_("This rule comes with Custode: switch it off instead."))
    with door.sensitive_act(
        actor, Verb.ACCOUNT, details={"alert_rule": rule.key, "did": "removed"},
        labels=[rule.name],
    ):  # fmt: skip
        _require_edition(actor)
        mine = AlertRule.objects.filter(pk=int(rule.key), removed_at=None)
        if not mine.update(removed_at=clock.now()):
            raise Gone(_("This rule is not here any more."))


def acknowledge(actor: Actor, alerts: Iterable[int], note: str = "") -> int:
    """Acknowledge alerts, with a note; this is logged.

    Returns:
        How many of them were open.

    Raises:
        Refused: the actor is no admin, or the edition has no alerts.
        Invalid: the note is too long.
        Gone: none of them is open any more.
    """
    note = " ".join(note.replace("\x00", "").split())
    if len(note) > LONGEST_NOTE:
        raise Invalid(_("A note has at most %(n)s characters.") % {"n": LONGEST_NOTE}, field="note")
    with scope.account(actor.account_id):
        is_open = Alert.objects.filter(pk__in=list(alerts)[:1000], acknowledged_at=None)
        found = list(is_open.order_by("pk").values_list("pk", flat=True))
    details = {"acknowledged": found[:50]}
    with door.sensitive_act(actor, Verb.ALERT, count=len(found), details=details, reason=note):
        _require_edition(actor)
        # Judging locks this row too, so that no two processes change alerts in different orders.
        list(Watched.objects.select_for_update().values_list("pk", flat=True))
        done = Alert.objects.filter(pk__in=found, acknowledged_at=None).update(
            acknowledged_at=clock.now(), acknowledged_by=actor.name[:200], note=note
        )
        if not found or done < len(found):
            raise Gone(_("Somebody has acknowledged this in the meantime."))
    return done


def _require_edition(actor: Actor) -> None:
    edition = Account.objects.values_list("edition", flat=True).get(pk=actor.account_id)
    editions.require(edition, Feature.SENSITIVE_ACTIONS, str(OTHER_EDITION))


def _require_fits(actor: Actor, wanted: Wanted, *, needs_name: bool) -> None:
    readings: dict[str, Callable[[], None]] = {
        "name": lambda: _require_name(wanted) if needs_name else None,
        "what": lambda: _require_what(wanted),
        "at_least": lambda: _require_at_least(wanted),
        "within": lambda: _require_within(wanted),
        "people": lambda: _require_people(actor, wanted),
    }
    read_all(readings)


def _require_name(wanted: Wanted) -> None:
    if not 1 <= len(" ".join(wanted.name.split())) <= 80:
        raise Invalid(_("Give the rule a name of at most 80 characters."), field="name")


def _require_what(wanted: Wanted) -> None:
    known = {verb.value for verb in Verb} | marks.names()
    if not set(wanted.acts) <= known:
        raise Invalid(_("Choose from the acts that are listed."), field="acts")
    if not set(wanted.kinds) <= {model.kind.name for model in kinds.all_models()}:
        raise Invalid(_("Choose from the kinds that are listed."), field="kinds")
    if wanted.outcome not in set(Ended) or wanted.counts not in set(Counts):
        raise Invalid(_("Choose what is counted."), field="counts")


def _require_at_least(wanted: Wanted) -> None:
    if not 1 <= wanted.at_least <= MOST:
        raise _out_of_bounds("at_least", 1, MOST)


def _require_within(wanted: Wanted) -> None:
    if not 0 <= wanted.within <= LONGEST_WINDOW:
        raise _out_of_bounds("within", 0, LONGEST_WINDOW)


def _out_of_bounds(field: str, least: int, most: int) -> Invalid:
    said = _("Write a whole number between %(least)s and %(most)s.")
    return Invalid(
        said % {"least": least, "most": number_format(most, force_grouping=True)}, field=field
    )


def _require_people(actor: Actor, wanted: Wanted) -> None:
    if wanted.by not in set(By):
        raise Invalid(_("Choose whose acts it is about."), field="by")
    with scope.account(actor.account_id):
        if wanted.by == By.ONE_KEY and not wanted.by_id:
            raise Invalid(_("Choose the application whose acts it is about."), field="by")
        is_one = wanted.by == By.ONE
        if is_one and not User.objects.filter(pk=wanted.by_id or 0).exists():
            raise Invalid(_("Choose the user whose acts it is about."), field="by")
        if not set(wanted.recipients) <= set(admins_to_tell(actor.account_id)):
            raise Invalid(_("Choose admins who can be written to."), field="recipients")


def _columns(wanted: Wanted) -> dict[str, Any]:
    values = {name: getattr(wanted, name) for name in Wanted.__slots__}
    lists = {name: sorted(values[name]) for name in ("acts", "kinds", "recipients")}
    by_id = wanted.by_id if wanted.by in {By.ONE, By.ONE_KEY} else None
    return {**values, **lists, "by_id": by_id, "name": " ".join(wanted.name.split())}


def _labels(wanted: Wanted) -> list[str]:
    return [" ".join(wanted.name.split())] if wanted.name else []


def of_account(account_id: int) -> dict[str, Rule]:
    """Return the rules of the account in scope by key, including those that are off."""
    return rules.keyed(rules.of_account(account_id))
