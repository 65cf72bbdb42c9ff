"""The pages of the account's default fields: those of leads and those of client folders."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from custode.clients.models import ClientFolder
from custode.fields import moves
from custode.fields.models import DefaultField, FieldChoice, Sort
from custode.guard.door import Attempt
from custode.guard.kinds import Verb
from custode.kernel.errors import Invalid
from custode.leads.models import Lead
from custode.web.account.ordering import asked_order, panel_admin
from custode.web.shell.requests import admit
from custode.web.shell.toasts import tell

SCREENS: Final = {Lead.kind.name: "lead_fields", ClientFolder.kind.name: "folder_fields"}
"""The page of each kind of object that has default fields."""
_HEADINGS: Final = {
    Lead.kind.name: gettext_lazy("Default fields of leads"),
    ClientFolder.kind.name: gettext_lazy("Default fields of client folders"),
}


@dataclass(slots=True)
class Typed:
    """The contents of one form of the page, and what is wrong with them.

    Args:
        where: which form: `new`, `field-3`, `choice-7`, `choices-3`.
    """

    where: str = ""
    name: str = ""
    sort: str = Sort.TEXT
    choices: str = ""
    is_key: bool = False
    mistakes: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Line:
    """A field or a choice as the page shows it; None in the form of a new choice.

    Args:
        where: the form that contains its name.
        focus: the control that the person has just used: `up`, `down`, `name`, or "".
    """

    one: DefaultField | FieldChoice | None
    where: str
    value: str
    is_key: bool = False
    mistake: str = ""
    is_first: bool = False
    is_last: bool = False
    focus: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A field with its choices, its retired choices, and the form of a new one."""

    head: Line
    choices: list[Line]
    gone: list[FieldChoice]
    new: Line


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, kind: str) -> HttpResponse:
    """Show the fields of one kind of object and the form of a new one; a POST creates it."""
    actor, form = panel_admin(request), request.POST
    if request.method != "POST":
        return _page(request, kind)
    typed = Typed(
        "new", form.get("name", ""), form.get("sort", ""), form.get("choices", ""),
        is_key=form.get("is_key") == "1",
    )  # fmt: skip
    try:
        made = moves.create(
            actor, kind, typed.name, typed.sort, typed.choices.splitlines(), is_key=typed.is_key
        )
    except Invalid as error:
        typed.mistakes = {error.field: str(error)}
        return _page(request, kind, typed)
    tell(request, _("The field “%(name)s” was made.") % {"name": made})
    return redirect(SCREENS[kind])


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a field, or change whether it is a duplicate key."""
    actor, one = panel_admin(request), get_object_or_404(DefaultField.offered, pk=pk)
    name, is_key = request.POST.get("name", ""), request.POST.get("is_key") == "1"
    try:
        moves.change(actor, one, name, is_key=is_key)
    except Invalid as error:
        mistakes = {"name": str(error)}
        typed = Typed(f"field-{pk}", name, is_key=is_key, mistakes=mistakes)
        return _page(request, one.kind, typed)
    tell(request, _("Saved."))
    return redirect(SCREENS[one.kind])


@require_POST
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Retire a field (`on` is 0), or put it back in use with all its values."""
    on = request.POST.get("on") == "1"
    found = DefaultField.objects.filter(pk=pk).first()
    tried = Attempt(0, {"field": moves.FIELD, "back": on}, [found.name] if found else [])
    actor = admit(request, Verb.RETIRE, tried)
    one = get_object_or_404(DefaultField, pk=pk)
    try:
        act = moves.retire(actor, one, not on)
    except Invalid as error:
        return _page(request, one.kind, Typed(f"gone-{pk}", mistakes={"name": str(error)}))
    if on:
        said = _("The field “%(name)s” is in use again, with all its values.")
    else:
        said = _("The field “%(name)s” is out of use. Its values are kept.")
    tell(request, said % {"name": one}, undo=act.seq)
    return redirect(SCREENS[one.kind])


@require_POST
def order(request: HttpRequest, kind: str) -> HttpResponse:
    """Change the order of the fields."""
    actor, (ids, moved) = panel_admin(request), asked_order(request, "field")
    moves.order(actor, kind, ids)
    return redirect(f"{reverse(SCREENS[kind])}?at={moved}")


