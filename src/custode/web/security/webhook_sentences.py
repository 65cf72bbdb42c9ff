"""The sentences of log entries about webhooks."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from custode.exchange.webhooks import events
from custode.web.security.reading import Told
from custode.web.security.signin_sentences import Sentence, name_of

_DID: Final = {
    "made": gettext_lazy("%(who)s made the webhook %(name)s, which tells %(target)s: %(event)s"),
    "on": gettext_lazy("%(who)s switched the webhook %(name)s on, which sends to %(target)s."),
    "off": gettext_lazy("%(who)s switched the webhook %(name)s off, which sends to %(target)s."),
    "deleted": gettext_lazy("%(who)s deleted the webhook %(name)s, which sent to %(target)s."),
    "again": gettext_lazy("%(who)s sent a delivery of the webhook %(name)s to %(target)s again."),
    "confirmed": gettext_lazy(
        "The owner of the address %(target)s agreed to get what the webhook %(name)s sends."
    ),
    "given_up": gettext_lazy(
        "The webhook %(name)s was switched off: for three days nothing got through to %(target)s."
    ),
}


def did(told: Told) -> Sentence:
    """Return the sentence of a webhook created, switched, deleted, given up or re-encrypted."""
    if "resealed" in told.details:
        return _("%(who)s encrypted the secrets of the webhooks with a new key."), {}
    pattern = _DID.get(str(told.details.get("did")))
    if pattern is None:
        return _("%(who)s changed a webhook."), {}
    labels = told.person.get("labels") or []
    values = {"name": name_of(told), "target": str(labels[-1]) if labels else "?"}
    return str(pattern), values | {"event": str(events.words_of(str(told.details.get("event"))))}
