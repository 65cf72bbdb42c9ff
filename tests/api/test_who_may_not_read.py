"""What a key is told that may act, and not read."""

from __future__ import annotations


def test_what_the_door_decides_tells_who_may_not_read_a_number_alone(app, people):
    one = app("write", "admin")
    for path, pk in (
        (f"/users/{people.ugo.pk}/disable", people.ugo.pk),
        ("/privacy_settings/delete:lead", "delete:lead"),
    ):
        answer = one.put(path, {"is_on": True})
        assert (answer.status, answer.json) == (200, {"id": pk})
    people.lead(people.ugo, "Scanner")
    asked = app("export").post("/exports", {"kind": "lead"})
    assert (asked.status, asked.json.keys()) == (201, {"id"})
    assert app("export").get("/exports").status == 200
