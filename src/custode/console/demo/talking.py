"""The demo's comments: on leads, from the day each was created until now, and on other objects."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from custode.activities import files, moves, types
from custode.activities.files import Incoming
from custode.activities.models import Comment
from custode.clients.models import ClientFolder
from custode.console.demo import words
from custode.console.demo.selling import Seller
from custode.kernel import clock
from custode.leads.models import Lead
from custode.prospecting.models import Prospect

_OFTEN: Final = (0, 0, 1, 1, 1, 2, 3)
"""The possible numbers of comments on a lead, each equally likely."""
_EDITED: Final = 6
_RECONSIDERED: Final = timedelta(days=14)
"""The time since the latest edit of a comment."""
_OF_OTHERS: Final = {ClientFolder: 0.35, Prospect: 0.06}
"""The probability of a comment on an object of each kind."""


def talk(chance: random.Random, people: Sequence[Seller]) -> None:
    """Comment on many leads: mostly as the owner, on some as a colleague."""
    signing = [one for one in people if one.user.email]
    by_pk = {one.user.pk: one for one in signing}
    offered = types.offered()
    for lead in Lead.objects.select_related("owner").order_by("created_at"):
        owner = by_pk.get(lead.owner_id or 0)
        for _n in range(chance.choice(_OFTEN)):
            who = owner if owner and chance.random() < 0.85 else chance.choice(signing)
            said = words.ENGLISH_SAID if who.user.language == "en" else words.ITALIAN_SAID
            activity = chance.choice(offered) if offered and chance.random() < 0.5 else None
            moment = lead.created_at + (clock.now() - lead.created_at) * chance.random()
            with clock.at(moment):
                comment = moves.write(who.actor, lead, chance.choice(said), activity)
                if chance.random() < 0.08:
                    moves.pin(who.actor, comment, True)
    _second_thoughts(by_pk)


def talk_of_clients_and_prospects(chance: random.Random, people: Sequence[Seller]) -> None:
    """Comment on some client folders and prospects, as people who see them."""
    signing = [one for one in people if one.user.email]
    offered = types.offered()
    for who in signing:
        said = words.ENGLISH_SAID if who.user.language == "en" else words.ITALIAN_SAID
        folders = ClientFolder.objects.filter(ClientFolder.kind.sees(who.actor)).order_by("pk")
        rows = Prospect.objects.filter(Prospect.kind.sees(who.actor)).order_by("pk")[:40]
        for about in (*folders[:6], *rows):
            if chance.random() < _OF_OTHERS[type(about)]:
                with clock.at(clock.now() - timedelta(days=chance.random() * 8)):
                    moves.write(who.actor, about, chance.choice(said), chance.choice(offered))


def _second_thoughts(people: Mapping[int, Seller]) -> None:
    """Edit some comments: the first edit adds a file, the next one replaces it."""
    then = clock.now() - _RECONSIDERED
    written = Comment.objects.filter(author__in=people, created_at__lt=then)
    for comment in written.order_by("-created_at")[:_EDITED]:
        with clock.at(then):
            _reconsider(people[comment.author_id or 0], comment)


def _reconsider(who: Seller, comment: Comment) -> None:
    first, second = (_file(name, comment.text) for name in words.FILES[who.user.language])
    moves.edit(who.actor, comment, comment.text, comment.activity, was=0, attached=[first])
    old = [file.pk for file in files.of(comment)]
    moves.edit(
        who.by_command, comment, comment.text, comment.activity, was=1, attached=[second],
        without=old,
    )  # fmt: skip


def _file(name: str, text: str) -> Incoming:
    content = text.encode()
    return Incoming(name, len(content), [content])
