"""The static files as they are served: what pages and modules name is there."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import override_settings

from tools.paths import PACKAGE

IMPORTED = re.compile(r"""^import\b[^"']*["']([^"']+)["']""", re.MULTILINE)
HASHED = re.compile(r"\.[0-9a-f]{12}\.js$")


@pytest.mark.slow
@pytest.mark.once
def test_modules_import_each_other_by_names_that_change_with_their_content(tmp_path, settings):
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "custode.conf.storage.HashedFiles"}}
    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path):
        call_command("collectstatic", interactive=False, verbosity=0)
        served = tmp_path / staticfiles_storage.url("custode/shell.js").partition("static/")[2]
    todo, seen = [served], set()
    while todo:
        module = todo.pop()
        assert HASHED.search(module.name), module
        seen.add(module)
        found = [(module.parent / name).resolve() for name in IMPORTED.findall(module.read_text())]
        todo += [one for one in found if one not in seen]
    assert len(seen) > 8


def test_every_template_names_static_files_that_exist():
    folder = PACKAGE / "web" / "templates"
    named = set()
    for template in folder.rglob("*.html"):
        named |= set(re.findall(r"{% static '([^']+)' %}", template.read_text()))
    assert len(named) > 5
    missing = [name for name in named if finders.find(name) is None]
    assert missing == []
