"""The page of the account's tags and their categories: create, rename, reorder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from custode.kernel.address import whole
from custode.kernel.errors import Invalid
from custode.kernel.text import fold
from custode.leads import tags
from custode.leads.models import LeadTag, Tag, TagCategory
from custode.web.account.ordering import asked_order, panel_admin
from custode.web.leads import choices
from custode.web.shell.toasts import tell


@dataclass(frozen=True, slots=True)
class Typed:
    """The contents of one form, and what is wrong with them.

    Args:
        where: which form: `tag-3`, `category-2`, `new-tag` or `new-category`.
    """

    where: str = ""
    name: str = ""
    category: int = 0
    mistake: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A category with its tags; None for the tags without a category."""

    category: TagCategory | None
    tags: list[Tag]


@require_http_methods(["GET", "POST"])
def tags_page(request: HttpRequest) -> HttpResponse:
    """Show the tags by category and the form of a new category; a POST creates it."""
    actor = panel_admin(request)
    if request.method != "POST":
        return _page(request)
    name = request.POST.get("name", "")
    try:
        made = tags.create_category(actor, name)
    except Invalid as error:
        return _page(request, Typed("new-category", name, mistake=str(error)))
    tell(request, _("The category “%(name)s” was made.") % {"name": made})
    return redirect("tags")


@require_POST
def new_tag(request: HttpRequest) -> HttpResponse:
    """Make a tag."""
    actor = panel_admin(request)
    name, category = request.POST.get("name", ""), request.POST.get("category", "")
    try:
        made = tags.create(actor, name, _category(category))
    except Invalid as error:
        return _page(request, Typed("new-tag", name, whole(category), str(error)))
    tell(request, _("The tag “%(name)s” was made.") % {"name": made})
    return redirect("tags")


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a tag's name or category."""
    actor, one = panel_admin(request), get_object_or_404(Tag.offered, pk=pk)
    name, category = request.POST.get("name", ""), request.POST.get("category", "")
    try:
        tags.change(actor, one, name, _category(category))
    except Invalid as error:
        return _page(request, Typed(f"tag-{pk}", name, whole(category), str(error)))
    tell(request, _("Saved."))
    return redirect("tags")


@require_POST
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a category."""
    actor, one = panel_admin(request), get_object_or_404(TagCategory, pk=pk)
    name = request.POST.get("name", "")
    try:
        tags.rename_category(actor, one, name)
    except Invalid as error:
        return _page(request, Typed(f"category-{pk}", name, mistake=str(error)))
    tell(request, _("Saved."))
    return redirect("tags")


@require_POST
def dissolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a category; its tags stay, without a category."""
    actor, one = panel_admin(request), get_object_or_404(TagCategory, pk=pk)
    tags.dissolve_category(actor, one)
    tell(request, _("The category “%(name)s” is gone; its tags stay.") % {"name": one.name})
    return redirect("tags")


@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """Change the order of the categories."""
    actor, (ids, moved) = panel_admin(request), asked_order(request, "category")
    tags.order_categories(actor, ids)
    return redirect(f"{reverse('tags')}?at={moved}")


def _category(text: str) -> TagCategory | None:
    """Return the category with this number, None for none; raise `Invalid` if there is none."""
    if not text:
        return None
    found = TagCategory.objects.filter(pk=whole(text)).first()
    if found is None:
        raise Invalid(_("Choose a category from the list."), field="category")
    return found


def _page(request: HttpRequest, typed: Typed | None = None) -> HttpResponse:
    """Render the page; rejected input stays in its form."""
    asked = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    rows = Tag.offered.filter(folded__contains=fold(asked)) if asked else Tag.offered.all()
    categories = list(TagCategory.objects.all())
    words: dict[str, Any] = {
        "tab": "tags",
        "q": asked,
        "lines": _groups(rows, categories, all_of_them=not asked),
        "categories": categories,
        "typed": typed or Typed(),
        "at": request.GET.get("at", "")[:40],
        "more": max(0, rows.count() - choices.MOST_TAGS),
    }
    return render(request, "tags/tags.html", words, status=422 if typed else 200)


def _counted(rows: QuerySet[Tag, Tag]) -> QuerySet[Tag, Tag]:
    """Annotate the tags with the number of leads that have them, as `leads`."""
    mine = LeadTag.objects.filter(tag=OuterRef("pk"), lead__trash=None).order_by()
    each = mine.values("tag").annotate(n=Count("pk")).values("n")
    return rows.annotate(leads=Coalesce(Subquery(each), 0))


def _groups(
    rows: QuerySet[Tag, Tag], categories: list[TagCategory], *, all_of_them: bool
) -> list[Group]:
    """Group the tags by category; for a search, only the categories with matching tags."""
    found: dict[int | None, list[Tag]] = {one.pk: [] for one in categories}
    found[None] = []
    for tag in _counted(rows)[: choices.MOST_TAGS]:
        found[tag.category_id].append(tag)
    groups = [Group(one, found[one.pk]) for one in categories]
    groups.append(Group(None, found[None]))
    return [one for one in groups if one.tags or (all_of_them and one.category)]
