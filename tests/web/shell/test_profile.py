"""What a person sets for themselves."""

import pytest

from custode.kernel import scope
from custode.people.models import User


def stored(people):
    with scope.account(people.ferri.account.pk):
        return User.objects.get(pk=people.ugo.pk)


def test_a_change_holds_at_once(people, come_in):
    given = {"language": "it", "time_zone": "America/New_York", "theme": "dark"}
    assert come_in(people.ugo).post("/profile/", given).status_code == 302
    ugo = stored(people)
    assert (ugo.language, ugo.time_zone, ugo.theme) == ("it", "America/New_York", "dark")


def test_one_alone_leaves_the_others(people, come_in):
    come_in(people.ugo).post("/profile/", {"theme": "dark", "next": "/trash/"})
    assert stored(people).language == "en"


@pytest.mark.parametrize(
    "given",
    [{"language": "xx"}, {"time_zone": "../../etc/passwd"}, {"theme": "pink"}, {"theme": "\x00"}],
)
def test_what_there_is_not_is_not_taken(people, come_in, given):
    assert come_in(people.ugo).post("/profile/", given).status_code == 422
    assert stored(people).theme == "auto"


def test_role_and_address_are_not_taken_from_the_form(people, come_in):
    come_in(people.ugo).post(
        "/profile/", {"role": "admin", "email": "x@y.example", "theme": "dark"}
    )
    ugo = stored(people)
    assert (ugo.role, ugo.email) == ("user", "ugo@conti.example")


def test_one_is_not_sent_to_a_foreign_page(people, come_in):
    given = {"theme": "dark", "next": "//evil.example/"}
    assert come_in(people.ugo).post("/profile/", given)["Location"] == "/profile/"
