"""What production refuses, each in one sentence with the remedy, before anything is started."""

from __future__ import annotations

import json
import re
import shutil
import socket
from typing import TYPE_CHECKING

import pytest

from tests.production_stack import Production
from tests.stacks import make_copy

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "3f9c1f6f0f9e4b2d8f7a6c5e4d3b2a190807f6e5d4c3b2a1"
OWN = "postgresql://kyros@postgres:5432/kyros"
ELSEWHERE = "postgresql://kyros@db.example:5432/kyros"
PUBLISHED = "change-me-change-me-change-me-change-me"


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Production:
    """A copy that could start, were it not for what each test breaks."""
    found = Production(make_copy(tmp_path_factory.mktemp("refused") / "kyros"))
    assert "jwt_secret_key, session_secret_key" in found.done("keys")
    return found


@pytest.fixture(autouse=True)
def mended(ready: Production) -> Iterator[None]:
    """Put .env and secrets/ back after each test."""
    secrets = ready.folder / "secrets"
    kept = secrets.with_name("kept")
    shutil.copytree(secrets, kept)
    yield
    shutil.rmtree(secrets, ignore_errors=True)
    kept.rename(secrets)
    secrets.chmod(0o700)
    ready.write_env()


def refusal(ready: Production, *arguments: str) -> str:
    """Run `up`, expect it to refuse in one sentence, and return that."""
    done = ready.run("up", "--prod", "--detach", *arguments)
    assert done.returncode == 1, done.stdout + done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert re.fullmatch(r"[^;]+; .+\.", lines[0])
    assert not (ready.folder / ".kyros").exists()
    return lines[0]


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("KYROS_ENV", "development", "KYROS_ENV=development is no setting for production"),
        ("AUTH_MODE", "demo", "AUTH_MODE=demo lets anybody in without a password"),
        ("JWT_SECRET_KEY", PUBLISHED, "JWT_SECRET_KEY is a published value"),
        ("SESSION_SECRET_KEY", "short", "SESSION_SECRET_KEY is too short"),
        ("EDGE_HTTPS_PORT", "http", "EDGE_HTTPS_PORT is not a port"),
        ("API_REPLICAS", "three", "API_REPLICAS is not a number of containers"),
        ("KYROS_DOMAIN", "https://a.example", "KYROS_DOMAIN is not a host name"),
        ("ACME_EMAIL", "a@example.com", "ACME_EMAIL is set and KYROS_DOMAIN is not"),
    ],
)
def test_a_setting(ready: Production, variable: str, value: str, expected: str) -> None:
    """Development's, a bad secret though it is not used, or none that makes sense."""
    ready.write_env(**{variable: value})
    sentence = refusal(ready)
    assert expected in sentence
    assert PUBLISHED not in sentence


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("jwt_secret_key", None, "is missing; make it with nox -s secrets."),
        ("jwt_secret_key", "a1b2c3", "is too short"),
        ("jwt_secret_key", PUBLISHED, "is a published value"),
        ("jwt_secret_key", "ab" * 20, "can be guessed"),
        ("postgres_password", None, "is missing; make it with nox -s secrets."),
        ("session_secret_key", PUBLISHED, "is a published value"),
        ("session_secret_key_previous", "a1b2c3", "is too short"),
    ],
)
def test_a_secret(ready: Production, key: str, text: str | None, expected: str) -> None:
    """Missing, short, published; what it holds is never printed."""
    file = ready.folder / "secrets" / key
    file.unlink()
    if text is not None:
        file.write_text(text)
    sentence = refusal(ready)
    assert f"secrets/{key} {expected}" in sentence
    assert text is None or text not in sentence


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ({"COMPOSE_PROFILES": "postgres"}, "starts a PostgreSQL that nothing uses; add DATABASE_"),
        ({"DATABASE_URL": OWN}, "does not start; add COMPOSE_PROFILES=postgres to .env."),
        (
            {"COMPOSE_PROFILES": "metrics,postgres", "DATABASE_URL": OWN.replace("kyros@", "me@")},
            f"one database and user; set DATABASE_URL={OWN}.",
        ),
        ({"DATABASE_URL": ELSEWHERE}, "db.example, which containers without a way out"),
        (
            {
                "DATABASE_URL": ELSEWHERE.replace("@", ":secret-word@"),
                "DATABASE_NETWORK_INTERNAL": "false",
            },
            "holds a password, which everybody",
        ),
        (
            {
                "DATABASE_URL": ELSEWHERE.replace("db.example", "localhost"),
                "DATABASE_NETWORK_INTERNAL": "false",
            },
            "localhost, which in a container is that container itself",
        ),
        ({"DATABASE_NETWORK_INTERNAL": "no"}, "is neither true nor false"),
        ({"DATABASE_URL": "db.example"}, "is not the URL of a PostgreSQL database"),
        ({"DATABASE_URL_FILE": "/run/url"}, "DATABASE_URL_FILE is not read in production"),
    ],
)
def test_where_the_metadata_are(ready: Production, lines: dict[str, str], expected: str) -> None:
    """Lines of .env that do not go together, or that no container could follow."""
    ready.write_env(**lines)
    sentence = refusal(ready)
    assert expected in sentence
    assert "secret-word" not in sentence


