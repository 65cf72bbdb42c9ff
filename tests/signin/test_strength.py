"""A refused password is answered in the person's language, whatever is wrong with it."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation

from custode.people.models import User

pytestmark = pytest.mark.once
MARTA = User(first_name="Marta", last_name="Fontanesi", email="marta@demo.example")
TABLE = [
    ("en", "short-1", "A password has at least 10 characters. Choose a longer one."),
    ("it", "short-1", "Una password ha almeno 10 caratteri. Scegline una più lunga."),
    ("en", "marta@demo.example",
     "This password is too much like what others know of you: e-mail address."),
    ("it", "marta@demo.example",
     "Questa password somiglia troppo a ciò che gli altri sanno di te: indirizzo e-mail."),
    ("en", "password1234", "This password is too common."),
    ("it", "password1234", "Questa password è troppo comune."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "password", "sentence"), TABLE)
def test_what_is_wrong_with_a_password(language: str, password: str, sentence: str) -> None:
    with translation.override(language), pytest.raises(ValidationError) as no:
        validate_password(password, MARTA)
    assert no.value.messages == [sentence]