@require_POST
def add_choice(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a choice to a field."""
    actor, one = panel_admin(request), get_object_or_404(DefaultField.offered, pk=pk)
    name = request.POST.get("name", "")
    try:
        moves.add_choice(actor, one, name)
    except Invalid as error:
        typed = Typed(f"choices-{pk}", name, mistakes={"name": str(error)})
        return _page(request, one.kind, typed)
    return redirect(f"{reverse(SCREENS[one.kind])}?at=choices-{pk}")


@require_POST
def order_choices(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the order of a field's choices."""
    actor, one = panel_admin(request), get_object_or_404(DefaultField.offered, pk=pk)
    ids, moved = asked_order(request, "choice")
    moves.order_choices(actor, one, ids)
    return redirect(f"{reverse(SCREENS[one.kind])}?at={moved}")


@require_POST
def rename_choice(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a choice, also where it has already been chosen."""
    actor, one = panel_admin(request), get_object_or_404(FieldChoice.offered, pk=pk)
    name = request.POST.get("name", "")
    try:
        moves.rename_choice(actor, one, name)
    except Invalid as error:
        typed = Typed(f"choice-{pk}", name, mistakes={"name": str(error)})
        return _page(request, one.field.kind, typed)
    tell(request, _("Saved."))
    return redirect(SCREENS[one.field.kind])


@require_POST
def use_choice(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop offering a choice (`on` is 0), or offer it again."""
    on = request.POST.get("on") == "1"
    found = FieldChoice.objects.filter(pk=pk).first()
    tried = Attempt(0, {"field": moves.CHOICE, "back": on}, [found.name] if found else [])
    actor = admit(request, Verb.RETIRE, tried)
    one = get_object_or_404(FieldChoice.objects.select_related("field"), pk=pk)
    try:
        act = moves.retire_choice(actor, one, not on)
    except Invalid as error:
        typed = Typed(f"choice-{pk}", one.name, mistakes={"name": str(error)})
        return _page(request, one.field.kind, typed)
    said = _("“%(name)s” is available again.") if on else _("“%(name)s” is no longer available.")
    tell(request, said % {"name": one}, undo=act.seq)
    return redirect(SCREENS[one.field.kind])


def _page(request: HttpRequest, kind: str, typed: Typed | None = None) -> HttpResponse:
    """Render the page; rejected input stays in its form."""
    typed, at = typed or Typed(), request.GET.get("at", "")[:40]
    fields = moves.offered(kind)
    words = {
        "tab": "fields",
        "kind": kind,
        "screens": [(SCREENS[one], _HEADINGS[one], one == kind) for one in SCREENS],
        "heading": _HEADINGS[kind],
        "order_url": reverse(f"{SCREENS[kind]}_order"),
        "groups": [_group(one, n, len(fields), typed, at) for n, one in enumerate(fields)],
        "gone": [(one, typed.mistakes.get("name", "") if typed.where == f"gone-{one.pk}" else "")
                 for one in moves.retired(kind)],
        "new": typed if typed.where == "new" else Typed("new"),
        "sorts": Sort.choices,
    }  # fmt: skip
    return render(request, "fields/fields.html", words, status=422 if typed.where else 200)


def _group(one: DefaultField, place: int, count: int, typed: Typed, at: str) -> Group:
    offered = one.offered_choices
    where = f"choices-{one.pk}"
    new = typed if typed.where == where else Typed(where)
    return Group(
        _line(one, "field", place, count, typed, at),
        [_line(c, "choice", n, len(offered), typed, at) for n, c in enumerate(offered)],
        [c for c in one.choices.all() if c.retired_at is not None],
        Line(
            None, where, new.name, mistake=new.mistakes.get("name", ""),
            focus="name" if at == where else "",
        ),
    )  # fmt: skip


def _line(
    one: DefaultField | FieldChoice, kind: str, place: int, count: int, typed: Typed, at: str
) -> Line:
    where = f"{kind}-{one.pk}"
    mine = typed if typed.where == where else Typed(where, one.name)
    is_key = isinstance(one, DefaultField) and (mine.is_key if typed.where == where else one.is_key)
    line = Line(
        one, where, mine.name, is_key=is_key, mistake=mine.mistakes.get("name", ""),
        is_first=place == 0, is_last=place == count - 1,
    )  # fmt: skip
    way = next((way for way in ("up", "down") if at == f"{way}-{where}"), "")
    # At the end of the list a button is disabled, so the focus moves to the other one.
    line.focus = {
        "up": "down" if line.is_first else "up",
        "down": "up" if line.is_last else "down",
    }.get(way, "")
    return line
