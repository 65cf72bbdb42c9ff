"""Operations on an account."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from custode.accounts import downgrade
from custode.accounts.editions import Edition, Feature, has, require
from custode.accounts.models import Account, RequiredOf
from custode.guard import door, kinds, policy
from custode.guard.kinds import Verb
from custode.guard.models import PrivacySetting
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid, Refused
from custode.kernel.text import line

BOUNDS: Final[Mapping[str, tuple[int, int]]] = {
    "trash_days": (1, 3650),
    "idle_hours": (1, 24 * 90),
    "session_days": (1, 365),
    "sessions_kept_months": (1, 120),
    "two_factor_grace_days": (0, 90),
    "many_count": (2, 100_000),
    "many_minutes": (1, 7 * 24 * 60),
    "many_read": (100, 1_000_000),
}
"""The account's numeric settings, each with its smallest and largest valid value."""
_OF_ALERTS: Final = frozenset({"many_count", "many_minutes", "many_read"})


def create(name: str, edition: str, *, language: str = "en", time_zone: str = "Europe/Rome",
           currency: str = "EUR") -> Account:  # fmt: skip
    """Create an account, with the first entry of its log.

    Raises:
        Invalid: the name is empty or taken, or the edition unknown.
    """
    name = line(name)
    if not name:
        raise Invalid(_("An account needs a name."), field="name")
    if len(name) > 120:
        raise Invalid(_("An account's name has at most 120 characters."), field="name")
    if edition not in Edition.values:
        raise Invalid(
            _("There is no edition “%(edition)s”. Possible are: %(all)s.")
            % {"edition": edition, "all": ", ".join(Edition.values)},
            field="edition",
        )
    if Account.objects.filter(name=name).exists():
        raise Invalid(_("There is an account “%(name)s” already.") % {"name": name}, field="name")
    account = Account(
        name=name, edition=edition, language=language, time_zone=time_zone, currency=currency
    )
    door.create_account(account, details={"created": edition})
    return account


def set_edition(actor: Actor, edition: str) -> None:
    """Move the actor's account to another edition. Its rules keep protecting (`downgrade`)."""
    if edition not in Edition.values:
        raise Invalid(
            _("There is no edition “%(edition)s”. Possible are: %(all)s.")
            % {"edition": edition, "all": ", ".join(Edition.values)},
            field="edition",
        )
    with scope.account(actor.account_id):
        downgrade.move(actor, Edition(edition))


def set_privacy(actor: Actor, verb: Verb, kind: str, on: bool) -> bool:
    """Tick or untick the rule that reserves `verb` on `kind` to admins; effective at once.

    Returns:
        Whether anything changed.

    Raises:
        Refused: the actor is no admin, or ticks it in an edition without privacy settings, or
            unticks it by a key without the scope that it restricts.
        Invalid: there is no such rule.
    """
    if kind not in {m.kind.name for m in kinds.all_models()} or (
        verb not in kinds.model_of(kind).kind.rules
    ):
        raise Invalid(_("There is no such privacy setting."))
    edition = Account.objects.values_list("edition", flat=True).get(pk=actor.account_id)
    with scope.account(actor.account_id):
        setting = PrivacySetting.objects.filter(verb=verb.value, kind=kind).first()
    if (setting is not None and setting.ticked) == on:
        return False
    with door.sensitive_act(actor, Verb.PRIVACY, details={"rule": f"{verb}:{kind}", "on": on}):
        if on and not has(edition, Feature.PRIVACY_SETTINGS):
            why = _("Privacy settings are part of the Dream Team edition.")
            raise Refused(why, because="edition")
        if not on:
            policy.require(actor, verb, kind)
        PrivacySetting.objects.update_or_create(
            verb=verb.value, kind=kind, account_id=actor.account_id, defaults={"ticked": on}
        )
    return True


def set_trash_days(actor: Actor, days: int) -> None:
    """Set how many days the account keeps its trash, from the next deletion on."""
    set_numbers(actor, {"trash_days": days})


def set_numbers(actor: Actor, values: Mapping[str, int]) -> None:
    """Set some of the account's numbers, named as in `BOUNDS`; equal values are ignored.

    All are set or none; each has its entry in the log.

    Raises:
        Refused: the actor is no admin, or one is about alerts, which the edition lacks.
        Invalid: one is out of bounds.
    """
    for name, value in values.items():
        require_within(name, value)
    account = Account.objects.get(pk=actor.account_id)
    changed = {name: to for name, to in values.items() if getattr(account, name) != to}
    with ExitStack() as acts:
        # Those of alerts first: a refusal is told of the act around the others.
        for n, name in enumerate(sorted(changed, key=lambda name: name not in _OF_ALERTS)):
            details = {name: {"from": getattr(account, name), "to": changed[name]}}
            act = door.also if n else door.sensitive_act
            acts.enter_context(act(actor, Verb.ACCOUNT, details=details))
            if name in _OF_ALERTS:
                why = _("Alerts are part of the Dream Team edition.")
                require(account.edition, Feature.SENSITIVE_ACTIONS, why)
            Account.objects.filter(pk=account.pk).update(**{name: changed[name]})


def set_two_factor(actor: Actor, required_of: str, grace_days: int) -> None:
    """Set of whom the account requires two-factor authentication, and the days of grace.

    The days of grace start when it is first required of anybody, and again when it is required of
    more people than before.

    Raises:
        Refused: the actor is no admin.
        Invalid: a value is unknown, or out of bounds.
    """
    if required_of not in RequiredOf.values:
        raise Invalid(_("Choose of whom it is required."), field="two_factor_for")
    require_within("two_factor_grace_days", grace_days)
    account = Account.objects.get(pk=actor.account_id)
    before = account.two_factor_for, account.two_factor_grace_days
    if before == (required_of, grace_days):
        return
    told = {"from": before[0], "to": required_of, "days": grace_days}
    if grace_days > before[1] and before[0] != RequiredOf.NOBODY:
        told["days_before"] = before[1]
    details = {"two_factor": told}
    with door.sensitive_act(actor, Verb.ACCOUNT, details=details):
        Account.objects.filter(pk=account.pk).update(
            two_factor_for=required_of,
            two_factor_grace_days=grace_days,
            two_factor_since=_since(account, required_of),
        )


def _since(account: Account, required_of: str) -> datetime | None:
    if required_of == RequiredOf.NOBODY:
        return None
    order = RequiredOf.values
    wider = order.index(required_of) > order.index(account.two_factor_for)
    return clock.now() if wider or account.two_factor_since is None else account.two_factor_since


def require_within(name: str, value: int) -> None:
    """Raise `Invalid`, with its bounds, for one of the account's numbers that is out of them."""
    lowest, highest = BOUNDS[name]
    if not lowest <= value <= highest:
        words = _("%(what)s: choose between %(lowest)s and %(highest)s.")
        what = str(Account._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # a column
        raise Invalid(
            words % {"what": what[:1].upper() + what[1:], "lowest": lowest, "highest": highest},
            field=name,
        )
