"""The change to an edition without rules, which an admin must confirm.

Ticked rules keep protecting until then. They stay ticked but suspended, and apply again when the
account returns to the other edition.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from custode.accounts.editions import Edition, Feature, has
from custode.accounts.models import Account
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import PrivacySetting
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid


def ticked(account_id: int) -> QuerySet[PrivacySetting]:
    """Return the rules that are ticked, including suspended ones."""
    return PrivacySetting.objects.filter(account_id=account_id, ticked=True)


def to_confirm(account: Account) -> list[PrivacySetting]:
    """Return the rules that still apply though the account's edition has none: to be confirmed."""
    if has(account.edition, Feature.PRIVACY_SETTINGS):
        return []
    return list(ticked(account.pk).filter(rests_since=None).order_by("pk"))


def name_of(rule: PrivacySetting) -> str:
    """Return a rule's name in the log."""
    return f"{rule.verb}:{rule.kind}"


def confirm(actor: Actor, read: Collection[str]) -> int:
    """Suspend the rules that still apply though the account's edition has none.

    Args:
        read: the names of the rules that the admin was shown.

    Returns:
        The number of rules suspended.

    Raises:
        Refused: the actor is no admin.
        Invalid: these are not exactly the rules that apply. None is suspended.
    """
    details = {"rest": sorted(read)}
    with door.sensitive_act(actor, Verb.ACCOUNT, count=len(read), details=details):
        account = Account.objects.get(pk=actor.account_id)
        rules = to_confirm(account)
        if not rules or {name_of(rule) for rule in rules} != set(read):
            raise Invalid(_("The rules have changed in the meantime. Read again what would stop."))
        pks = [rule.pk for rule in rules]
        PrivacySetting.objects.filter(pk__in=pks).update(rests_since=clock.now())
    return len(rules)


def move(actor: Actor, edition: Edition) -> None:
    """Move the actor's account to another edition, without changing which rules apply.

    If the edition has rules, suspended ones apply again.
    """
    account = Account.objects.get(pk=actor.account_id)
    resting = ticked(account.pk).filter(rests_since__isnull=False)
    moved = {"from": account.edition, "to": edition.value}
    again = [name_of(rule) for rule in resting] if has(edition, Feature.PRIVACY_SETTINGS) else []
    details = {"edition": moved, **({"again": sorted(again)} if again else {})}
    with door.sensitive_act(actor, Verb.ACCOUNT, details=details):
        Account.objects.filter(pk=account.pk).update(edition=edition)
        if has(edition, Feature.PRIVACY_SETTINGS):
            resting.update(rests_since=None)
