"""What holds for values, held to plain Python: DuckDB must judge and read every text as it does."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kyros_api.ingest import rules
from kyros_api.ingest.mapping import Field
from kyros_api.ingest.reading import Reading
from kyros_api.modelling.preparation import InputColumn

if TYPE_CHECKING:
    from collections.abc import Iterator

TODAY = date(2026, 11, 24)
_ZONE = r"( ?(Z|[+-]\d\d(:?\d\d)?))?"
_TIME = rf"([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d{{1,9}})?)?{_ZONE})?"
ISO = re.compile(rf"(\d{{4}}-\d\d-\d\d){_TIME}", re.ASCII)


class Judge:
    """Judges texts by the SQL that ingesting runs."""

    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        self._database = database

    def judge(
        self,
        column: InputColumn,
        text: str,
        **said: Any,  # noqa: ANN401 - what Reading takes
    ) -> tuple[str | None, Any]:
        """Return the rule that a text breaks, and its value when it breaks none."""
        reading = Reading(None, **said)  # type: ignore[arg-type]
        dialect = rules.dialect_of(reading, TODAY.isoformat())
        field = Field(column, 0)
        broken = rules.problem(field, "c", dialect)
        value = rules.value(field, "c", dialect)
        sql = (
            f"SELECT {broken}, CASE WHEN ({broken}) IS NULL THEN {value} END"
            f" FROM (SELECT {rules.tidied('t', reading)} AS c FROM (SELECT $text AS t))"
        )
        ((rule, found),) = self._database.execute(sql, {"text": text}).fetchall()
        return rule, found


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    """Open a database to judge in."""
    with duckdb.connect(":memory:") as database:
        yield Judge(database)


def tidied(text: str) -> str | None:
    """Return a text without the blanks around it, None when nothing is left."""
    return text.strip(" \t\r\n\xa0") or None


def read_number(text: str, decimal: str | None) -> float | None:
    """Return the number that a text is, None when it is none."""
    if decimal == ",":
        if not re.fullmatch(r"[+-]?((\d+|\d{1,3}(\.\d{3})+)(,\d*)?|,\d+)", text, re.ASCII):
            return None
        return float(text.replace(".", "").replace(",", "."))
    if decimal == "." and re.match(r"[+-]?\d{1,3}(,\d{3})+(?!\d)", text, re.ASCII):
        text = text.replace(",", "")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", text, re.ASCII):
        return None
    return float(text)


def judge_number(text: str, decimal: str | None, *, whole: bool) -> tuple[str | None, Any]:
    """Judge a number that must not be negative, nor more than a thousand."""
    tidy = tidied(text)
    if tidy is None:
        return "missing", None
    number = read_number(tidy, decimal)
    if number is None:
        return "not-a-number", None
    broken = {
        "too-large": not math.isfinite(number) or abs(number) > 1e12,
        "not-whole": whole and math.isfinite(number) and number != math.trunc(number),
        "negative": number < 0,
        "above-maximum": number > 1000,
    }
    rule = next((name for name, is_broken in broken.items() if is_broken), None)
    if rule:
        return rule, None
    return None, int(number) if whole else number


SHORT_YEAR = re.compile(r"\D\d{1,3}$")


def judge_date(text: str, written: str | None) -> tuple[str | None, Any]:
    """Judge a date."""
    tidy = tidied(text)
    if tidy is None:
        return "missing", None
    try:
        if written:
            found = datetime.strptime(tidy, written).date()  # noqa: DTZ007 - a day has no zone
        else:
            match = ISO.fullmatch(tidy)
            found = date.fromisoformat(match[1] if match and tidy[0] != "0" else "no")
    except ValueError:
        return "not-a-date", None
    if found.year < 1900:
        return "too-early", None
    return ("in-the-future", None) if found > TODAY else (None, found)


digits = st.text("0123456789", min_size=1, max_size=5)
number_like = st.one_of(
    st.text("0123456789.,+-eE ", max_size=9),
    st.floats().map(str),
    st.integers().map(str),
    st.builds("{}{}{}".format, digits, st.sampled_from(".,"), digits),
    st.builds("{},{:03d}.{}".format, digits, st.integers(0, 999), digits),
    st.builds("{}.{:03d},{}".format, digits, st.integers(0, 999), digits),
    st.sampled_from(["nan", "inf", "-Infinity", "1e400", "0x1F", "١٢", "1_000", "", " ", "\xa0 7"]),
)
date_like = st.one_of(
    st.dates().map(str),
    st.datetimes().map(str),
    st.datetimes().map(datetime.isoformat),
    st.builds(
        "{}-{:02d}-{:02d}".format, st.integers(0, 9999), st.integers(0, 99), st.integers(0, 99)
    ),
    st.builds("{} {}:{}".format, st.dates(), st.integers(0, 30), st.integers(0, 70)),
    st.text("0123456789-/: TZ+", max_size=20),
    st.sampled_from(
        ["infinity", "epoch", "today", "2024-01-01 (BC)", "2024-02-30", "2024-1-2", ""]
    ),
)


@pytest.mark.parametrize("decimal", [None, ".", ","])
@pytest.mark.parametrize("whole", [False, True])
@given(text=number_like)
@example("1,234.5")
@example("1.234,5")
@example("1234,567")
@example("-0")
@example("1000.0000000000001")
def test_numbers(judge: Judge, decimal: str | None, whole: bool, text: str) -> None:  # noqa: FBT001
    """Numbers, with each way of writing fractions and thousands."""
    kind = "integer" if whole else "number"
    column = InputColumn("n", kind, "", minimum=0, maximum=1000)  # type: ignore[arg-type]
    expected = judge_number(text, decimal, whole=whole)
    assert expected == judge.judge(column, text, decimal=decimal)


@given(text=date_like)
@example("2026-11-24T23:59:59.999+05:30")
@example("2026-11-25")
@example("1899-12-31")
def test_iso_dates(judge: Judge, text: str) -> None:
    """Dates in ISO 8601, with or without a time of day, whose zone does not move the day."""
    assert judge_date(text, None) == judge.judge(InputColumn("d", "date", ""), text)


@given(day=st.dates(date(1800, 1, 1), date(2100, 1, 1)), text=st.text("0123456789./ ", max_size=11))
@example(date(2024, 1, 1), "1/1/0")
@example(date(2024, 1, 1), "1.1.24")
@settings(max_examples=60)
def test_dates_in_a_format(judge: Judge, day: date, text: str) -> None:
    """Dates as a format has them; whatever else is there is none."""
    column = InputColumn("d", "date", "")
    for written in ("%d.%m.%Y", "%m/%d/%Y"):
        good = day.strftime(written)
        assert judge_date(good, written) == judge.judge(column, good, date_format=written)
        tidy = tidied(text)
        if tidy is not None and judge_date(text, written)[0] == "not-a-date":
            # DuckDB takes a year of fewer digits, such as 24, for that very year.
            refusals = {"not-a-date", "too-early"} if SHORT_YEAR.search(tidy) else {"not-a-date"}
            refusal, value = judge.judge(column, text, date_format=written)
            assert refusal in refusals
            assert value is None


@given(text=st.one_of(st.text(max_size=30), st.text(min_size=195, max_size=210)))
@example("a\nb")
@example("\x7f")
@example("é" * 200)
def test_texts(judge: Judge, text: str) -> None:
    """Texts: of some length, without control characters, blanks around them taken away."""
    if "\0" in text:
        return  # such a file is refused as a whole
    tidy = tidied(text)
    expected: tuple[str | None, Any] = (None, tidy)
    if tidy is None:
        expected = ("missing", None)
    elif len(tidy) > 200:
        expected = ("too-long", None)
    elif re.search(r"[\x00-\x1f\x7f]", tidy):
        expected = ("control-character", None)
    assert expected == judge.judge(InputColumn("t", "text", ""), text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("YES", (None, True)),
        (" n ", (None, False)),
        ("1", (None, True)),
        ("0.0", (None, False)),
        ("bad", (None, True)),
        ("Good", (None, False)),
        ("maybe", ("not-yes-or-no", None)),
        ("", ("missing", None)),
        ("NA", ("missing", None)),
    ],
)
def test_yes_and_no(judge: Judge, text: str, expected: tuple[str | None, Any]) -> None:
    """The usual words and those that were said, in whatever capitals."""
    said = {"true": ["Bad"], "false": ["good"], "missing": ["NA"]}
    assert expected == judge.judge(InputColumn("b", "boolean", ""), text, **said)


def test_words_can_be_turned_round(judge: Judge) -> None:
    """A word that was said to mean no means no, also where it usually means yes."""
    column = InputColumn("b", "boolean", "")
    assert (None, False) == judge.judge(column, "1", true=["0"], false=["1"])
    assert (None, True) == judge.judge(column, "0", true=["0"], false=["1"])


def test_every_rule_has_a_name() -> None:
    """Every rule that a column can break has its name in the list that --skip is held to."""
    every = InputColumn("x", "integer", "", minimum=1, maximum=9, unique=True)
    assert [
        "missing", "not-a-number", "too-large", "not-whole", "too-small", "above-maximum",
        "duplicate",
    ] == rules.rule_names(every)  # fmt: skip
