"""Keys of applications: what is kept of them, how many there are, and who ends one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from custode.exchange.webhooks import moves as webhook_moves
from custode.exchange.webhooks import signature_keys as signing
from custode.exchange.webhooks.moves import Wanted
from custode.kernel import clock
from custode.kernel.actor import Actor, ActorKind, Scope
from custode.kernel.errors import Gone, Invalid, Refused
from custode.signin import sealing
from custode.signin.api_keys import moves
from custode.signin.api_keys.models import ApiKey
from tests.cast import Cast


@pytest.fixture
def anna(ferri: Cast) -> Actor:
    """Anna, who has just proved that she is it."""
    return replace(ferri.actor(ferri.anna), proved=True)


def test_what_a_revoked_key_had_encrypted_goes_with_it(anna: Actor) -> None:
    key, text = moves.make(anna, "Sync", [Scope.READ], recoverable=True)
    assert sealing.unseal(ApiKey.objects.get(pk=key.pk).secret) == text
    moves.revoke(anna, key)
    key.refresh_from_db()
    assert (key.secret, key.revoked_by) == ("", "Anna Ferri")
    with pytest.raises(Gone):
        moves.revoke(anna, key)


def test_a_key_ends_itself_and_no_other(ferri: Cast, anna: Actor) -> None:
    one, _text = moves.make(anna, "Sync", [Scope.READ])
    other, _text = moves.make(anna, "Shop", [Scope.READ])
    itself = replace(
        ferri.actor(ferri.ugo), kind=ActorKind.KEY, id=one.pk, name="Sync",
        scopes=frozenset({Scope.READ}),
    )  # fmt: skip
    with pytest.raises(Refused):
        moves.revoke(itself, other)
    moves.revoke(itself, one)
    assert list(ApiKey.objects.filter(revoked_at=None)) == [other]


def test_a_key_whose_day_has_come_signs_nothing_any_more(anna: Actor) -> None:
    day = clock.now() + timedelta(days=1)
    _key, text = moves.make(anna, "Sync", [Scope.READ], recoverable=True, expires_at=day)
    hook, _secret = webhook_moves.make(
        anna, Wanted("lead.creation", "url", "https://shop.example/in", "Shop")
    )
    assert signing.readable(hook) == text
    with clock.at(day + timedelta(seconds=1)):
        assert signing.readable(hook) is None


def test_fifty_keys_are_enough_and_those_that_are_over_do_not_count(
    anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert moves.MOST == 50
    monkeypatch.setattr(moves, "MOST", 2)
    day = clock.now() + timedelta(days=1)
    moves.make(anna, "For a day", [Scope.READ], expires_at=day)
    key, _text = moves.make(anna, "For good", [Scope.READ])
    with pytest.raises(Invalid, match="50 keys"):
        moves.make(anna, "One more", [Scope.READ])
    with clock.at(day + timedelta(seconds=1)):
        moves.make(anna, "In its place", [Scope.READ])
    with pytest.raises(Invalid, match="50 keys"):
        moves.make(anna, "One more", [Scope.READ])
    moves.revoke(anna, key)
