"""The leaving drill: Ugo has done harm and leaves; six clicks later all of it is undone."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from custode.exchange import exporting
from custode.exchange.orders import Order
from custode.guard import door
from custode.kernel import scope
from custode.leads import tagging
from custode.leads.models import Lead
from custode.prospecting.models import Prospect, ProspectingList
from tests.cast import Cast
from tests.prospecting.sheets import a_list

Enter = Callable[..., Any]
MOST_CLICKS = 6


def contents(cast: Cast) -> dict[str, list[dict[str, str]]]:
    """All that an export of Anna's holds, row by row, but for when it was last touched."""
    found = {}
    with scope.account(cast.ferri.account.pk):
        for model in (Lead, Prospect):
            rows = list(door.export(cast.actor(cast.anna), model.objects.order_by("pk"),
                                    format="csv").rows())  # fmt: skip
            names = [c.name for c in door.exportable(cast.actor(cast.anna), model.objects.all())]
            found[model.kind.name] = [
                {n: str(v) for n, v in zip(names, row, strict=True) if n != "updated_at"}
                for row in rows
            ]
    return found


def furnish(cast: Cast) -> ProspectingList:
    """Thirty leads of Ugo's with tags and comments' worth of detail, and a list of prospects."""
    ugo = cast.actor(cast.ugo)
    with scope.account(cast.ferri.account.pk):
        tags = tagging.tags_named(ugo, ["Fiera", "Caldo"])
        for n in range(30):
            cast.lead(cast.ugo, f"Pressa {n}", amount_minor=1_000_00 + n, tags=tags[: n % 3])
        rows = [(f"Cliente {n}", "Torino", f"c{n}@cliente.example") for n in range(40)]
        return a_list(ugo, "Fiera di Bologna", rows)


def rampage(cast: Cast, prospects: ProspectingList) -> None:
    """Ugo exports, deletes twelve leads, empties a list and gives his other leads away."""
    ugo = cast.actor(cast.ugo)
    with scope.account(cast.ferri.account.pk):
        body = exporting.stream(cast.ugo, ugo, Order(format="csv"))
        assert body is not None
        text = b"".join(body).decode("utf-8-sig")
        body.close()
        assert len(list(csv.reader(io.StringIO(text)))) == 31
        door.delete(ugo, Lead.objects.filter(pk__in=Lead.objects.order_by("pk").values("pk")[:12]))
        door.delete(ugo, Prospect.objects.filter(in_list=prospects))
        door.delete(ugo, [prospects])
        door.change(ugo, Lead.objects.all(), "owner", cast.bruna)


class Clicks:
    """Counts what the mouse does on a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def link(self, name: str) -> None:
        self._click(self.page.get_by_role("link", name=name, exact=True).first)

    def box(self, name: str) -> None:
        self._click(self.page.get_by_label(name, exact=True))

    def button(self, name: str) -> None:
        self._click(self.page.get_by_role("button", name=name, exact=True))

    def _click(self, what: Any) -> None:
        self.count += 1
        what.click()


def test_ugo_leaves_and_in_six_clicks_all_is_as_it_was(
    people: Cast, enter: Enter, axe: Callable[[Page], None]
) -> None:
    prospects = furnish(people)
    before = contents(people)
    his = enter(people.ugo, path="/leads/")
    rampage(people, prospects)
    assert contents(people) != before
    page = enter(people.anna, path="/").page
    clicks = Clicks(page)
    clicks.link("Admin panel")
    clicks.link("Users")
    clicks.link("Ugo Conti")
    clicks.link("Ugo leaves …")
    expect(page.get_by_role("heading", name="Ugo Conti leaves")).to_be_visible()
    exported = page.get_by_text("Ugo Conti exported 30 leads as CSV.")
    expect(exported).to_be_hidden()
    page.get_by_text("with nothing to undo").click()
    expect(exported).to_be_visible()
    axe(page)
    clicks.box("Undo everything that can be undone")
    clicks.button("Disable Ugo Conti")
    expect(page.get_by_role("heading", name="What has been done")).to_be_visible()
    assert clicks.count <= MOST_CLICKS
    expect(page.get_by_text("Ugo Conti is disabled. 1 device was signed out.")).to_be_visible()
    expect(page.get_by_text("Undone since")).to_have_count(4)
    axe(page)
    assert contents(people) == before
    his.page.reload()
    expect(his.page).to_have_url(f"{his.url}/sign-in/?next=/leads/&over=disabled")


def test_handed_over_on_a_phone_in_italian_it_goes_to_bruna(people: Cast, enter: Enter) -> None:
    prospects = furnish(people)
    rampage(people, prospects)
    path = f"/admin-panel/users/{people.ugo.pk}/leaves/"
    page = enter(people.anna, language="it", phone=True, path=path).page
    page.locator("[data-choose-page]").check()
    page.locator("#heir").select_option(str(people.bruna.pk))
    page.get_by_role("button", name="Disattiva Ugo Conti").click()
    expect(page.get_by_role("heading", name="Che cosa è stato fatto")).to_be_visible()
    with scope.account(people.ferri.account.pk):
        assert Lead.objects.filter(owner=people.bruna).count() == 30
        assert Prospect.objects.count() == 40
        assert ProspectingList.objects.get().owner == people.bruna
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
