"""Exports of client folders by the API: by the filter that their page has."""

from __future__ import annotations

from custode.clients import moves as folders
from custode.kernel import scope
from tests.api.test_exports import make, rows
from tests.fields.made import a_field


def test_folders_leave_by_the_values_of_the_accounts_own_fields(app, people):
    with scope.account(people.ferri.account.pk):
        anna = people.actor(people.anna)
        vat = a_field(people, "VAT", kind="client_folder")
        for name, number in (("Rossi", "IT01"), ("Neri", "IT02"), ("Verdi", "DE01")):
            folders.create(anna, name, own={vat.pk: number})
    one = app("read", "export")

    def names(told: object) -> list[str]:
        begun = one.post("/exports", {"kind": "client_folder", "filter": told})
        make(people, begun)
        file = one.get(f"/exports/{begun.json['id']}/download")
        return sorted(row["name"] for row in rows(file))

    assert names({f"own-{vat.pk}": "it"}) == ["Neri", "Rossi"]
    assert names(f"?own-{vat.pk}=IT02&state=all") == ["Neri"]
    # A field that is not there has no values: nothing leaves, as the page shows nothing.
    none = {"kind": "client_folder", "filter": {f"own-{vat.pk + 1}": "it"}}
    assert one.post("/exports", none).status == 404


def test_what_is_no_number_of_a_field_lets_no_folder_leave(app, people):
    for name in ("own-", "own-x", "own-1x", f"own-{'1' * 19}"):
        refused = app("export").post("/exports", {"kind": "client_folder", "filter": {name: "it"}})
        assert (refused.status, refused.json["field"]) == (422, "filter"), name
