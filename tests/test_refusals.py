"""What stops `up`, each in one sentence, with nothing started and nothing changed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from scripts.support import settings
from scripts.support.project import API, Engine
from tests.stacks import Stack, clean_environment, make_copy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "3f9c1f6f0f9e4b2d8f7a6c5e4d3b2a190807f6e5d4c3b2a1"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """A copy that could start, were it not for what each test breaks."""
    return Stack(make_copy(tmp_path_factory.mktemp("refusals") / "kyros"), Engine.LOCAL)


@pytest.fixture(autouse=True)
def mended(platform: Stack) -> Iterator[None]:
    """Put .env back after each test."""
    file = platform.folder / ".env"
    kept = file.read_text(encoding="utf-8")
    yield
    file.write_text(kept, encoding="utf-8")


def refusal(platform: Stack, *arguments: str) -> str:
    """Run `up`, expect it to refuse before it starts anything, and return its one sentence."""
    done = platform.run("up", "--engine", "local", *arguments)
    assert done.returncode == 1, done.stdout + done.stderr
    assert not (platform.folder / ".kyros").exists()
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].endswith(".")
    return lines[0]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("not a line", "this is not NAME=value"),
        ('NAME="never closed', "the quotes of NAME do not close"),
        ("MY-NAME=1", "MY-NAME is not a variable name"),
        ("3f9c1f6f0f9e4b2d", "this is not NAME=value"),
        ("LOG_LEVEL", "LOG_LEVEL has no value"),
        ("LOG_LEVEL=DEBUG\nLOG_LEVEL=INFO", "LOG_LEVEL is set twice"),
    ],
)
def test_a_broken_env_file(platform: Stack, line: str, expected: str) -> None:
    """The sentence names line and variable."""
    platform.set_variables({"LOG_LEVEL": "INFO"})
    file = platform.folder / ".env"
    text = file.read_text(encoding="utf-8").replace("LOG_LEVEL=INFO\n", "")
    file.write_text(f"{text}{line}\n", encoding="utf-8")
    sentence = refusal(platform)
    number = len(text.splitlines()) + line.count("\n") + 1
    assert f".env, line {number}: {expected}" in sentence


def test_an_env_file_that_is_not_text(platform: Stack) -> None:
    """A file in another encoding is told as such."""
    (platform.folder / ".env").write_bytes(b"A=1\nB=\xff\xfe\n")
    assert ".env, line 2: not UTF-8 text" in refusal(platform)


@pytest.mark.parametrize("value", ["http", "0", "70000", "-1", "80a"])
def test_a_port_that_is_none(platform: Stack, value: str) -> None:
    """The variable is named."""
    platform.set_variables({"API_PORT": value})
    assert "API_PORT is not a port" in refusal(platform)


def test_two_services_on_one_port(platform: Stack) -> None:
    """Both variables are named."""
    platform.set_variables({"API_PORT": platform.values["SHELL_UI_PORT"]})
    sentence = refusal(platform)
    assert "API_PORT" in sentence
    assert "SHELL_UI_PORT" in sentence


def test_a_port_in_use(platform: Stack) -> None:
    """Who holds it, and the variable that moves ours."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", API.port(platform.values)))
        taken.listen()
        sentence = refusal(platform)
    assert f"Port {API.port(platform.values)} of api is used by" in sentence
    assert f"process {os.getpid()}" in sentence
    assert "API_PORT" in sentence


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", "JWT_SECRET_KEY is missing"),
        ("a1b2c3", "JWT_SECRET_KEY is too short"),
        ("change-me-change-me-change-me-change-me", "JWT_SECRET_KEY is a published value"),
    ],
)
def test_a_bad_secret(platform: Stack, value: str, expected: str) -> None:
    """Missing, short, published; the value itself is never printed."""
    platform.set_variables({"JWT_SECRET_KEY": value})
    sentence = refusal(platform)
    assert expected in sentence
    assert not value or value not in sentence


def test_data_that_cannot_be_written(platform: Stack) -> None:
    """The remedy is a command."""
    data = platform.folder / "data"
    kept = data.with_name("data-kept")
    data.rename(kept)
    try:
        # A file in its place: root could write a folder whatever its permissions are.
        data.touch()
        assert "data/ cannot be written" in refusal(platform)
    finally:
        data.unlink()
        kept.rename(data)


def test_docker_without_an_engine(platform: Stack, tmp_path: Path) -> None:
    """Asked for Docker where its engine does not answer: a sentence, not a stack trace."""
    environment = clean_environment() | {"DOCKER_HOST": f"unix://{tmp_path}/none.sock"}
    fake = tmp_path / "docker"
    fake.write_text("#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2; exit 1\n")
    fake.chmod(0o755)
    environment["PATH"] = f"{tmp_path}:{environment['PATH']}"
    done = subprocess.run(
        [sys.executable, "-m", "scripts.up", "--engine", "docker"],
        check=False,
        capture_output=True,
        text=True,
        cwd=platform.folder,
        env=environment,
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "its engine does not run; start it" in done.stderr
    assert "--engine local" in done.stderr


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("up", ["--engine", "podman"]),
        ("up", ["--detatch"]),
        ("down", ["everything"]),
        ("logs", ["web"]),
        ("build", ["web"]),
        ("smoke", ["--fast"]),
        ("doctor", ["now"]),
        ("lint_docker", ["x"]),
        ("shell_ui", []),
    ],
)
def test_bad_arguments(platform: Stack, module: str, arguments: list[str]) -> None:
    """One sentence and exit code 2, wherever it is."""
    done = platform.run(module, *arguments)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "--help" in done.stderr


def test_smoke_and_logs_with_nothing_running(platform: Stack) -> None:
    """Both say so in one sentence."""
    for module in ("smoke", "logs"):
        done = platform.run(module)
        assert done.returncode == 1
        assert "start it with nox -s up" in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_volumes_are_not_deleted_without_an_answer(platform: Stack) -> None:
    """Nobody at the terminal, no --yes: it says what would go, and nothing goes."""
    treasure = platform.folder / "data" / "treasure"
    treasure.touch()
    done = platform.run("down", "--volumes")
    assert done.returncode == 1
    assert "data/treasure" in done.stdout
    assert treasure.exists()
    assert platform.run("down", "--volumes", "--yes").returncode == 0
    assert not treasure.exists()
    assert (platform.folder / "data" / "source").exists()


def test_the_generated_env_file(tmp_path: Path) -> None:
    """Random secrets, for the owner's eyes only, every variable of the example kept."""
    first, second = tmp_path / "first", tmp_path / "second"
    settings.generate(first)
    settings.generate(second)
    assert first.stat().st_mode & 0o777 == 0o600
    assert first.read_text() != second.read_text()
    assert first.read_text().count("=") == settings.ENV_EXAMPLE.read_text().count("=")


def test_doctor_tells_wrong_from_well(platform: Stack) -> None:
    """Exit code 0 on a sound machine, 1 with the remedy when something is wrong."""
    platform.set_variables({"JWT_SECRET_KEY": SECRET})
    well = platform.run("doctor")
    assert "JWT_SECRET_KEY is long and random" in well.stdout
    platform.set_variables({"JWT_SECRET_KEY": "short"})
    ill = platform.run("doctor")
    assert ill.returncode == 1
    assert "too short" in ill.stdout
    assert "secrets.token_hex" in ill.stdout
