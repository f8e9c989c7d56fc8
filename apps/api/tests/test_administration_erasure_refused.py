"""What keeps a tenant from being erased: said before anything is."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from api_stage import ACME
from operator_stage import ERASE_ACME, erase, found, sentence

from kyros_api.storage.lock import only_writer

if TYPE_CHECKING:
    from operator_stage import Operator

pytestmark = pytest.mark.databases


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for no requests, where a test has none."""
    monkeypatch.setattr("kyros_api.administration.erasure.GRACE", 0)


def test_a_receipt_is_never_replaced(operator: Operator, tmp_path: Path) -> None:
    """A file that is there, or a folder that is not, is refused before anything is erased."""
    file = tmp_path / "receipt.json"
    file.write_text("precious")
    before = operator.state()
    for target in (file, tmp_path / "new" / "receipt.json"):
        done = operator.run(*ERASE_ACME, "--receipt", str(target))
        assert 2 == done.code
        assert str(target.parent if target != file else file) in done.err
    assert before == operator.state()
    assert "precious" == file.read_text()


def test_receipts_that_cannot_be_written(operator: Operator) -> None:
    """That is found out before anything is erased."""
    (operator.data_dir / "receipts").write_text("a file in its place")
    before = operator.state()
    done = operator.run(*ERASE_ACME)
    assert 1 == done.code
    assert "let --receipt name a file elsewhere." in done.err
    assert before == operator.state()


def test_a_folder_that_is_a_link(operator: Operator, tmp_path: Path) -> None:
    """It is not followed, and said before anything is erased."""
    folder = operator.data_dir / "tenants" / ACME
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    before = operator.state()
    assert f"{folder} is a link" in sentence(operator.run(*ERASE_ACME))
    assert before == operator.state()


@pytest.mark.parametrize("place", ["tenants", f"tenants/{ACME}/risk-analysis"])
def test_folders_of_somebody_else(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """One from which nothing could be removed is said before anything is erased."""
    folder = operator.data_dir / place
    access = os.access

    def refuse(path: str | Path, mode: int) -> bool:
        return Path(path) != folder and access(path, mode)

    monkeypatch.setattr(os, "access", refuse)  # root may write everywhere
    before = operator.state()
    done = operator.run(*ERASE_ACME)
    assert 1 == done.code
    assert f"{folder} cannot be written; make it yours with: sudo chown" in done.err
    assert before == operator.state()


def test_one_writer_at_a_time(operator: Operator) -> None:
    """While data are being written, nothing is erased."""
    before = operator.state()
    with only_writer(operator.data_dir):
        done = operator.run(*ERASE_ACME)
    assert 1 == done.code
    assert "Another command is writing tenants' data; wait" in done.err
    assert before == operator.state()


@pytest.mark.sqlite
def test_a_reader_that_does_not_end(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who keeps an old state of the database open is waited for, and then said."""
    monkeypatch.setattr("kyros_api.administration.database.BUSY_TIMEOUT_MS", 50)
    with closing(sqlite3.connect(operator.database.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM tenants").fetchone()
        done = operator.run(*ERASE_ACME)
        assert 1 == done.code
        assert "repeat the command" in done.err
    erase(operator, "tenant", "erase", ACME)
    assert [] == found(operator, "Acme Corporation")
