"""What a file can be instead of good: each is said in a sentence, and nothing changes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

import duckdb
import pytest
from ingest_stage import CLV, RISK, Loader, accounts, purchases

from kyros_api.ingest import csv_file

if TYPE_CHECKING:
    from pathlib import Path

    class Writer(Protocol):
        """Writes a file and returns where it is."""

        def __call__(self, content: str | bytes, name: str = "file.csv") -> Path:
            """Write it."""


GOOD = purchases(40)
HEADER = "customer_id,date,quantity,spend\n"


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    """Return what writes a file."""

    def writer(content: str | bytes, name: str = "file.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return writer


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "file.csv is empty; it needs a header and rows."),
        (b"\xef\xbb\xbf \r\n", "file.csv is empty; it needs a header and rows."),
        (HEADER, "file.csv has no rows to take: it has a header only."),
        (b"\x00\x01\x02rubbish" * 50, "file.csv is neither CSV nor Parquet"),
        (b"PK\x03\x04rest", "file.csv is an Excel workbook or a zip; save the sheet as CSV"),
        (b"\x1f\x8b\x08rest", "file.csv is compressed; unpack it first: gunzip file.csv"),
        (b"PAR1 is not enough", "file.csv cannot be read as Parquet"),
        (GOOD + 'K1,2025-01-01,1,"5\n', "Line 42 of file.csv cannot be read as CSV"),
        (GOOD.encode() + b"K\xe9,2025-01-01,1,5\n", "Line 42 of file.csv is not utf-8 (byte 0xE9)"),
        (GOOD + "K1,2025-01-01,1,5\0\n", "file.csv is neither CSV nor Parquet"),
        ("a,A,date\n1,2,3\n", "file.csv has two columns with the name A"),
    ],
)
def test_no_table(loader: Loader, write: Writer, content: str | bytes, said: str) -> None:
    """A file that holds no table of rows is refused with one sentence."""
    message = loader.refused(write(content))
    assert message.startswith(said), message
    assert 1 == len(message.splitlines())


def test_parquet_in_name_only(loader: Loader, write: Writer) -> None:
    """A file is what its bytes say."""
    message = loader.refused(write(GOOD, "file.parquet"))
    assert "is called Parquet and is none" in message


def test_missing_columns(loader: Loader, write: Writer) -> None:
    """All that are missing are named, with what there is and the flags that mend it."""
    message = loader.refused(write("Kunde,Datum,Betrag\nA,2025-01-01,5\n"))
    assert (
        "file.csv is refused: it has no column for\n"
        "  customer_id: Whose purchase it is.\n"
        "  date: The day of the purchase.\n"
    ) in message
    assert "It has: Kunde, Datum, Betrag." in message
    assert "--column customer_id=NAME --column date=NAME --column spend=NAME" in message


def test_problems_are_named_and_counted(loader: Loader, write: Writer) -> None:
    """Ten by line, column, rule and value; all of them by column and rule."""
    bad = [
        ",2025-01-01,1,5",
        "K1,2025-02-30,1,5",
        "K1,01/02/2025,1,5",
        "K1,2025-01-01,1.5,5",
        "K1,2025-01-01,1,-5",
        "K1,2025-01-01,1,nan",
        "K1,2025-01-01,1,inf",
        "K1,2025-01-01,1,1e13",
        "K1,2025-01-01,1,12,50",
        "K1,1066-10-14,1,5",
        "K1,2999-01-01,1,5",
        '"K\n1",2025-01-01,1,5',
        "K1,2025-01-01,1,five",
    ]
    message = loader.refused(write(HEADER + "\n".join(bad) + "\n"))
    lines = message.splitlines()
    assert "file.csv is refused, and nothing was changed: 13 problems." == lines[0]
    assert [line.split() for line in lines[2:13]] == [
        ["line", "column", "rule", "value"],
        ["2", "customer_id", "missing"],
        ["3", "date", "not-a-date", "2025-02-30"],
        ["4", "date", "not-a-date", "01/02/2025"],
        ["5", "quantity", "not-whole", "1.5"],
        ["6", "spend", "negative", "-5"],
        ["7", "spend", "not-a-number", "nan"],
        ["8", "spend", "not-a-number", "inf"],
        ["9", "spend", "too-large", "1e13"],
        ["10", "row", "fields", "5", "fields"],
        ["11", "date", "too-early", "1066-10-14"],
    ]
    assert "  … and 3 more" == lines[13]
    counted = {line.split(": ")[0].strip() for line in lines[16:]}
    assert {
        "1 x row:fields",
        "2 x date:not-a-date",
        "1 x customer_id:missing",
        "1 x customer_id:control-character",
        "3 x spend:not-a-number",
    } <= counted


def test_rows_to_skip(loader: Loader, write: Writer) -> None:
    """Problems that shall be skipped leave their rows out, which the summary counts."""
    bad = "K1,2025-01-01,1,-5\n,2025-01-01,1,5\nK1,2025-01-01\n"
    flags = [
        part
        for rule in ("spend:negative", "customer_id:missing", "row:fields")
        for part in ("--skip", rule)
    ]
    out = loader.taken(write(GOOD + bad), *flags)
    assert "3 of 43 (1 row:fields, 1 customer_id:missing, 1 spend:negative)" in out
    assert (40,) == loader.table("transactions", columns="count(*)")[0]


def test_all_rows_skipped(loader: Loader, write: Writer) -> None:
    """A file of which nothing is left is refused."""
    file = write(HEADER + "K1,2025-01-01,1,-5\n")
    message = loader.refused(file, "--skip", "spend:negative")
    assert "file.csv has no rows to take: all of its rows were skipped." == message


def test_doubles_of_an_account(loader: Loader, write: Writer) -> None:
    """An account is there once; the second is the one that is named."""
    text = accounts(20) + "A00003,5,no,1,clerk,Town\n"
    message = loader.refused(write(text), dashboard=RISK)
    assert ["22", "account_id", "duplicate", "A00003"] in [
        line.split() for line in message.splitlines()
    ]


@pytest.mark.parametrize(
    ("column", "values", "advice"),
    [
        ("date", ["31.12.2024", "01.02.2025"], "--date-format '%d.%m.%Y'"),
        ("date", ["12/31/2024 8:05", "1/2/2025 12:00"], "--date-format '%m/%d/%Y %H:%M'"),
        ("date", ["2/1/2025", "1/2/2025"], "(which of these, only you know)"),
        ("date", ["2025-01-02", "31.12.2024"], "the file mixes forms: 1 are like 2026-03-31"),
        ("spend", ["12,50", "1.234,00"], "--decimal ,"),
        ("spend", ["1,234.50", "12"], "--decimal ."),
    ],
)
def test_advice(loader: Loader, write: Writer, column: str, values: list[str], advice: str) -> None:
    """Where one flag would mend a column, the refusal names it."""
    rows = [
        {"customer_id": "K", "date": "2025-01-01", "quantity": "1", "spend": "5"} | {column: value}
        for value in values
    ]
    text = "\n".join(["customer_id;date;quantity;spend", *(";".join(row.values()) for row in rows)])
    assert advice in loader.refused(write(text))


def test_advice_on_yes_and_no(loader: Loader, write: Writer) -> None:
    """The words that mean neither are listed, and mended by saying what they mean."""
    text = accounts(200).replace(",yes,", ",bad,").replace(",no,", ",good,")
    file = write(text)
    message = loader.refused(file, dashboard=RISK)
    assert (
        "say what they mean with --true WORD and --false WORD; there are 'good', 'bad'" in message
    )
    flags = ("--true", "bad", "--false", "good", "--dry-run")
    assert "Accounts   200" in loader.taken(file, *flags, dashboard=RISK)


@pytest.mark.parametrize(
    ("name", "text", "flags"),
    [
        ("semicolons", GOOD.replace(",", ";"), ()),
        ("tabs", GOOD.replace(",", "\t"), ()),
        ("bom", "\ufeff" + GOOD, ()),
        ("crlf", GOOD.replace("\n", "\r\n"), ()),
        ("comma", GOOD.replace(",", ";").replace(".50", ",50"), ("--decimal", ",")),
        ("quoted", "".join('"' + line.replace(",", '","') + '"\n' for line in GOOD.split()), ()),
        ("blank lines", "\n\n" + GOOD.replace("\n", "\n\n"), ()),
        ("other words", GOOD.replace("customer_id", "Customer ID").replace("date", "DATE"), ()),
        ("blanks", GOOD.replace(",", " , "), ()),
    ],
)
def test_forms_of_the_same(
    loader: Loader, write: Writer, name: str, text: str, flags: tuple[str, ...]
) -> None:
    """However it is written, the same comes of it."""
    loader.taken(write(GOOD))
    expected = loader.table("transactions")
    loader.taken(write(text, f"{name}.csv"), *flags)
    assert expected == loader.table("transactions")


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8-sig"])
def test_encodings(loader: Loader, write: Writer, encoding: str) -> None:
    """Other encodings are read when they are named, or when the file's first bytes say so."""
    text = GOOD + "Kätzchen,2025-01-01,1,5\n"
    flags = () if encoding != "cp1252" else ("--encoding", "cp1252")
    loader.taken(write(text.encode(encoding)), *flags)
    assert ("Kätzchen",) in loader.table("transactions", columns="customer_id")


