"""DATABASE_URL: what it may be, what is said of it, and that nobody reads a password there."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from api_stage import SECRET

from kyros_api.cli import main
from kyros_api.metadata.location import PostgresServer, SqliteFile, parse_location
from kyros_api.settings import ApiSettings, StorageSettings
from kyros_shared_config import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from api_stage import Stage

HIDDEN = "hunter2hunter2"


def test_the_file_is_the_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without a URL, DATABASE_PATH names the file; with one, the URL wins."""
    monkeypatch.setenv("DATABASE_PATH", str(tmp_path / "x.db"))
    assert SqliteFile(tmp_path / "x.db") == load_settings(StorageSettings).database
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/y.db")
    assert SqliteFile(tmp_path / "y.db") == load_settings(StorageSettings).database


def test_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The URL and the password may each be in a file; neither is ever printed with the password."""
    (tmp_path / "url").write_text("postgresql://kyros@db.example/kyros?sslmode=require\n")
    (tmp_path / "password").write_text(f"{HIDDEN}\n")
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))
    monkeypatch.setenv("DATABASE_PASSWORD_FILE", str(tmp_path / "password"))
    settings = load_settings(StorageSettings)
    found = settings.database
    assert isinstance(found, PostgresServer)
    assert HIDDEN == found.password
    assert "postgresql://kyros@db.example/kyros" == str(found)
    assert HIDDEN not in repr(found) + repr(settings)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (f"mysql://kyros:{HIDDEN}@db/kyros", "asks for mysql, and Kyros knows postgresql"),
        (f"kyros:{HIDDEN}@db/kyros", "is not the URL of a database"),
        (f"postgresql://kyros:x@{HIDDEN}@db/kyros", "write the password into DATABASE_PASSWORD_"),
        (f"postgresql://kyros:x/{HIDDEN}@db/kyros", "write the password into DATABASE_PASSWORD_"),
        (f"postgresql://kyros:x#{HIDDEN}@db/kyros", "cannot be read; write postgresql://USER@"),
        (f"postgresql://kyros:{HIDDEN}@db:port/kyros?x=y", "cannot be read; write postgresql://"),
        (f"postgresql://kyros:{HIDDEN}@db", "cannot be read; write postgresql://USER@HOST"),
        ("sqlite:///", "names no file"),
    ],
)
def test_refused(monkeypatch: pytest.MonkeyPatch, url: str, said: str) -> None:
    """What is no database of ours stops the start with one sentence, without the password."""
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("JWT_SECRET_KEY", SECRET)
    with pytest.raises(SystemExit) as stopped:
        load_settings(ApiSettings)
    sentence = str(stopped.value)
    assert sentence.startswith("Cannot start: DATABASE_URL ")
    assert said in sentence
    assert HIDDEN not in sentence
    assert 1 == len(sentence.splitlines())


def test_a_missing_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A password file that is not there is named."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://kyros@db/kyros")
    monkeypatch.setenv("DATABASE_PASSWORD_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(SystemExit, match=r"DATABASE_PASSWORD_FILE names .*nowhere, which cannot"):
        load_settings(StorageSettings)


def test_commands_cannot_reach_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each command says in one sentence that nobody is there."""
    monkeypatch.setenv("DATABASE_URL", f"postgresql://kyros:{HIDDEN}@127.0.0.1:1/kyros")
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    for command in (["status"], ["migrate"], ["admin", "tenant", "list"]):
        with pytest.raises(SystemExit) as stopped:
            main(command)
        assert 1 == stopped.value.code
        assert (
            "kyros-api: postgresql://kyros@127.0.0.1:1/kyros cannot be reached; start the server, "
            "or correct DATABASE_URL.\n" == capsys.readouterr().err
        )


def test_the_api_says_so_and_waits(
    make_stage: Callable[..., Stage], caplog: pytest.LogCaptureFixture
) -> None:
    """The API starts, says in its log what is wrong, and answers 503 until it is mended."""
    caplog.set_level(logging.DEBUG)
    url = f"postgresql://kyros:{HIDDEN}@127.0.0.1:1/kyros"
    client = make_stage(database_url=url).client
    assert "postgresql://kyros@127.0.0.1:1/kyros cannot be reached; start the server" in caplog.text
    assert 200 == client.get("/health").status_code
    for path in ("/health/db", "/api/auth/options"):
        answer = client.get(path)
        assert (503, "DATABASE_UNAVAILABLE") == (answer.status_code, answer.json()["error"]["code"])
        assert HIDDEN not in answer.text
    assert HIDDEN not in caplog.text


def test_a_wrong_password(postgres_server: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It is said of the password, and not what it was."""
    parsed = parse_location(f"{postgres_server}/postgres", HIDDEN)
    with pytest.MonkeyPatch.context() as patch:
        assert isinstance(parsed, PostgresServer)
        login, _, place = parsed.url.removeprefix("postgresql://").rpartition("@")
        user = login.partition(":")[0]
        patch.setenv("DATABASE_URL", f"postgresql://{user}:{HIDDEN}@{place}")
        if "%2F" in place:
            pytest.skip("a server of this machine's own programs asks for no password")
        with pytest.raises(SystemExit):
            main(["status"])
    said = capsys.readouterr().err
    assert "refuses user and password; correct DATABASE_URL" in said
    assert HIDDEN not in said