def test_a_server_elsewhere(ready: Production) -> None:
    """It is taken with a way out, and a way out that leads nowhere is worth a note."""
    ready.write_env(DATABASE_NETWORK_INTERNAL="false")
    assert "gives api and jobs a way out that nothing needs" in ready.run("doctor", "--prod").stdout
    ready.write_env(DATABASE_NETWORK_INTERNAL="false", DATABASE_URL=ELSEWHERE)
    assert "on PostgreSQL at db.example" in ready.run("doctor", "--prod").stdout
    config = json.loads(ready.compose("config", "--format", "json").stdout)

    assert "internal" not in config["networks"]["database"]
    assert config["networks"]["clv"]["internal"]


def test_no_secrets_at_all(ready: Production) -> None:
    """One sentence for all of them; an empty file is as good as none."""
    (ready.folder / "secrets/jwt_secret_key").chmod(0o600)
    (ready.folder / "secrets/jwt_secret_key").write_text("")
    assert "secrets/jwt_secret_key is missing" in refusal(ready)
    shutil.rmtree(ready.folder / "secrets")
    assert "secrets/ is missing; make it with nox -s secrets." in refusal(ready)


def test_an_open_folder(ready: Production) -> None:
    """The files can be read by all, so the folder must not."""
    (ready.folder / "secrets").chmod(0o755)
    assert "chmod 700 secrets" in refusal(ready)


def test_a_port_in_use(ready: Production) -> None:
    """Who holds it, and the variable that moves ours."""
    with socket.create_server(("127.0.0.1", int(ready.values["EDGE_HTTPS_PORT"]))):
        assert "EDGE_HTTPS_PORT" in refusal(ready)


def test_no_local_processes(ready: Production) -> None:
    """Production is Docker's."""
    done = ready.run("up", "--prod", "--engine", "local")
    assert done.returncode == 2
    assert "--prod runs in Docker only" in done.stderr


def test_a_good_key_in_the_environment_is_not_used(ready: Production) -> None:
    """It is what a developer's .env holds; doctor says that it counts for nothing."""
    ready.write_env(JWT_SECRET_KEY=KEY)
    told = ready.run("doctor", "--prod")
    assert "JWT_SECRET_KEY of .env or the shell is not used" in told.stdout
    assert KEY not in told.stdout


def test_secrets_are_made_once_and_rotated(ready: Production) -> None:
    """What is there is kept; rotating keeps one key back, and not more than one a session."""
    folder = ready.folder / "secrets"

    def read() -> dict[str, str]:
        return {path.name: path.read_text().strip() for path in folder.iterdir()}

    assert folder.stat().st_mode & 0o777 == 0o700
    first = read()
    assert "All are there already" in ready.done("keys")
    assert first == read()
    ready.done("keys", "--rotate")
    second = read()
    assert second["jwt_secret_key_previous"] == first["jwt_secret_key"]
    assert second["session_secret_key_previous"] == first["session_secret_key"]
    assert not set(second.values()) & {first["jwt_secret_key_previous"]}
    assert second["postgres_password"] == first["postgres_password"]
    early = ready.run("keys", "--rotate")
    assert early.returncode == 1
    assert "repeat this in 60 minutes" in early.stderr
    assert second == read()
    ready.done("keys", "--revoke")
    third = read()
    assert third["jwt_secret_key_previous"] == ""
    assert third.pop("postgres_password") == second["postgres_password"]
    assert not set(third.values()) & (set(second.values()) - {""})