def test_a_file_that_changes_meanwhile(
    loader: Loader, write: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that somebody still writes is not half taken."""
    file = write(GOOD)
    real = csv_file.CsvFile.load

    def append_then_load(self: csv_file.CsvFile, *arguments: object) -> csv_file.Loaded:
        with file.open("a") as still_writing:
            still_writing.write("K1,2025-01-01,1,5\n")
        return real(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(csv_file.CsvFile, "load", append_then_load)
    assert "file.csv changed while it was read; wait" in loader.refused(file)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere.csv",), "There is no file nowhere.csv"),
        ((".",), "is a folder; name one CSV or Parquet file in it."),
        ((os.devnull,), "is no regular file"),
        ((), "ingest needs a FILE; or --undo"),
        (("--undo", "FILE"), "--undo takes no FILE"),
        (("FILE", "--column", "customer"), "write it like --column customer_id=CustID"),
        (("FILE", "--column", "who=date"), "there is no column who; there are: customer_id, date"),
        (("FILE", "--column", "date=Datum"), "the file has no column Datum; it has: customer_id"),
        (("FILE", "--exclude", "Datum"), "--exclude Datum: the file has no column Datum"),
        (("FILE", "--segment", "city"), "--segment city: the file has no such further column"),
        (("FILE", "--skip", "spend:odd"), "there is no such problem; there are: customer_id:"),
        (("FILE", "--encoding", "klingon"), "There is no encoding 'klingon'"),
        (("FILE", "--encoding", "hex"), "There is no encoding 'hex'"),
        (("FILE", "--delimiter", "x"), "--delimiter 'x' is none that is known"),
        (("FILE", "--decimal", "x"), "--decimal 'x' must be a point or a comma."),
        (("FILE", "--date-format", "%d/%m"), "does not tell year, month and day"),
        (("FILE", "--date-format", "%Q"), "--date-format '%Q' is no format"),
        (("FILE", "--currency", "euro"), "'euro' is not a currency"),
        (("FILE", "--as-of", "soon"), "--as-of 'soon' is no date"),
        (("FILE", "--as-of", "2025-01-01"), "is before the last date of the file, 2025-"),
        (("FILE", "--title", "\x1b[1m"), "cannot be a name"),
    ],
)
def test_arguments_that_make_no_sense(
    loader: Loader, write: Writer, arguments: tuple[str, ...], said: str
) -> None:
    """Each is one sentence with exit code 2, and nothing changes."""
    file = str(write(GOOD))
    message = loader.wrong(*(file if word == "FILE" else word for word in arguments))
    assert said in message
    assert 1 == len(message.splitlines())


def test_unknown_tenant_and_dashboard(loader: Loader, write: Writer) -> None:
    """What there is is named."""
    file = str(write(GOOD))
    stranger = loader.call("ingest", "--tenant", "acme", "--dashboard", CLV, file)
    assert (2, True) == (stranger.code, "there are: acme-corp, beta-ind" in stranger.err)
    assert "there are: customer-lifetime-value, risk-analysis" in loader.wrong(file, dashboard="x")


@pytest.mark.parametrize("name", ["pd", "Score", "EXPOSURE", "expected_loss"])
def test_reserved_names(loader: Loader, write: Writer, name: str) -> None:
    """A column that Kyros makes itself has to be left out or renamed."""
    text = accounts(30).replace("account_id,exposure", "account_id,amount").replace("ratio", name)
    file = write(text)
    message = loader.refused(file, "--column", "exposure=amount", dashboard=RISK)
    assert f"A column cannot be called {name}" in message
    assert f"--exclude {name}" in message


def test_columns_without_a_single_value(loader: Loader, tmp_path: Path) -> None:
    """A list or a struct in Parquet is named, with how to leave it out."""
    file = tmp_path / "lists.parquet"
    with duckdb.connect() as database:
        database.execute(
            "COPY (SELECT 'A' || i AS account_id, 5.0 AS exposure, i % 2 = 0 AS defaulted,"
            f" [1, 2] AS history FROM range(9) AS t(i)) TO '{file}'"
        )
    message = loader.refused(file, dashboard=RISK)
    assert "Column history of lists.parquet holds INTEGER[], which is no single value" in message


def test_spend_from_quantity_and_price(loader: Loader, write: Writer) -> None:
    """Where a till writes pieces and their price, spend is their product; returns are negative."""
    rows = "K1,2025-01-01,3,2.10\nK2,2025-01-02,-1,2.10\n"
    file = write("Customer ID,Date,Quantity,Unit Price\n" + rows)
    message = loader.refused(file)
    assert ["3", "spend", "negative", "-2.1"] in [line.split() for line in message.splitlines()]
    loader.taken(file, "--skip", "spend:negative")
    assert [("K1", 3, 6.3)] == loader.table("transactions", columns="customer_id, quantity, spend")


def test_nothing_but_the_title_can_reach_a_terminal(loader: Loader, write: Writer) -> None:
    """A value is shown without what would move a cursor, and cut where it is long."""
    text = HEADER + "K1,\x1b[2Jx" + "y" * 99 + ",1,5\n"
    message = loader.refused(write(text))
    assert "\x1b" not in message
    assert "�[2Jx" in message
    assert max(map(len, message.splitlines())) < 120


def test_an_unclosed_quotation_mark(loader: Loader, write: Writer) -> None:
    """A quotation mark that is never closed swallows lines until it is noticed."""
    text = HEADER + 'K1,"' + "x" * 200_000 + "\n" * 3
    message = loader.refused(write(text))
    assert "cannot be read as CSV" in message
