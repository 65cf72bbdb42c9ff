"""Who acted by the API in somebody's name, or tried to, as the screens tell it."""

from __future__ import annotations

from custode.kernel import scope
from tests.api.calling import Caller


def test_who_acts_in_somebodys_name_is_told_in_the_readers_language(app, people, come_in_web):
    as_ugo = Caller(
        token=app(name="Phones").get("/auth/log_as", user_id=people.ugo.pk).json["token"]
    )
    lead = people.lead(people.ugo, "L")
    assert as_ugo.delete(f"/leads/{lead.pk}").status == 200
    with scope.account(people.ferri.account.pk):
        people.anna.language = "it"
        people.anna.save(update_fields=["language"])
    anna = come_in_web(people.anna)
    page = anna.get("/security/actions/").content.decode()
    assert "<b>Phones, come Ugo Conti,</b> ha eliminato <b>1 opportunità</b>." in page
    assert "Phones, come Ugo Conti · " in anna.get("/trash/").content.decode()


def test_a_refused_attempt_to_act_in_somebodys_name_is_told_as_that(app, people, come_in_web):
    key = app("read", "write", name="Curious")
    assert key.get("/auth/log_as", user_id=people.ugo.pk).status == 403
    page = come_in_web(people.anna).get("/security/actions/").content.decode()
    assert "<b>Curious</b> was not allowed to act in somebody&#x27;s name." in page
    assert "revoke API keys" not in page
