"""Templates: the admins' own, with placeholders that are known, filled in from a lead once."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from custode.activities.emails import placeholders, templates
from custode.activities.emails.models import EmailTemplate
from custode.clients import moves as folder_moves
from custode.guard import door
from custode.kernel.errors import Invalid, Refused
from custode.leads import mailing, moves
from tests.cast import Cast

TEXT = "Dear {{field:Contact}},\n\n{{lead.title}} costs {{ lead.amount }}.\n\n{{user.name}}"


def made(ferri: Cast, **parts: str) -> EmailTemplate:
    given = {"name": "Offer", "subject": "For {{field:Azienda}}", "text": TEXT, **parts}
    return templates.save(ferri.actor(ferri.anna), EmailTemplate(), **given)


def test_they_are_made_changed_and_offered_no_more_by_admins(ferri: Cast) -> None:
    anna, ugo = ferri.actor(ferri.anna), ferri.actor(ferri.ugo)
    one = made(ferri, name="  An   offer ")
    assert [str(found) for found in templates.offered()] == ["An offer"]
    templates.retire(anna, one, True)
    assert templates.offered() == []
    templates.retire(anna, one, False)
    for act in (
        lambda: templates.save(ugo, one, "Mine", "x", "y"),
        lambda: templates.save(ugo, EmailTemplate(), "Mine", "x", "y"),
        lambda: templates.retire(ugo, one, True),
    ):
        with pytest.raises(Refused):
            act()
    assert [str(found) for found in templates.offered()] == ["An offer"]


WRONG = [
    ({"name": ""}, "name", "A template needs a name."),
    ({"name": "x" * 81}, "name", "at most 80"),
    ({"name": "OFFER"}, "name", "of this name already"),
    ({"subject": ""}, "subject", "Write a subject."),
    ({"subject": "{{lead.tittle}}"}, "subject", "There is no placeholder {{lead.tittle}}."),
    ({"text": "{{lead.password}}"}, "text", "There is no placeholder {{lead.password}}."),
    ({"text": "{{}}"}, "text", "There is no placeholder {{}}."),
    ({"text": "{{field:}}"}, "text", "There is no placeholder {{field:}}."),
    ({"text": "{{lead.title}"}, "text", "begins with {{ and ends with }}"),
    ({"text": "lead.title}}"}, "text", "begins with {{ and ends with }}"),
    ({"text": "{{lead\n.title}}"}, "text", "begins with {{ and ends with }}"),
]


@pytest.mark.parametrize(("given", "field", "why"), WRONG)
def test_what_cannot_be_filled_in_is_named(
    ferri: Cast, given: dict[str, str], field: str, why: str
) -> None:
    made(ferri)
    with pytest.raises(Invalid) as no:
        made(ferri, **{"name": "Another", **given})
    assert (no.value.field, why in str(no.value)) == (field, True)
    assert EmailTemplate.objects.count() == 1


def test_it_is_filled_in_from_the_lead_and_its_lines(ferri: Cast) -> None:
    lead = ferri.lead(
        ferri.ugo, "Scanner", amount_minor=123_450, estimated_closing_date=date(2026, 12, 24),
        description="Azienda: Rossi\nCòntact: Mario {{user.email}}\nE-mail: mario@rossi.example",
    )  # fmt: skip
    ugo = ferri.actor(ferri.ugo)
    with translation.override("en"):
        filled = placeholders.fill(ugo, lead, TEXT)
    # What is filled in is not looked through again, and labels are found without their accents.
    assert filled == "Dear Mario {{user.email}},\n\nScanner costs 1,234.50 EUR.\n\nUgo Conti"
    with translation.override("it"):
        assert "1.234,50 EUR" in placeholders.fill(ugo, lead, "{{lead.amount}}")
    assert mailing.addresses(lead) == ["mario@rossi.example"]
    lead.description = "E-mail: irène@rossi.example, or ada@rossi.example."
    assert mailing.addresses(lead) == ["ada@rossi.example"]
    folder = folder_moves.create(ugo, "Rossi", owner=ferri.ugo)
    folder_moves.add_contact(ugo, folder, name="Ivo", email="ivo@rossi.example")
    folder_moves.add_contact(ugo, folder, name="Nobody")
    moves.edit(ugo, lead, client_folder=folder)
    assert mailing.addresses(lead) == ["mario@rossi.example", "ivo@rossi.example"]
    door.delete(ugo, [folder])
    lead.refresh_from_db()
    assert mailing.addresses(lead) == ["mario@rossi.example"]
    every = " ".join(f"{{{{{name}}}}}" for name in placeholders.names())
    assert "{{" not in placeholders.fill(ugo, lead, every)


def test_what_a_lead_has_not_stays_to_be_seen(ferri: Cast) -> None:
    lead = ferri.lead(None, "Scanner")
    filled = placeholders.fill(ferri.actor(ferri.ugo), lead, "{{lead.owner}} {{field:Contact}}")
    assert placeholders.left([filled]) == ["{{lead.owner}}", "{{field:Contact}}"]
