"""Privacy settings by the API: read, and set one."""

from __future__ import annotations

from custode.guard.models import LogEntry, PrivacySetting
from custode.kernel import scope
from tests.api.calling import Caller, key_for
from tests.cast import Cast

NAMES = {
    "export:lead", "export:client_folder", "export:prospecting_list",
    "delete:lead", "delete:client_folder", "delete:prospecting_list",
}  # fmt: skip


def holds(people: Cast, name: str) -> bool:
    verb, _colon, kind = name.partition(":")
    with scope.account(people.ferri.account.pk):
        return PrivacySetting.objects.filter(verb=verb, kind=kind, ticked=True).exists()


def last_entry(people: Cast) -> LogEntry:
    with scope.account(people.ferri.account.pk):
        return LogEntry.objects.latest("seq")


def test_the_rules_are_told_with_their_sentences(app):
    answer = app("read", "admin").get("/privacy_settings")
    rules = {rule["id"]: rule for rule in answer.json}
    assert rules.keys() >= NAMES
    assert answer.headers["X-TOTAL-COUNT"] == str(len(rules))
    rule = rules["export:lead"]
    assert rule["name"] == "Only admins can export leads"
    assert (rule["action"], rule["kind"]) == ("export", "lead")
    assert (rule["is_on"], rule["is_resting"], rule["refused_count"]) == (False, False, 0)
    assert app("read", "admin").get("/privacy_settings/export:lead").json == rule
    assert len(app("read", "admin").get("/privacy_settings", limit="2", offset="1").json) == 2


def test_a_rule_that_is_set_holds_at_once_and_counts_its_noes(app, people, program):
    one = app("read", "write", "delete", "admin")
    answer = one.put("/privacy_settings/delete:lead", {"is_on": "true", "colour": "red"})
    assert (answer.status, answer.json["is_on"]) == (200, True)
    entry = last_entry(people)
    assert (entry.verb, entry.outcome, entry.actor_kind) == ("privacy", "done", "key")
    lead = people.lead(people.ugo, "Scanner")
    refused = program(people.ugo).delete(f"/leads/{lead.pk}")
    assert (refused.status, refused.kind) == (403, "refused_by_rule")
    assert refused.json["rule"] == "delete:lead"
    assert one.get("/privacy_settings/delete:lead").json["refused_count"] == 1
    assert one.put("/privacy_settings/delete:lead", {"is_on": False}).json["is_on"] is False
    assert not holds(people, "delete:lead")
    assert program(people.ugo).delete(f"/leads/{lead.pk}").status == 200


def test_a_key_lifts_no_rule_on_what_it_is_not_good_for(app, people):
    whole = app()
    for rule, scopes in (
        ("export:lead", ("read", "write", "delete", "admin")),
        ("delete:lead", ("read", "write", "export", "admin")),
    ):
        path, missing = f"/privacy_settings/{rule}", rule.partition(":")[0]
        one = app(*scopes)
        assert one.put(path, {"is_on": True}).status == 200
        answer = one.put(path, {"is_on": False})
        assert (answer.status, answer.kind) == (403, "missing_scope")
        assert f"“{missing}”" in answer.json["message"]
        assert holds(people, rule)
        entry = last_entry(people)
        assert (entry.verb, entry.outcome, entry.actor_kind) == ("privacy", "refused", "key")
        assert whole.put(path, {"is_on": False}).status == 200
        assert not holds(people, rule)


def test_only_admins_read_and_set(app, people, program):
    refusals = (
        (program(people.ugo), "unauthorized_non_admin"),
        (app("read", "write", "delete", "export"), "unauthorized_non_admin"),
    )
    for caller, kind in refusals:
        for path in ("/privacy_settings", "/privacy_settings/export:lead"):
            answer = caller.get(path)
            assert (answer.status, answer.kind) == (403, kind)
    for caller, kind in (*refusals, (app("read", "delete", "export", "admin"), "missing_scope")):
        # What is set already is refused too, and so is taking away what does not hold.
        for body in ({"is_on": True}, {"is_on": False}):
            answer = caller.put("/privacy_settings/export:lead", body)
            assert (answer.status, answer.kind) == (403, kind)
        entry = last_entry(people)
        assert (entry.verb, entry.outcome, entry.entrance) == ("privacy", "refused", "api")
    assert not holds(people, "export:lead")
    answer = app("write", "admin").get("/privacy_settings")
    assert (answer.status, answer.kind) == (403, "missing_scope")


def test_what_is_no_rule_is_not_there(app):
    for name in ("export:user", "export", "nonsense", "restore:lead"):
        assert app().get(f"/privacy_settings/{name}").status == 404
        assert app().put(f"/privacy_settings/{name}", {"is_on": True}).status == 404


def test_on_or_off_must_be_said(app):
    for body in ("", "{}"):
        answer = app().put("/privacy_settings/export:lead", body)
        assert (answer.status, answer.kind, answer.json["field"]) == (
            422, "missing_parameter", "is_on",
        )  # fmt: skip
    answer = app().put("/privacy_settings/export:lead", {"is_on": "perhaps"})
    assert (answer.status, answer.kind) == (422, "invalid_parameter")


def test_the_other_edition_reads_its_rules_and_sets_none(people):
    lodi = Caller(key=key_for(people.lodi.account))
    assert {rule["is_on"] for rule in lodi.get("/privacy_settings").json} == {False}
    answer = lodi.put("/privacy_settings/export:lead", {"is_on": True})
    assert (answer.status, answer.kind) == (403, "other_edition")


def test_the_rules_of_another_account_stay(app, people):
    app().put("/privacy_settings/export:lead", {"is_on": True})
    lodi = Caller(key=key_for(people.lodi.account))
    assert lodi.get("/privacy_settings/export:lead").json["is_on"] is False
    assert holds(people, "export:lead")
