"""Searching comments and e-mails by content, as part of searching their subjects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.db.models import QuerySet

from custode.activities import files, sight
from custode.activities.models import Comment, CommentWords, Email, EmailWords
from custode.guard import kinds
from custode.guard.owned import Guarded
from custode.guard.search_texts import SHORTEST, SearchText, holding
from custode.kernel.actor import Actor
from custode.kernel.text import fold, whole_address

SAID: Final[Mapping[type[Guarded], type[SearchText]]] = {Comment: CommentWords, Email: EmailWords}
"""The kinds that can be searched -> the tables of their words."""
MANY: Final = 1000
"""The number of texts up to which those with the words of a search are looked up one by one."""


def saying(
    actor: Actor,
    words: Sequence[str],
    word: str,
    *,
    what: type[Guarded] = Comment,
    about: str = "",
) -> QuerySet[Any] | None:
    """Return the living comments, or e-mails, that the actor sees and that contain a search word.

    A word of one or two letters is in nearly every text, and no index has it: it only counts where
    the search's longest word occurs too; on its own it is not searched in comments.

    Args:
        words: all words of the search, folded.
        word: one of them.
        what: one of `SAID`.
        about: the foreign key of a parent, to limit the search to subjects of that kind.

    Returns:
        None when comments are not to be searched.
    """
    longest = max(words, key=len)
    if len(longest) < SHORTEST:
        return None
    wanted = [word] if len(word) >= SHORTEST else [longest, word]
    kept = SAID[what]
    found = holding(kept, *wanted).values(kept.part_of)
    return what.objects.filter(sight.sees(actor, what.kind.name, about=about), pk__in=found)


def with_address(actor: Actor, address: str, what: type[Guarded], *, about: str) -> QuerySet[Any]:
    """Return the living, visible comments, or e-mails, that contain a whole e-mail address.

    Args:
        address: folded.
        about: as for `saying`.
    """
    kept = SAID[what]
    found = holding(kept, address).filter(folded__regex=whole_address(address))
    seen = sight.sees(actor, what.kind.name, about=about)
    return what.objects.filter(seen, pk__in=found.values(kept.part_of))


def having(actor: Actor, words: Sequence[str], what: type[Guarded]) -> QuerySet[Any] | None:
    """Return comments or e-mails that contain all words, whose subject the actor can open.

    Args:
        words: folded.
        what: one of `SAID`.

    Returns:
        The latest first; None when no word is long enough for a search.
    """
    if not any(len(word) >= SHORTEST for word in words):
        return None
    kept = SAID[what]
    found = holding(kept, *words).values_list(kept.part_of, flat=True)
    rows = what.objects.filter(kinds.on_what_lives(what.kind.name, actor))
    few = list(found[: MANY + 1])
    # By number, which an index has: the latest few of very many are found without the others. Of
    # few, PostgreSQL does not know that they are few, and reads all texts in that order.
    chosen = rows.filter(pk__in=found) if len(few) > MANY else rows.filter(pk__anyof=few)
    return chosen.order_by("-pk")


def keep(comment: Comment) -> None:
    """Index a comment's present text and file names; earlier versions are not searched."""
    folded = said(comment.text, (file.name for file in files.of(comment)))
    if not CommentWords.objects.filter(comment=comment).update(folded=folded):
        CommentWords(account_id=comment.account_id, comment=comment, folded=folded).save()


def keep_email(email: Email, names: Iterable[str]) -> None:
    """Index an e-mail's text, recipients and file names; they never change."""
    text = "\n".join([email.subject, email.recipients, email.copies, email.text])
    EmailWords(account_id=email.account_id, email=email, folded=said(text, names)).save()


def said(text: str, names: Iterable[str]) -> str:
    """Return a text with the names of its files, in the searched form."""
    return fold("\n".join([text, *names]))
