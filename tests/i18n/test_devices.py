"""Devices are looked for in the words of one's own language."""

from __future__ import annotations

import pytest
from django.utils import translation

from custode.signin.sessions import queries
from custode.signin.sessions.queries import Wanted
from tests.cast import Cast
from tests.signin.sessions.making import a_session


@pytest.mark.parametrize("words", ["safari su iphone", "telefono", "Telefono Safari"])
def test_a_device_is_found_by_italian_words(ferri: Cast, words: str) -> None:
    phone = a_session(ferri.ugo, browser="Safari", system="iPhone", form="phone")
    a_session(ferri.ugo)
    with translation.override("it"):
        found = queries.found(ferri.ferri.account, Wanted.of({"device": words}))
        assert [row.pk for row in found] == [phone.pk]
