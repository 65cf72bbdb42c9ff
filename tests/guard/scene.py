"""The scene on which the locks are tried."""

from __future__ import annotations

import pytest
from django.test import override_settings

from custode.guard import door, lock, scraping
from custode.guard.alerts import judging
from custode.guard.alerts.models import Alert
from custode.guard.kinds import Verb
from custode.guard.models import PrivacySetting
from custode.kernel.errors import Refused
from custode.leads import pipelines
from custode.leads.models import Lead
from custode.leads.tagging import tags_named
from custode.people import alerting
from custode.people.alerting import Wanted
from custode.people.models import Membership, Team
from tests.cast import Cast
from tests.fields.made import a_field


def lay_scene(ferri: Cast) -> Cast:
    """A living lead with a tag that has left, one in the trash, a retired step, a rule, a log."""
    ugo = ferri.actor(ferri.ugo)
    living = ferri.lead(ferri.ugo, "Living", tags=tags_named(ugo, ["Hot"]))
    door.delete(ugo, [ferri.lead(ferri.ugo, "Trashed")])
    anna = ferri.actor(ferri.anna)
    list(door.export(ugo, Lead.objects.all(), format="csv").rows())
    retired = pipelines.add_steps(anna, ferri.ferri.pipeline, ["Retired"])
    door.retire(anna, "lead", "step", retired, ferri.ferri.steps[0])
    door.retire(anna, "lead", "tag", tags_named(ugo, ["Old"]), None)
    a_field(ferri, "Region", "choice", "North", "South")
    with door.sensitive_act(ferri.actor(ferri.anna), Verb.PRIVACY):
        PrivacySetting.objects.create(verb="delete", kind="lead", ticked=True)
    with door.sensitive_act(ferri.actor(ferri.anna), Verb.USERS):
        Membership.objects.create(team=Team.objects.create(name="North"), user=ferri.ugo)
        Team.objects.create(name="Empty")
    with pytest.raises(Refused):
        door.delete(ugo, [living])
    _an_alert_with_its_letter(ferri)
    scraping.forget()
    with scraping.watching(ugo):
        scraping.tell("lead", range(1, scraping.SHARED + 1))
    return ferri


def _an_alert_with_its_letter(ferri: Cast) -> None:
    """A rule that was set, an alert of which an admin is told, and one without acts."""
    account = ferri.ferri.account.pk
    rule = alerting.of_account(account)["exports"]
    alerting.change(ferri.actor(ferri.anna), rule, Wanted.of(rule, at_least=7))
    with override_settings(HAS_MAIL=True):
        judging.judge(account)
    told = Alert.objects.earliest("pk")
    told.pk, told._state.adding = None, True
    with lock.opened(judging.word(account)):
        told.save()
