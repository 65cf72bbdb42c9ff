"""The users' pages: adding, roles, invitations, links for a password."""

import json
import re

import pytest
from django.db import transaction

from custode.guard.models import LogEntry, LogPerson
from custode.kernel import scope
from custode.people import moves
from custode.people.models import User
from custode.signin import links
from tests.signin.posting import delivered_one

PAGE = "/admin-panel/users/"
DINO = {"first_name": "Dino", "last_name": "Rota", "email": "dino@rota.example", "role": "user"}


@pytest.fixture
def zelda(people):
    """Somebody who was only named in a file."""
    return moves.create_named(people.actor(people.anna), ["Zelda Fitti"])["Zelda Fitti"]


def text(answer):
    return answer.content.decode()


def stored(user):
    with scope.account(user.account_id):
        return User.objects.get(pk=user.pk)


def link_in(words):
    return found_in(r"/password/([^/\s\"]+)/", words)


def found_in(words, page):
    match = re.search(words, page)
    assert match is not None
    return match[1]


def owner_in(page):
    owner = links.user_of(link_in(page))
    assert owner is not None
    return owner


def test_everybody_is_listed_with_role_and_sign_in(people, zelda, come_in):
    page = text(come_in(people.anna).get(PAGE))
    for words in ("Anna Ferri", "ugo@conti.example", "Zelda Fitti", "No sign-in", "Admin"):
        assert words in page
    assert "Carla" not in page


def test_the_search_takes_parts_of_names_and_addresses(people, come_in):
    page = text(come_in(people.anna).get(f"{PAGE}?q=ugo con"))
    assert "ugo@conti.example" in page
    assert "bruna@sala.example" not in page
    assert "Nobody has this name" in text(come_in(people.anna).get(f"{PAGE}?q=xyz"))


@pytest.mark.parametrize("query", ["page=x", "page=-5", "page=99999999999", "q=%00", "q=%25"])
def test_a_nonsense_address_is_still_a_page(people, come_in, query):
    assert come_in(people.anna).get(f"{PAGE}?{query}").status_code == 200


def test_a_new_user_gets_a_link_that_is_shown_once(people, come_in):
    answer = come_in(people.anna).post(f"{PAGE}new/", DINO)
    assert answer.status_code == 200
    assert "No mail is set up" in text(answer)
    assert "no-store" in answer["Cache-Control"]
    owner = links.user_of(link_in(text(answer)))
    assert owner is not None
    assert (owner.email, owner.address, owner.role) == (None, "dino@rota.example", "user")
    page = text(come_in(people.anna).get(f"{PAGE}{owner.pk}/"))
    assert "/password/" not in page
    assert "Invited" in page


