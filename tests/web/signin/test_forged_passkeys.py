"""What is no passkey, or is signed by no one, opens nothing, proves nothing and is not kept."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestedCredentialData

from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel import scope
from custode.signin.models import Passkey
from tests.cast import PASSWORD

FORGED = [
    "", "x", "{}", "[]", '{"id": 1}', '{"id": "AAAA"}', '{"id":"AAAA","response":1}',
    '{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{}}',
    '{"id":"AAAA","rawId":"AAAA","type":"public-key","response":'
    '{"clientDataJSON":"e30","authenticatorData":"AAAA","signature":"AAAA"}}',
]  # fmt: skip


@pytest.fixture
def passkey(people):
    """A passkey of Ugo's whose private half nobody has."""
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    key = ES256.from_cryptography_key(point)
    credential = AttestedCredentialData.create(bytes(16), b"\x00\x00\x00", key)
    with door.sensitive_act(people.actor(people.ugo), Verb.TWO_FACTOR):
        Passkey.objects.create(
            account_id=people.ugo.account_id, user=people.ugo, name="Key", credential_id="AAAA",
            public_key=websafe_encode(bytes(credential)),
        )  # fmt: skip


@pytest.mark.parametrize("answer", FORGED)
def test_a_forged_passkey_opens_nothing(people, come_in, passkey, answer):
    client = come_in()
    client.get("/sign-in/passkey/options/")
    assert client.post("/sign-in/passkey/", {"passkey": answer}).status_code == 422
    assert client.get("/profile/").status_code != 200
    client.post("/sign-in/", {"email": "ugo@conti.example", "password": PASSWORD})
    assert client.get("/sign-in/code/").status_code == 200
    assert client.post("/sign-in/code/", {"passkey": answer, "code": ""}).status_code == 422
    assert client.get("/profile/").status_code != 200


@pytest.mark.parametrize("answer", FORGED)
def test_a_forged_passkey_proves_nothing(people, come_in, passkey, answer):
    client = come_in(people.ugo)
    client.get("/proof/")
    assert client.post("/proof/", {"passkey": answer}).status_code == 422


@pytest.mark.parametrize("answer", FORGED)
def test_what_is_no_passkey_is_not_kept(people, come_in, answer):
    client = come_in(people.ugo)
    client.get("/profile/sign-in/passkeys/options/")
    assert client.post("/profile/sign-in/passkeys/", {"passkey": answer}).status_code == 400
    with scope.account(people.ugo.account_id):
        assert not Passkey.objects.exists()
