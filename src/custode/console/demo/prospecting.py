"""The demo's prospecting lists: one half processed, one new, one imported from a file."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from custode.console.demo.selling import Seller
from custode.console.demo.signing_in import at_work
from custode.exchange.importing import job, runs
from custode.kernel import clock
from custode.kernel.text import fold
from custode.prospecting import columns, moves, outcomes, sheet
from custode.prospecting.models import Outcome, Prospect, ProspectingList
from custode.prospecting.overwriting import Edit

COLUMNS: Final = ("Azienda", "Referente", "E-mail", "Telefono", "Città", "Addetti")
_TRADES: Final = (
    "Meccanica", "Carpenteria", "Officina", "Stampi", "Torneria", "Fonderia", "Logistica",
    "Imballaggi", "Automazione", "Verniciatura",
)  # fmt: skip
_NAMES: Final = (
    "Aurora", "Brenta", "Cimone", "Delta", "Etruria", "Futura", "Garda", "Iride", "Lario",
    "Monviso", "Nerina", "Orione", "Padana", "Reno", "Sirio", "Ticino",
)  # fmt: skip
_FIRST: Final = ("Ada", "Bruno", "Carla", "Dario", "Elena", "Fabio", "Gina", "Ivo", "Lia", "Nico")
_LAST: Final = ("Rota", "Vanni", "Zorzi", "Pesce", "Galli", "Marini", "Serra", "Tosi")
_CITIES: Final = ("Torino", "Milano", "Brescia", "Forlì", "Padova", "Ancona", "Bari", "Cuneo")
LISTS: Final = (("Fiera di Montelago", 180, 60), ("Aziende del Nord-Est", 90, 0))
"""Title, rows, and how many of them have been processed."""
FILE: Final = ("Clienti Centro.csv", 120)
"""An imported file, and its number of rows."""
OVERWRITTEN: Final = 24
"""The number of rows whose city somebody has overwritten."""


def prospect(chance: random.Random, people: Sequence[Seller]) -> None:
    """Create lists of invented companies, each owned by somebody who signs in."""
    signing = [one for one in people if one.user.email]
    for n, (title, rows, worked) in enumerate(LISTS):
        who = signing[(n + 1) % len(signing)]
        with clock.at(clock.now() - timedelta(days=12 - 5 * n)):
            tags = ["fiera"] if n == 0 else []
            one = moves.create(who.actor, title, COLUMNS, tags=tags)
            numbers = [column.pk for column in columns.of(one)]
            sheet.write(
                who.by_command,
                one,
                rows=[dict(zip(numbers, _row(chance), strict=True)) for _n in range(rows)],
            )
            if n == 0:
                moves.share(who.by_command, one, True)
        _work(chance, who, one, worked)
    with clock.at(clock.now() - timedelta(days=6, hours=18)):
        _bring(chance, signing[0])


def _bring(chance: random.Random, who: Seller) -> None:
    """Import a file that becomes a list."""
    lines = [";".join(row) for row in (COLUMNS, *(_row(chance) for _n in range(FILE[1])))]
    file = "\n".join(lines).encode()
    run = runs.bring(who.user, who.actor, FILE[0], [file], kind=Prospect.kind.name)
    job.work(run.account_id, run.pk)
    run.refresh_from_db()
    runs.decide(run, {}, run.choices)
    job.work(run.account_id, run.pk)
    run.refresh_from_db()
    runs.start(run, who.actor)
    job.work(run.account_id, run.pk)


def _row(chance: random.Random) -> tuple[str, ...]:
    name = f"{chance.choice(_TRADES)} {chance.choice(_NAMES)}"
    first, last = chance.choice(_FIRST), chance.choice(_LAST)
    host = name.lower().replace(" ", "-")
    return (
        f"{name} {chance.choice(('S.r.l.', 'S.p.A.', 'S.n.c.'))}",
        f"{first} {last}",
        f"{fold(first)}.{fold(last)}@{host}.example" if chance.random() < 0.8 else "",
        f"+39 0{chance.randint(10, 99)} 55501{chance.randint(10, 99)}",
        chance.choice(_CITIES),
        str(chance.choice((4, 9, 12, 25, 60, 140))),
    )


def _work(chance: random.Random, who: Seller, one: ProspectingList, worked: int) -> None:
    ids = list(Prospect.objects.filter(in_list=one).order_by("place").values_list("pk", flat=True))
    done = chance.sample(ids[: 2 * worked], worked)
    if not done:
        return
    outcomes.into_leads(who.actor, one, done[:6])
    with clock.at(clock.now() - timedelta(days=10)):
        outcomes.mark(who.by_command, one, done[6:], Outcome.NOT_INTERESTED)


def overwrite(people: Sequence[Seller]) -> None:
    """Overwrite the city of many prospects: the log has it, with its undo."""
    one = ProspectingList.objects.get(title=LISTS[0][0])
    who = next(seller for seller in people if seller.user.pk == one.owner_id)
    city = next(column for column in columns.of(one) if column.name == "Città")
    rows = Prospect.objects.filter(in_list=one).order_by("place")[:OVERWRITTEN]
    edits = [Edit(row.pk, city.pk, row.cells.get(city.key, ""), "da verificare") for row in rows]
    with clock.at(clock.now() - timedelta(hours=2)):
        sheet.write(at_work(who), one, edits)
