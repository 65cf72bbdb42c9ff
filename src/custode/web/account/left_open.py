"""What a disabled user has made and keeps working: keys, webhooks, the way e-mails leave by."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from custode.activities.emails import servers
from custode.exchange.webhooks import events
from custode.exchange.webhooks import moves as hook_moves
from custode.exchange.webhooks import queries as hook_queries
from custode.exchange.webhooks.models import Webhook
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, Outcome
from custode.kernel.actor import Actor, ActorKind
from custode.kernel.address import whole
from custode.kernel.errors import Gone, Invalid
from custode.people.models import User
from custode.signin.api_keys import moves as key_moves
from custode.signin.api_keys import queries as key_queries
from custode.signin.api_keys.models import ApiKey
from custode.web.shell.toasts import tell
from custode.web.shell.words import number


@dataclass(frozen=True, slots=True)
class Chosen:
    """A selection to close: keys to revoke, webhooks to switch off."""

    keys: Sequence[ApiKey]
    hooks: Sequence[Webhook]


def keys_of(user: User) -> list[ApiKey]:
    """Return the valid keys that a user has made."""
    made = key_queries.made_by(user.pk).values("pk")
    return list(key_queries.usable().filter(pk__in=made.order_by()))


def hooks_of(user: User) -> list[Webhook]:
    """Return the active webhooks that the user or such a key made, or that go to their address."""
    return list(hook_queries.left_by(user).filter(disabled_at=None))


def acting_as(user: User) -> list[ApiKey]:
    """Return the valid keys of others that act as the user."""
    acting = key_queries.usable().filter(pk__in=key_queries.acting_as(user.pk))
    return [key for key in acting if key.made_by_id != user.pk]


def shown(request: HttpRequest, user: User) -> dict[str, Any]:
    """Return what the page lists for a leaving user, each with whether it is preselected.

    Keys and webhooks that they made are preselected. A key that somebody else made is not: its
    holder does not need the user's password, and others may work with it.
    """
    keys, others, hooks = keys_of(user), acting_as(user), hooks_of(user)
    sent = request.POST if request.method == "POST" else None
    picked = (lambda name, pk: str(pk) in sent.getlist(name)) if sent is not None else None
    return {
        "left_keys": [(key, picked("keys", key.pk) if picked else True) for key in keys],
        "acting_keys": [(key, picked("keys", key.pk) if picked else False) for key in others],
        "left_hooks": [
            (hook, events.words_of(hook.event), picked("hooks", hook.pk) if picked else True)
            for hook in hooks
        ],
        "is_left_open": bool(keys or others or hooks),
        "left_mail": mail_of(user),
    }


def mail_of(user: User) -> str:
    """Return the host of the account's mail server, if nobody set it after this user."""
    server = servers.of_account()
    if not server.is_set_up:
        return ""
    acts = LogEntry.objects.filter(
        verb=Verb.ACCOUNT.value, kind="", outcome=Outcome.DONE, details__contains='"mail":{'
    )
    last = acts.order_by("-seq").first()
    is_theirs = last and (last.actor_kind, last.actor_id) == (ActorKind.USER, user.pk)
    return server.host if is_theirs else ""


def chosen(request: HttpRequest, user: User) -> Chosen:
    """Return what is selected and still works.

    Raises:
        Invalid: something selected does not belong to the user.
    """
    key_ids = {whole(text) for text in request.POST.getlist("keys")}
    hook_ids = {whole(text) for text in request.POST.getlist("hooks")}
    theirs = set(key_queries.made_by(user.pk).values_list("pk", flat=True))
    theirs |= key_queries.acting_as(user.pk)
    told = set(hook_queries.left_by(user).values_list("pk", flat=True))
    if not (key_ids <= theirs and hook_ids <= told):
        raise Invalid(_("Choose from the list which keys and webhooks end."), field="keys")
    return Chosen(
        list(key_queries.usable().filter(pk__in=key_ids)),
        list(hook_queries.webhooks().filter(pk__in=hook_ids, disabled_at=None)),
    )


def close(request: HttpRequest, actor: Actor, what: Chosen) -> None:
    """Revoke the keys and switch off the webhooks, each as an act of its own, and tell the person.

    What somebody else has closed in the meantime is skipped.
    """
    gone, off = list[str](), list[str]()
    for key in what.keys:
        with suppress(Gone):
            key_moves.revoke(actor, key)
            gone.append(str(key))
    for hook in what.hooks:
        with suppress(Gone):
            hook_moves.switch(actor, hook, on=False)
            off.append(hook.labels[0])
    if gone:
        said = ngettext(
            "Revoked: the API key %(names)s.", "Revoked: the API keys %(names)s.", len(gone)
        )
        tell(request, said % {"names": _listed(gone)})
    if off:
        said = ngettext(
            "Switched off: the webhook %(names)s.",
            "Switched off: the webhooks %(names)s.",
            len(off),
        )
        tell(request, said % {"names": _listed(off)})


def _listed(names: Sequence[str]) -> str:
    return get_text_list([_("“%(name)s”") % {"name": name} for name in names], _("and"))


def counted(user: User) -> str:
    """Return how many keys and webhooks of a user keep working, in words; "" for none."""
    keys, hooks = len(keys_of(user)), len(hooks_of(user))
    some = []
    if keys:
        some.append(ngettext("%(n)s API key", "%(n)s API keys", keys) % {"n": number(keys)})
    if hooks:
        some.append(ngettext("%(n)s webhook", "%(n)s webhooks", hooks) % {"n": number(hooks)})
    return get_text_list(some, _("and"))
