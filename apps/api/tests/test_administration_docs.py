"""docs/administration.md tells of every command as it is, and its examples work."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer
from api_stage import ACME
from operator_stage import PNG

from kyros_api.administration.commands import app

if TYPE_CHECKING:
    from operator_stage import Operator

TEXT = (Path(__file__).parents[3] / "docs" / "administration.md").read_text(encoding="utf-8")
CALL = "nox -s admin -- "
GROUPS = vars(typer.main.get_command(app))["commands"]
COMMANDS = {
    f"{group} {name}": command
    for group, commands in GROUPS.items()
    for name, command in vars(commands)["commands"].items()
}


def sections() -> dict[str, str]:
    """Return what stands under the heading of each command."""
    _, *parts = re.split(r"^### `(.+)`$", TEXT, flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def examples(text: str) -> list[str]:
    """Return the lines of the examples."""
    blocks = re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def test_every_command_has_its_section() -> None:
    """And no section tells of a command that is not there."""
    assert sorted(COMMANDS) == sorted(sections())


@pytest.mark.parametrize("name", COMMANDS)
def test_a_section_explains_every_option(name: str) -> None:
    """Each option that the command takes, and none that it does not; and it has an example."""
    section = sections()[name]
    taken = {option for parameter in COMMANDS[name].params for option in parameter.opts}
    taken = {option for option in taken if option.startswith("--")}
    told = set(re.findall(r"(?<!-)--[a-z][a-z-]+", section))
    assert taken - {"--help"} <= told
    assert told - taken <= {"--help"}
    assert any(f"{CALL}{name}" in line for line in examples(section))


def test_the_examples_work(
    operator: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One after the other, on the demo; those that ask say so."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("kyros_api.administration.erasure.GRACE", 0)
    (tmp_path / "gamma.png").write_bytes(PNG)
    version = next((operator.data_dir / "tenants" / ACME / "risk-analysis").iterdir()).name
    for line in examples(TEXT.replace("VERSION", version)):
        typed, _, command = line.rpartition(CALL)
        stdin = shlex.split(typed)[1].encode() if typed else b""
        done = operator.run(*shlex.split(command, comments=True), stdin=stdin)
        if line.endswith("# asks"):
            assert 2 == done.code
            assert "Nobody is here" in done.err
        else:
            assert 0 == done.code, (line, done)


def test_help_is_quick() -> None:
    """It loads neither the database nor settings nor tables: a quarter of a second, not two."""
    program = [sys.executable, "-X", "importtime", "-m", "kyros_api.cli"]
    done = subprocess.run(program, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    assert "kyros_api.administration.commands.tenants" in done.stderr
    for slow in ("sqlalchemy", "pydantic", "duckdb", "rich.console", "fastapi", "pwdlib"):
        assert f" {slow}\n" not in done.stderr


def test_every_command_has_a_short_help() -> None:
    """It fits the list of commands, where longer ones would be cut off."""
    for name, command in COMMANDS.items():
        assert not command.get_short_help_str(limit=60).endswith("..."), name
