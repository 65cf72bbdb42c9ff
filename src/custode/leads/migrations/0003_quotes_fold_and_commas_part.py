"""Texts are folded anew, with plain quotes; and the comma, which parts tags, leaves their names."""

from collections.abc import Iterator
from itertools import chain, count
from typing import Any

from django.db import migrations

from custode.kernel.text import fold

CHUNK = 500


def fold_anew(apps: Any, schema_editor: Any) -> None:
    """Derive the folded columns of all leads, trashed ones too, and write those that differ."""
    leads = apps.get_model("leads", "Lead")._base_manager
    texts = ("title", "reference", "description", "title_folded", "searched")
    for rows in _chunks(leads.only(*texts)):
        differing = []
        for one in rows:
            before = one.title_folded, one.searched
            one.title_folded = fold(one.title)[:400]
            one.searched = fold(f"{one.title}\n{one.reference}\n{one.description}")
            if (one.title_folded, one.searched) != before:
                differing.append(one)
        leads.bulk_update(differing, ["title_folded", "searched"])


def commas_part(apps: Any, schema_editor: Any) -> None:
    """Give tags that have commas in their names another sign there; then fold the names anew."""
    tags = apps.get_model("leads", "Tag")._base_manager
    for tag in tags.filter(name__contains=","):
        plain = tag.name.replace(",", ";")
        taken = set(tags.filter(account_id=tag.account_id).values_list("name", flat=True))
        numbered = (f"{plain[:50]} {number}" for number in count(2))
        tag.name = next(name for name in chain([plain], numbered) if name not in taken)
        tag.save(update_fields=["name"])
    for rows in _chunks(tags.all()):
        for one in rows:
            one.folded = fold(one.name)
        tags.bulk_update(rows, ["folded"])


def _chunks(rows: Any) -> Iterator[list[Any]]:
    """All rows in the order of their numbers, some at a time."""
    last = 0
    while found := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield found
        last = found[-1].pk


class Migration(migrations.Migration):
    dependencies = [("leads", "0002_texts_sort_alike")]

    operations = [
        migrations.RunPython(fold_anew, migrations.RunPython.noop),
        migrations.RunPython(commas_part, migrations.RunPython.noop),
    ]
