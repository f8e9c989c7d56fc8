"""What is no backup, or not whole, is refused in a sentence, and nothing is touched."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from typing import TYPE_CHECKING

import pytest
from api_stage import ACME
from operator_stage import CONFIRMED, sentence

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from operator_stage import Operator

pytestmark = pytest.mark.databases


def remade(file: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Write a backup anew with other contents."""
    with zipfile.ZipFile(file) as zipped:
        parts = {name: zipped.read(name) for name in zipped.namelist()}
    change(parts)
    with zipfile.ZipFile(file, "w") as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)


def _flip(parts: dict[str, bytes]) -> None:
    name = next(name for name in parts if name.endswith(".parquet"))
    parts[name] = parts[name][:-1] + bytes([parts[name][-1] ^ 1])


def _add(parts: dict[str, bytes]) -> None:
    parts["tenants/../../evil.parquet"] = b""


def _list_outside(parts: dict[str, bytes]) -> None:
    manifest = json.loads(parts["manifest.json"])
    content = b"evil"
    digest = hashlib.sha256(content).hexdigest()
    manifest["files"].append({"path": "../evil.json", "bytes": 4, "sha256": digest})
    parts["../evil.json"] = content
    parts["manifest.json"] = json.dumps(manifest).encode()


def _without_data(parts: dict[str, bytes]) -> None:
    manifest = json.loads(parts["manifest.json"])
    for name in [name for name in parts if name.startswith(f"tenants/{ACME}/risk-analysis/")]:
        del parts[name]
        manifest["files"] = [one for one in manifest["files"] if one["path"] != name]
    parts["manifest.json"] = json.dumps(manifest).encode()


def _of_the_future(parts: dict[str, bytes]) -> None:
    manifest = json.loads(parts["manifest.json"])
    parts["manifest.json"] = json.dumps(manifest | {"schema_revision": "9999"}).encode()


def _newer_format(parts: dict[str, bytes]) -> None:
    manifest = json.loads(parts["manifest.json"])
    parts["manifest.json"] = json.dumps(manifest | {"format_version": 2}).encode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_flip, "is not what it was"),
        (_add, "holds other files than it lists"),
        (_list_outside, "its manifest makes no sense"),
        (_without_data, "without 8e1b3d5b"),
        (_of_the_future, "has schema 9999"),
        (_newer_format, "newer version of Kyros"),
        (lambda parts: parts.pop("manifest.json"), "it has no manifest"),
        (lambda parts: parts.pop("metadata.db"), "holds other files than it lists"),
    ],
)
@pytest.mark.parametrize("option", [CONFIRMED, ("--check",)], ids=["restore", "check"])
def test_what_is_not_whole_is_refused(
    operator: Operator,
    zipped: Path,
    change: Callable[[dict[str, bytes]], None],
    said: str,
    option: tuple[str, ...],
) -> None:
    """In one sentence, and nothing is changed."""
    remade(zipped, change)
    before = operator.state()
    done = operator.call("restore", str(zipped), *option)
    assert 1 == done.code
    assert said in done.err.splitlines()[-1]
    assert before == operator.state()


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(18)])
def test_a_file_that_is_no_backup(operator: Operator, tmp_path: Path, content: bytes) -> None:
    """Nor a part of one."""
    file = tmp_path / "x.zip"
    file.write_bytes(content)
    assert "is no backup of Kyros" in sentence(operator.call("restore", str(file), "--check"))


def test_a_check_says_of_when_it_is(operator: Operator, zipped: Path) -> None:
    """And changes nothing."""
    before = operator.state()
    done = operator.call("restore", str(zipped), "--check")
    assert (0, "") == (done.code, done.err)
    assert "is whole, and of " in done.out
    assert before == operator.state()


def test_restoring_over_something_is_confirmed(operator: Operator, zipped: Path) -> None:
    """Where nobody types, an option has to say it."""
    done = operator.call("restore", str(zipped))
    assert 2 == done.code
    assert "add --confirm restore" in done.err


def test_data_that_are_missing_are_named(operator: Operator, tmp_path: Path) -> None:
    """A backup without them would not be one."""
    folder = operator.files_of(ACME, "risk-analysis")[0].parent
    shutil.rmtree(folder)
    refused = sentence(operator.call("backup", str(tmp_path / "x.zip")))
    assert str(folder) in refused
    assert not [*tmp_path.glob("*.zip")]


def test_no_file_is_replaced_by_accident(operator: Operator, zipped: Path) -> None:
    """Nor half written."""
    content = zipped.read_bytes()
    assert "--force" in sentence(operator.call("backup", str(zipped)))
    assert content == zipped.read_bytes()
    assert 0 == operator.call("backup", str(zipped), "--force").code


@pytest.mark.parametrize("command", [("backup",), ("restore", "x.zip", *CONFIRMED)])
def test_a_server_that_is_away(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """It is said before anything else; its password is not."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://kyros:secret-word@127.0.0.1:1/kyros")
    refused = sentence(operator.call(*command))
    assert "postgresql://kyros@127.0.0.1:1/kyros cannot be reached; start the server" in refused
    assert "secret-word" not in refused
