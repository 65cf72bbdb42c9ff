"""Invent the contents of a lead: the client, the subject, notes and amounts."""

from __future__ import annotations

import random
from dataclasses import dataclass

from custode.console.demo import words
from custode.kernel.text import fold


@dataclass(frozen=True, slots=True)
class Invented:
    """The contents of a lead."""

    title: str
    description: str
    amount_minor: int | None
    probability: int | None
    tags: tuple[str, ...]


def lead(chance: random.Random, pipeline: str) -> Invented:
    """Return a lead for the pipeline with this name."""
    english = pipeline == "Export"
    firm, wares = _firm_and_ware(chance, pipeline)
    return Invented(
        title=f"{firm}: {wares}",
        description=_english(chance, firm) if english else _italian(chance, firm),
        amount_minor=chance.randrange(8, 900) * 10_000 if chance.random() < 0.88 else None,
        probability=chance.choice([10, 20, 30, 40, 50, 60, 75, 90, None]),
        tags=tuple(chance.sample(words.TAGS, chance.choice([0, 0, 1, 1, 2]))),
    )


def _firm_and_ware(chance: random.Random, pipeline: str) -> tuple[str, str]:
    if pipeline == "Export":
        firm = f"{chance.choice(words.ENGLISH_FIRMS)} {chance.choice(words.ENGLISH_FORMS)}".strip()
        return firm, chance.choice(words.ENGLISH_WARES)
    wares = {"Assistenza": words.REPAIRS, "Progetti": words.PROJECTS}
    firm = f"{chance.choice(words.ITALIAN_FIRMS)} {chance.choice(words.FORMS)}".strip()
    return firm, chance.choice(wares.get(pipeline, words.ITALIAN_WARES))


def _domain(firm: str) -> str:
    # Names that end in .example belong to nobody (RFC 2606).
    words_of_it = [word for word in firm.split() if "." not in word]
    return f"{words_of_it[-1].lower()}.example"


def _italian(chance: random.Random, firm: str) -> str:
    contact = chance.choice(words.CONTACTS)
    lines = [
        f"Referente: {contact}",
        f"Telefono: +39 0{chance.randrange(10, 99)} 555 {chance.randrange(1000, 9999)}",
        f"E-mail: {fold(contact.split()[0])}@{_domain(firm)}",
        f"Partita IVA: {vat(chance)}",
        f"PEC: amministrazione@pec.{_domain(firm)}",
        f"Indirizzo: {chance.choice(words.STREETS)} {chance.randrange(1, 140)},"
        f" {chance.choice(words.TOWNS)}",
    ]
    return _noted(chance, lines, words.NOTES)


def _english(chance: random.Random, firm: str) -> str:
    contact = chance.choice(words.ENGLISH_CONTACTS)
    lines = [
        f"Contact: {contact}",
        f"Phone: +44 1632 960{chance.randrange(100, 999)}",
        f"E-mail: {fold(contact.split()[0])}@{_domain(firm)}",
        f"Town: {chance.choice(words.ENGLISH_TOWNS)}",
    ]
    return _noted(chance, lines, words.ENGLISH_NOTES)


def _noted(chance: random.Random, lines: list[str], notes: tuple[str, ...]) -> str:
    kept = [line for line in lines if chance.random() < 0.85]
    return "\n".join(kept) + f"\n\n{chance.choice(notes)}".rstrip()


def vat(chance: random.Random) -> str:
    """Return an Italian VAT number of a non-existent tax office, with a correct check digit."""
    digits = [chance.randrange(10) for _ in range(7)] + [9, 9, 9]
    doubled = [d if i % 2 == 0 else d * 2 - 9 * (d > 4) for i, d in enumerate(digits)]
    return "".join(map(str, digits)) + str(-sum(doubled) % 10)
