"""docs/ingest.md tells of every option and rule as it is, and its examples work."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kyros_api.cli import app
from kyros_api.ingest import rules
from kyros_api.modelling.registry import PREPARATIONS

if TYPE_CHECKING:
    import pytest
    from ingest_stage import Loader

TEXT = (Path(__file__).parents[3] / "docs" / "ingest.md").read_text(encoding="utf-8")
CALL = "nox -s ingest -- "


def test_the_examples_work(loader: Loader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command goes well with the files that the page shows."""
    monkeypatch.chdir(tmp_path)
    files = re.findall(r"`(\w+\.csv)`[^`]*```csv\n(.*?)```", TEXT, flags=re.DOTALL)
    assert {"shop.csv", "book.csv", "till.csv"} == {name for name, _ in files}
    for name, content in files:
        Path(name).write_text(content, encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", TEXT, flags=re.DOTALL)
    commands = [line for block in blocks for line in block.splitlines()]
    assert 5 == len(commands)
    for command in commands:
        done = loader.call("ingest", *shlex.split(command.removeprefix(CALL)))
        assert 0 == done.code, (command, done)


def test_every_option_is_told() -> None:
    """And none that there is not."""
    command = vars(typer.main.get_command(app))["commands"]["ingest"]
    taken = {option for parameter in command.params for option in parameter.opts}
    taken = {option for option in taken if option.startswith("--")} - {"--help"}
    table = re.search(r"\| option \| does \|\n(.*?)\n\n", TEXT, flags=re.DOTALL)
    assert table is not None
    assert taken == set(re.findall(r"`(--[a-z][a-z-]+)", table[1]))


def test_every_column_and_rule_is_told() -> None:
    """With what the product asks for: names that are required, and rules that can be broken."""
    listed = dict(re.findall(r"^\| `(\w+)` \| (required)? ?\|", TEXT, flags=re.MULTILINE))
    wanted: dict[str, str] = {}
    broken = {"fields"}
    for preparation in PREPARATIONS.values():
        columns = [*preparation.columns]
        for pair in preparation.products.values():
            columns += [column for column in pair if column not in columns]
        wanted |= {column.name: "required" if column.required else "" for column in columns}
        broken |= {rule for column in columns for rule in rules.rule_names(column)}
    assert wanted == listed
    table = TEXT[TEXT.index("| rule | a value |") :].partition("\n\n")[0]
    first = [row.split("|")[1] for row in table.splitlines()[2:]]
    told = {name.rpartition(":")[2] for cell in first for name in re.findall(r"`([a-z:-]+)`", cell)}
    assert broken == told
