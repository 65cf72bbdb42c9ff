"""What may happen to an account."""

from __future__ import annotations

from django.utils.translation import gettext as _

from custode.accounts.editions import Edition, Feature, has
from custode.accounts.models import Account
from custode.guard import door, kinds
from custode.guard.kinds import Verb
from custode.guard.models import PrivacySetting
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid, Refused


def create(name: str, edition: str, *, language: str = "en", time_zone: str = "Europe/Rome",
           currency: str = "EUR") -> Account:  # fmt: skip
    """A new account, with its first entry in the log.

    Raises:
        Invalid: the name is empty or taken, or the edition unknown.
    """
    name = name.strip()
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
    door.found(account, details={"created": edition})
    return account


def set_edition(actor: Actor, edition: str) -> None:
    """Move the actor's account to another edition. Its rules go on protecting."""
    if edition not in Edition.values:
        raise Invalid(
            _("There is no edition “%(edition)s”. Possible are: %(all)s.")
            % {"edition": edition, "all": ", ".join(Edition.values)},
            field="edition",
        )
    account = Account.objects.get(pk=actor.account_id)
    with door.deed(
        actor, Verb.ACCOUNT, details={"edition": {"from": account.edition, "to": edition}}
    ):
        Account.objects.filter(pk=account.pk).update(edition=edition)


def set_privacy(actor: Actor, verb: Verb, kind: str, on: bool) -> bool:
    """Tick or untick the rule that reserves `verb` on `kind` to admins; effective at once.

    Returns:
        whether anything changed.

    Raises:
        Refused: the actor is no admin, or ticks it in an edition without privacy settings.
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
    with door.deed(actor, Verb.PRIVACY, details={"rule": f"{verb}:{kind}", "on": on}):
        if on and not has(edition, Feature.PRIVACY_SETTINGS):
            raise Refused(_("Privacy settings are part of the Dream Team edition."))
        PrivacySetting.objects.update_or_create(
            verb=verb.value, kind=kind, account_id=actor.account_id, defaults={"ticked": on}
        )
    return True


def set_trash_days(actor: Actor, days: int) -> None:
    """How long the account keeps its trash, in days, from the next deletion on."""
    if not 1 <= days <= 3650:
        raise Invalid(_("Choose between 1 and 3650 days."), field="trash_days")
    account = Account.objects.get(pk=actor.account_id)
    if account.trash_days == days:
        return
    with door.deed(
        actor, Verb.ACCOUNT, details={"trash_days": {"from": account.trash_days, "to": days}}
    ):
        Account.objects.filter(pk=account.pk).update(trash_days=days)
