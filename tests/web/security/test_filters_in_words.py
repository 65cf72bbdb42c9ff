"""The filter of an export, told in the language of whoever reads the log."""

import pytest
from django.db import transaction
from django.utils import translation

from custode.exchange import exporting
from custode.exchange.orders import Order
from custode.guard import log
from custode.guard.kinds import Verb
from custode.kernel import scope
from tests.web.security.telling import PAGE, facts


@pytest.fixture
def ugo(people):
    return people.actor(people.ugo)


def test_a_filter_is_told_in_the_readers_language(people, come_in, ugo):
    people.lead(people.ugo)
    with scope.account(people.ferri.account.pk), translation.override("it"):
        list(exporting.begin(ugo, Order("csv", query="status=todo")).rows())
    english = come_in(people.anna).get(PAGE)
    with scope.account(people.ferri.account.pk):
        people.anna.language = "it"
        people.anna.save(update_fields=["language"])
    italian = come_in(people.anna).get(PAGE)
    assert facts(english, "Ugo Conti exported")["filter"] == "Status: To do"
    assert facts(italian, "Ugo Conti ha esportato")["filter"] == "Stato: Da fare"


def test_a_filter_that_was_noted_in_one_language_stays_as_it_is(people, come_in, ugo):
    people.lead(people.ugo)
    with scope.account(people.ferri.account.pk), transaction.atomic():
        log.write(ugo, Verb.EXPORT, kind="lead", count=1, personal={"filter": "Vinte 2025"})
    answer = come_in(people.anna).get(PAGE)
    assert facts(answer, "Ugo Conti exported")["filter"] == "Vinte 2025"
