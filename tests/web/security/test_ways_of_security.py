"""From each page of security to all others, and from what is gone to the trash."""

from custode.guard import door


def test_all_of_security_is_one_press_away(people, come_in):
    client = come_in(people.anna)
    for page in (
        "",
        "actions/",
        "alerts/",
        "alerts/rules/",
        "sessions/",
        "log-check/",
        "whose-export/",
    ):
        shown = client.get(f"/security/{page}").text
        for way in (
            "/security/actions/", "/security/alerts/", "/security/sessions/", "/trash/",
            "/admin-panel/account/#two_factor_for", "/security/whose-export/",
            "/security/log-check/", "/admin-panel/account/privacy/",
        ):  # fmt: skip
            assert f'<a class="tab" href="{way}"' in shown


def test_the_page_of_something_deleted_says_where_it_is_and_to_whom(people, come_in):
    lead = people.lead(people.ugo, "Scanner")
    act = door.delete(people.actor(people.ugo), [lead])
    answer = come_in(people.anna).get(f"/leads/{lead.pk}/")
    assert answer.status_code == 404
    assert "This is in the trash" in answer.text
    assert "Scanner was deleted by Ugo Conti." in answer.text
    assert act.entry is not None
    assert f'href="/trash/{act.entry.pk}/"' in answer.text
    for other in (people.bruna, people.carla):
        answer = come_in(other).get(f"/leads/{lead.pk}/")
        assert answer.status_code == 404
        assert "trash" not in answer.text.split("<main")[1]
        assert "Scanner" not in answer.text