def test_with_mail_set_up_the_link_is_mailed_and_not_shown(people, come_in, mailing):
    answer = come_in(people.anna).post(f"{PAGE}new/", DINO, follow=True)
    assert "/password/" not in text(answer)
    assert "dino@rota.example" in text(answer)
    letter = delivered_one()
    assert letter.to == ["dino@rota.example"]
    assert owner_in(letter.body).first_name == "Dino"
    assert "Ferri S.p.A." in letter.body


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({"first_name": ""}, "first-name"),
        ({"first_name": "\x00"}, "first-name"),
        ({"email": ""}, "email"),
        ({"email": "not one"}, "email"),
        ({"email": "UGO@conti.example"}, "email"),
        ({"email": "a" * 300 + "@rota.example"}, "email"),
        ({"role": "emperor"}, "role"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_the_rest_is_kept(people, come_in, change, at):
    answer = come_in(people.anna).post(f"{PAGE}new/", DINO | change)
    assert answer.status_code == 422
    assert f'id="{at}-mistake"' in text(answer)
    assert 'value="Rota"' in text(answer)


def test_all_mistakes_are_told_at_once(people, come_in):
    wrong = {"first_name": " ", "email": "nobody", "role": "god"}
    page = text(come_in(people.anna).post(f"{PAGE}new/", DINO | wrong))
    for name in ("first-name", "email", "role"):
        assert f'id="{name}-mistake"' in page
    missing = text(come_in(people.anna).post(f"{PAGE}new/", {}))
    assert missing.count('class="mistake"') == 2


ELSEWHERE = "carla@lodi.example"


def seen(come_in, people, address, given):
    """What an admin sees of an invitation: the answer, then the user's page and the list."""
    client = come_in(people.anna)
    answer = client.post(address, given, follow=True)
    pages = [text(answer), text(client.get(answer.request["PATH_INFO"])), text(client.get(PAGE))]
    with scope.account(people.anna.account_id):
        user = User.objects.get(pending_email=given["email"])
    pages.append(text(client.get(f"{PAGE}{user.pk}/")))
    kept = [re.sub(r'value="\w{64}"|content="\w{64}"|/password/[\w-]+', "", page) for page in pages]
    return answer.status_code, [page.replace(given["email"], "@") for page in kept]


@pytest.mark.parametrize("has_mail", [True, False])
@pytest.mark.parametrize("road", ["create", "invite"])
def test_an_address_taken_elsewhere_looks_like_a_free_one(
    people, zelda, come_in, settings, road, has_mail
):
    settings.HAS_MAIL = has_mail
    address = f"{PAGE}new/" if road == "create" else f"{PAGE}{zelda.pk}/invite/"

    def of(email):
        """In a world of its own: what is done is undone."""
        point = transaction.savepoint()
        found = seen(come_in, people, address, DINO | {"email": email})
        transaction.savepoint_rollback(point)
        number = r"/users/\d+/|\?user=\d+|\?who=user:\d+|tint-\d"
        return found[0], [re.sub(number, "", page) for page in found[1]]

    free = of("free@rota.example")
    assert free[0] == 200
    assert of(ELSEWHERE) == free


def test_only_the_mailbox_of_a_taken_address_learns_it(people, come_in, mailing):
    come_in(people.anna).post(f"{PAGE}new/", DINO | {"email": ELSEWHERE})
    letter = delivered_one()
    assert letter.to == [ELSEWHERE]
    assert "signs in to Custode already" in letter.body


def test_within_the_own_account_the_other_user_is_named(people, come_in):
    answer = come_in(people.anna).post(f"{PAGE}new/", DINO | {"email": "ugo@conti.example"})
    assert "Ugo Conti has the address" in text(answer)


def test_a_role_is_changed(people, come_in):
    answer = come_in(people.anna).post(f"{PAGE}{people.bruna.pk}/role/", {"role": "admin"})
    assert answer.status_code == 302
    assert stored(people.bruna).role == "admin"


def test_the_last_admin_stays_one_and_is_told_so(people, come_in):
    answer = come_in(people.anna).post(f"{PAGE}{people.anna.pk}/role/", {"role": "user"})
    assert answer.status_code == 422
    assert 'id="role-mistake"' in text(answer)
    assert stored(people.anna).role == "admin"


def test_somebody_named_in_a_file_is_invited(people, zelda, come_in):
    answer = come_in(people.anna).post(
        f"{PAGE}{zelda.pk}/invite/", {"email": "zelda@fitti.example"}
    )
    assert owner_in(text(answer)).pk == zelda.pk
    assert stored(zelda).address == "zelda@fitti.example"


@pytest.mark.parametrize("email", ["", "x", "ugo@conti.example", "\x00"])
def test_a_wrong_address_invites_nobody(people, zelda, come_in, email):
    answer = come_in(people.anna).post(f"{PAGE}{zelda.pk}/invite/", {"email": email})
    assert answer.status_code == 422
    assert 'id="email-mistake"' in text(answer)
    assert stored(zelda).address == ""


def test_who_has_an_address_keeps_it(people, come_in):
    come_in(people.anna).post(f"{PAGE}{people.ugo.pk}/invite/", {"email": "thief@x.example"})
    assert stored(people.ugo).email == "ugo@conti.example"


def test_a_new_link_is_made_for_a_forgotten_password(people, come_in):
    page = text(come_in(people.anna).post(f"{PAGE}{people.ugo.pk}/link/"))
    assert owner_in(page).pk == people.ugo.pk


def test_there_is_no_link_for_who_has_no_address(people, zelda, come_in):
    assert come_in(people.anna).post(f"{PAGE}{zelda.pk}/link/").status_code == 400
    assert links_in_the_log(people) == []


def links_in_the_log(people):
    """For whom links were made, and by whom."""
    with scope.account(people.ferri.account.pk):
        made = LogEntry.objects.filter(verb="users", details__contains='"link"').order_by("seq")
        persons = [json.loads(LogPerson.objects.get(seq=entry.seq).data) for entry in made]
        return [(json.loads(entry.details)["link"], person["labels"], person["actor"])
                for entry, person in zip(made, persons, strict=True)]  # fmt: skip


@pytest.mark.parametrize("has_mail", [False, True])
def test_every_link_that_an_admin_makes_is_in_the_log(people, zelda, come_in, settings, has_mail):
    settings.HAS_MAIL = has_mail
    client = come_in(people.anna)
    client.post(f"{PAGE}new/", DINO)
    client.post(f"{PAGE}{zelda.pk}/invite/", {"email": "zelda@fitti.example"})
    client.post(f"{PAGE}{people.ugo.pk}/link/")
    with scope.account(people.ferri.account.pk):
        dino = User.objects.get(pending_email=DINO["email"])
    assert links_in_the_log(people) == [
        (dino.pk, ["Dino Rota"], "Anna Ferri"),
        (zelda.pk, ["Zelda Fitti"], "Anna Ferri"),
        (people.ugo.pk, ["Ugo Conti"], "Anna Ferri"),
    ]
    page = text(client.get("/security/actions/"))
    assert "<b>Anna Ferri</b> made a link for <b>Ugo Conti</b> to set a password." in page


ROUTES = [
    ("get", ""), ("get", "new/"), ("post", "new/"), ("get", "{pk}/"), ("post", "{pk}/role/"),
    ("post", "{pk}/invite/"), ("post", "{pk}/link/"), ("post", "{pk}/address/"),
    ("post", "{pk}/two-factor/"), ("get", "{pk}/leaves/"), ("post", "{pk}/leaves/"),
    ("post", "{pk}/enable/"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "end"), ROUTES)
def test_who_is_no_admin_is_refused_everywhere(people, zelda, come_in, method, end):
    address = PAGE + end.format(pk=zelda.pk)
    given = {**DINO, "role": "admin", "email": "own@dino.example"}
    answer = getattr(come_in(people.ugo), method)(address, given)
    assert answer.status_code == 403
    assert "Anna Ferri" in text(answer)
    assert "/password/" not in text(answer)
    assert (stored(zelda).role, stored(zelda).address) == ("user", "")
    assert stored(zelda).is_active


@pytest.mark.parametrize(("method", "end"), [route for route in ROUTES if "pk" in route[1]])
def test_another_accounts_user_is_not_there(people, come_in, method, end):
    address = PAGE + end.format(pk=people.ugo.pk)
    answer = getattr(come_in(people.carla), method)(address, {"role": "admin"})
    assert answer.status_code == 404
    assert stored(people.ugo).role == "user"


@pytest.mark.parametrize(("method", "end"), ROUTES)
def test_a_visitor_is_sent_to_the_sign_in(people, come_in, method, end):
    answer = getattr(come_in(), method)(PAGE + end.format(pk=people.ugo.pk))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


@pytest.mark.parametrize(("method", "end"), [route for route in ROUTES if route[0] == "post"])
def test_a_form_without_its_token_is_refused(people, come_in, method, end):
    answer = come_in(people.anna, strict=True).post(PAGE + end.format(pk=people.ugo.pk), DINO)
    assert answer.status_code == 403
    assert "too old" in text(answer)
