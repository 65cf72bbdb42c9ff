"""What the routes of admins and of post-sales speak of, besides leads."""

from __future__ import annotations

from typing import Any

from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.activities.emails import templates as letters
from custode.activities.emails.models import EmailTemplate
from custode.activities.models import ActivityType
from custode.leads.models import Status
from custode.people import teams
from tests.cast import Cast
from tests.emails import postbox
from tests.exchange.webhooks.made import a_delivery
from tests.postsales.processes import a_process, a_template, tasks

TEAMS = Sharing("shared", teams_on=True, team_visibility="members", assigning="everybody")


def set_up(people: Cast) -> dict[str, Any]:
    """A team of Ugo alone, a process of his, templates, a mail server; Ferri's is in scope."""
    anna = people.actor(people.anna)
    postbox.use(anna, 2525)
    letter = letters.save(anna, EmailTemplate(), "Offer", "About {{lead.title}}", "Hello.")
    sharing.change(anna, TEAMS)
    team = teams.create(anna, "North", {people.ugo.pk: False})
    won = people.lead(people.ugo, "Press", status=Status.WON, description="Email: m@rossi.example")
    process = a_process(people, won, people.ugo, "Delivery", "Send the contract", "Install")
    return {
        "team": team.pk, "won": won.pk, "process": process.pk, "task": tasks(process)[0].pk,
        "template": a_template(people).pk, "letter": letter.pk, "bruna": people.bruna.pk,
        **a_delivery(people, won),
        "step": people.ferri.steps[1].pk, "activity": ActivityType.objects.order_by("pk")[0].pk,
    }  # fmt: skip
