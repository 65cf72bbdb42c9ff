"""`custode resetuser`: an operator takes a user's access away and gives the way back."""

from __future__ import annotations

import pyotp
import pytest

from custode.console.main import main
from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.people import moves
from custode.signin import factors, leaving, links
from custode.signin.factors import moves as factor_moves
from custode.signin.factors import totp
from tests.cast import PASSWORD, Cast
from tests.signin.conftest import acting
from tests.signin.posting import again, delivered, token_in

WORDS = ["resetuser", "Ferri S.p.A.", "--email", "Anna@Ferri.example"]


def test_a_locked_out_admin_begins_anew(people: Cast, client, settings, capsys) -> None:
    settings.HAS_MAIL = True
    secret = totp.new_secret()
    with scope.account(people.anna.account_id):
        factor_moves.add_totp(
            acting(people.anna), people.anna, secret, pyotp.TOTP(secret).now(), this=0
        )
    with scope.everywhere("a test signs in"):
        client.force_login(people.anna)
    assert main(WORDS) == 0
    user = links.user_of(token_in(capsys.readouterr().out))
    assert user == people.anna
    assert client.get("/profile/").status_code == 302
    assert not again(people.anna).has_usable_password()
    with scope.account(people.anna.account_id):
        assert not factors.are_on(people.anna)
        verbs = LogEntry.objects.filter(actor_kind="operator").order_by("seq")
        assert list(verbs.values_list("verb", "details"))[-2:] == [
            ("two_factor", '{"off":"all"}'),
            ("sign_in", f'{{"reset":{people.anna.pk}}}'),
        ]
    assert "Whoever runs this installation" in "".join(letter.body for letter in delivered())


def test_the_log_tells_the_admins(people: Cast, client, capsys) -> None:
    main(["resetuser", "Ferri S.p.A.", "--email", "ugo@conti.example"])
    with scope.everywhere("a test signs in"):
        client.force_login(people.anna)
    page = client.get("/security/actions/").content.decode()
    assert "<b>The operator of this installation</b> reset the access of <b>Ugo Conti</b>" in page


def test_an_invited_user_gets_another_link(people: Cast, capsys) -> None:
    moves.create(people.actor(people.anna), first_name="Dino", email="dino@rota.example")
    assert main(["resetuser", "Ferri S.p.A.", "--email", "dino@rota.example"]) == 0
    assert links.user_of(token_in(capsys.readouterr().out)) is not None


@pytest.mark.parametrize("email", ["carla@lodi.example", "nobody@ferri.example", "", "bruna"])
def test_nobody_else_is_touched(people: Cast, capsys, email: str) -> None:
    assert main(["resetuser", "Ferri S.p.A.", "--email", email]) == 2
    assert capsys.readouterr().err.startswith("custode: ")
    for user in (people.anna, people.bruna, people.carla):
        assert again(user).check_password(PASSWORD)


def test_a_disabled_user_is_told_and_stays_out(people: Cast, capsys) -> None:
    leaving.disable(people.actor(people.anna), people.ugo)
    assert main(["resetuser", "Ferri S.p.A.", "--email", "ugo@conti.example"]) == 2
    assert again(people.ugo).check_password(PASSWORD)
