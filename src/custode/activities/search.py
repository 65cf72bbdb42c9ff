"""Comments by what they say, as a search over what they hang on looks for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from custode.activities import files, sight
from custode.activities.models import Comment, CommentWords
from custode.guard.words import SHORTEST, holding
from custode.kernel.actor import Actor
from custode.kernel.text import fold


def saying(
    actor: Actor, words: Sequence[str], word: str, *, about: str = ""
) -> QuerySet[Comment] | None:
    """The living comments that the actor sees and that hold one word of a search.

    A word of one or two letters stands in nearly every text, and no index knows it: it counts where
    the longest word of the search stands too; alone it is not looked for in comments.

    Args:
        words: all words of the search, folded.
        word: one of them.
        about: those on one sort of thing alone, by the foreign key of one of their parents.

    Returns:
        None when comments are not to be looked through.
    """
    longest = max(words, key=len)
    if len(longest) < SHORTEST:
        return None
    wanted = [word] if len(word) >= SHORTEST else [longest, word]
    found = holding(CommentWords, *wanted).values("comment")
    return Comment.objects.filter(sight.sees(actor, about=about), pk__in=found)


def keep(comment: Comment) -> None:
    """Keep what a comment says by now, and what its files are called; no version of before."""
    folded = said(comment.text, (file.name for file in files.of(comment)))
    if not CommentWords.objects.filter(comment=comment).update(folded=folded):
        CommentWords(account_id=comment.account_id, comment=comment, folded=folded).save()


def said(text: str, names: Iterable[str]) -> str:
    """A comment as it is searched."""
    return fold("\n".join([text, *names]))
