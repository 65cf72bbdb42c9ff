"""The kinds of object that are searched: adding one takes only an entry here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from custode.activities import search, sight, writing
from custode.activities.models import Comment, Email
from custode.activities.moves import LONGEST
from custode.clients import queries as folders
from custode.clients.models import ClientFolder
from custode.guard.display_names import display_name
from custode.guard.owned import Guarded
from custode.kernel.actor import Actor
from custode.kernel.text import around
from custode.leads import queries as leads
from custode.leads.filters import Filter
from custode.leads.models import Lead
from custode.people.models import User
from custode.postsales import queries as tasks
from custode.prospecting import queries as prospecting
from custode.prospecting.models import Prospect, ProspectingList
from custode.web.shell.words import ago, money
from custode.web.talk.subjects import subject_of

PIECE: Final = 160
"""The maximum number of characters shown of a text around the words found."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An object that was found.

    Args:
        name: its name, or an excerpt of its text.
        facts: what else distinguishes it from others.
    """

    name: str
    url: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A kind of object that is searched.

    Args:
        name: its name in addresses.
        icon: its lucide icon.
        rows: returns what the actor sees with all of the folded words, best first; None: too short.
        hit: renders one of them; for a text, an excerpt around the words.
        all_url: the address that shows all of them, to which `q` is added; "" for this page.
    """

    name: str
    words: str | Promise
    icon: str
    rows: Callable[[Actor, Sequence[str]], QuerySet[Any] | None]
    hit: Callable[[Any, Sequence[str]], Hit]
    all_url: str = ""


def _leads(actor: Actor, words: Sequence[str]) -> QuerySet[Any]:
    rows = leads.matching(actor, Filter(q=" ".join(words))).order_by("-updated_at", "-pk")
    return rows.select_related("step", "owner").defer("description", "searched")


def _lead(one: Lead, _words: Sequence[str]) -> Hit:
    facts = (
        str(one.step), one.get_status_display(), money(one.amount_minor, one.currency),
        _owner(one.owner),
    )  # fmt: skip
    return Hit(one.title, reverse("lead", args=[one.pk]), facts)


def _folders(actor: Actor, words: Sequence[str]) -> QuerySet[Any]:
    wanted = folders.Wanted(q=" ".join(words), state="all", sort="-updated")
    return folders.matching(actor, wanted).select_related("owner").defer("searched")


def _folder(one: ClientFolder, words: Sequence[str]) -> Hit:
    state = "" if one.is_active else _("deactivated")
    said = around(one.description, words, PIECE // 2)
    return Hit(one.name, reverse("folder", args=[one.pk]), (_owner(one.owner), state, said))


def _lists(actor: Actor, words: Sequence[str]) -> QuerySet[Any]:
    return prospecting.found_lists(actor, " ".join(words), archived=None)


def _list(one: ProspectingList, _words: Sequence[str]) -> Hit:
    state = _("archived") if one.archived_at else ""
    return Hit(one.title, reverse("prospecting_list", args=[one.pk]), (_owner(one.owner), state))


def _prospects(actor: Actor, words: Sequence[str]) -> QuerySet[Any]:
    rows = prospecting.found_prospects(actor, " ".join(words))
    return rows.defer("folded", "numbers", "searched", "name_folded")


def _prospect(one: Prospect, words: Sequence[str]) -> Hit:
    facts = (one.in_list.title, one.get_outcome_display(), around(one.rest, words, PIECE // 2))
    return Hit(one.name, reverse("prospect", args=[one.pk]), facts)


def _comments(actor: Actor, words: Sequence[str]) -> QuerySet[Any] | None:
    rows = search.having(actor, words, Comment)
    about = ("author", "lead", "client_folder", "prospect__in_list", "prospecting_list")
    return None if rows is None else _by_whom(rows, Comment).select_related(*about)


def _comment(one: Comment, words: Sequence[str]) -> Hit:
    text = writing.excerpt(one.text, LONGEST) or one.excerpt
    return _said(one, text, "comment", words, "")


def _emails(actor: Actor, words: Sequence[str]) -> QuerySet[Any] | None:
    rows = search.having(actor, words, Email)
    return None if rows is None else _by_whom(rows, Email).select_related("author", "lead")


def _by_whom(rows: QuerySet[Any], model: type[Guarded]) -> QuerySet[Any]:
    """Annotate the rows with the application that wrote each, as `program`."""
    named: QuerySet[Any] = rows.annotate(program=sight.program(model.kind.name))
    return named


def _email(one: Email, words: Sequence[str]) -> Hit:
    to = _("to %(to)s") % {"to": one.recipients[:PIECE]}
    text = f"{one.subject} · {writing.excerpt(one.text, LONGEST)}"
    return _said(one, text, "email", words, to)


def _said(one: Any, text: str, sort: str, words: Sequence[str], to: str) -> Hit:
    about: Guarded = one.hangs_on
    page = reverse(subject_of(about).page, args=[about.pk])
    # For what an application wrote in a user's name, both are shown.
    who = [display_name(str(name)) for name in (one.author, one.program) if name] or [
        _("A program")
    ]
    return Hit(
        around(text, words, PIECE), f"{page}?{sort}={one.pk}#{sort}-{one.pk}",
        (str(about), str(about.kind.singular), *who, to, ago(one.created_at)),
    )  # fmt: skip


def _tasks(actor: Actor, words: Sequence[str]) -> QuerySet[Any]:
    return tasks.found(actor, words)


def _task(one: Any, _words: Sequence[str]) -> Hit:
    process = one.process
    if not one.is_on_seen:
        # A task's assignee need not be allowed to know whose lead it is on.
        whose = (one.get_status_display(), _owner(one.assignee))
        return Hit(one.text, reverse("tasks"), whose)
    facts = (
        process.lead.title, process.title, one.get_status_display(), _owner(one.assignee),
    )  # fmt: skip
    return Hit(one.text, f"{reverse('lead', args=[process.lead_id])}#lead-processes", facts)


def _owner(user: User | None) -> str:
    return user.get_full_name() if user else _("Unassigned")


GROUPS: Final = (
    Group("leads", gettext_lazy("Leads"), "handshake", _leads, _lead, "lead_list"),
    Group("clients", gettext_lazy("Client folders"), "folder-open", _folders, _folder),
    Group("lists", gettext_lazy("Prospecting lists"), "sheet", _lists, _list),
    Group(
        "prospects", gettext_lazy("Prospects"), "user-round", _prospects, _prospect, "prospecting"
    ),
    Group("tasks", pgettext_lazy("in the side bar", "Tasks"), "list-checks", _tasks, _task),
    Group("comments", gettext_lazy("Comments"), "message-square", _comments, _comment),
    Group("emails", gettext_lazy("E-mails"), "mail", _emails, _email),
)
