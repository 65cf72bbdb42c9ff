"""Settings: read from variables or a file; what is unknown or wrong stops the start."""

from __future__ import annotations

from pathlib import Path

import pytest

from custode.conf import secret
from custode.conf.databases import database
from custode.conf.options import OPTIONS, WrongSetting, load
from tools.paths import ROOT

pytestmark = pytest.mark.once
SOURCE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in (ROOT / "src" / "custode").rglob("*.py")
    if path.name != "options.py"
)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No `custode.env` of a developer meddles."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_setting_is_used(option):
    name = option.name.removeprefix("CUSTODE_")
    assert f'["{name}"]' in SOURCE


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_default_can_be_read(option):
    assert load({})[option.name.removeprefix("CUSTODE_")] == option.read(option.default)


def test_defaults_stand_in_the_documentation():
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for option in OPTIONS:
        row = next(line for line in page.splitlines() if line.startswith(f"| `{option.name}` |"))
        told = row.strip("| ").split(" | ")[-1]
        assert told == (f"`{option.default}`" if option.default else "empty"), option.name
        assert option.help in row


def test_an_unknown_setting_stops_the_start():
    with pytest.raises(WrongSetting, match=r"no setting CUSTODE_PROT\. .*docs/settings\.md"):
        load({"CUSTODE_PROT": "8000"})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PORT", "0"), ("PORT", "70000"), ("PORT", "eight"), ("PORT", "-1"), ("PORT", "²"),
        ("THREADS", "1"), ("THREADS", "65"), ("WORKER", "maybe"), ("BEHIND_PROXY", "true"),
        ("URL", "crm.example.com"), ("URL", "ftp://x"), ("URL", "https://"), ("URL", ""),
        ("URL", "https://crm.example.com/below"), ("URL", "https://a:99999"), ("URL", "http://[x"),
        ("URL", "https://user@crm.example.com"),
        ("DATABASE_URL", "mysql://x/y"), ("DATABASE_URL", "postgresql://x"),
        ("DATABASE_URL", "postgresql://x:port/y"), ("DATABASE_URL", "postgresql://[x/y"),
        ("BIND", "example.com"), ("BIND", "1.2.3"), ("TRUSTED_PROXIES", "10.0.0.1;10.0.0.2"),
        ("MAIL_PORT", "none"), ("MAIL_TLS", "ssl"), ("MAIL_FROM", "nobody"),
        ("UPLOAD_MB", "0"), ("LOG_LEVEL", "loud"),
    ],
)  # fmt: skip
def test_a_wrong_value_stops_the_start(name: str, text: str):
    with pytest.raises(WrongSetting, match=rf"^CUSTODE_{name} must be .+, not .+\.$"):
        load({f"CUSTODE_{name}": text})


def test_a_secret_value_is_not_shown():
    with pytest.raises(WrongSetting) as wrong:
        load({"CUSTODE_DATABASE_URL": "mysql://me:hidden@host/name"})
    assert "hidden" not in str(wrong.value)


def test_right_values_are_read():
    told = load({
        "CUSTODE_URL": "https://crm.example.com/", "CUSTODE_BIND": "localhost",
        "CUSTODE_TRUSTED_PROXIES": "10.0.0.1, ::1", "CUSTODE_WORKER": "no",
        "CUSTODE_DATA": "~/there", "CUSTODE_THREADS": "4",
    })  # fmt: skip
    assert told["URL"] == "https://crm.example.com"
    assert told["BIND"] == "127.0.0.1"
    assert told["TRUSTED_PROXIES"] == ["10.0.0.1", "::1"]
    assert told["WORKER"] is False
    assert told["DATA"] == Path("~/there").expanduser()
    assert told["THREADS"] == 4


def test_a_file_is_read_and_a_variable_wins(tmp_path: Path):
    file = tmp_path / "mine"
    text = "# ours\n\nCUSTODE_PORT=8001\nCUSTODE_MAIL_USER = a=b \n"
    file.write_text(text, encoding="utf-8")
    told = load({"CUSTODE_SETTINGS": str(file)})
    assert (told["PORT"], told["MAIL_USER"]) == (8001, "a=b")
    assert load({"CUSTODE_SETTINGS": str(file), "CUSTODE_PORT": "8002"})["PORT"] == 8002
    (tmp_path / "custode.env").write_text(text, encoding="utf-8")
    assert load({})["PORT"] == 8001


@pytest.mark.parametrize("text", ["CUSTODE_PORT", "PORT=1", "CUSTODE_NONE=1", "CUSTODE_PORT=x"])
def test_a_wrong_file_stops_the_start(tmp_path: Path, text: str):
    (tmp_path / "custode.env").write_text(text, encoding="utf-8")
    with pytest.raises(WrongSetting):
        load({})


def test_a_named_file_must_be_there():
    with pytest.raises(WrongSetting, match="no such file"):
        load({"CUSTODE_SETTINGS": "nowhere"})


@pytest.mark.parametrize("weak", ["short", "x" * 60, "abcabc" * 12])
def test_a_weak_key_stops_the_start(tmp_path: Path, weak: str):
    with pytest.raises(WrongSetting, match="weak"):
        secret.key(weak, tmp_path)


def test_a_key_is_made_once_and_kept_private(tmp_path: Path):
    made = secret.key("", tmp_path / "data")
    assert len(made) > 50
    assert secret.key("", tmp_path / "data") == made
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o077 == 0
    (tmp_path / "data" / "secret_key").write_text("cut", encoding="ascii")
    with pytest.raises(WrongSetting, match="backup"):
        secret.key("", tmp_path / "data")


def test_the_parts_of_postgresqls_address_arrive(tmp_path: Path):
    told = database("postgresql://me:p%40ss@db.example:6432/our%20crm?sslmode=require", tmp_path)
    assert (told["USER"], told["PASSWORD"], told["HOST"]) == ("me", "p@ss", "db.example")
    assert (told["PORT"], told["NAME"]) == ("6432", "our crm")
    assert told["OPTIONS"] == {"sslmode": "require"}
