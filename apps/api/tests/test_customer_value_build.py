"""Building customers' value where a model does not apply: the rest is there, with a reason."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from api_stage import SOURCES

from kyros_api.dashboards.catalogue import CATALOGUE
from kyros_api.modelling.customer_value import PREPARATION
from kyros_api.modelling.preparation import Options
from kyros_api.modelling.tables import Origin, Work, write_version

if TYPE_CHECKING:
    from pathlib import Path

    from kyros_api.dashboards.catalogue.specification import View

DATA = CATALOGUE["customer-lifetime-value"]
GIVEN = {
    **dict.fromkeys(("cohort", "segment")),
    "horizon": 52,
    "rate": 10,
    "high": 100.0,
    "medium": 20.0,
    "customer": "0001",
}
AT = datetime(2026, 5, 4, tzinfo=UTC)
# CDNOW's sample, with another spend: of a customer, on a day.
_PURCHASES = f"""
    WITH lines AS (
        SELECT regexp_split_to_array(trim(line), '\\s+') AS part
        FROM read_csv('{SOURCES / "cdnow_sample.txt"}', columns = {{'line': 'VARCHAR'}},
                      header = false, delim = '|', quote = '', escape = '')
    ),
    purchases AS (
        SELECT part[2] AS customer_id, strptime(part[3], '%Y%m%d')::DATE AS date,
               part[4]::BIGINT AS quantity, part[5]::DOUBLE AS paid
        FROM lines
    ),
    counted AS (SELECT *, count(*) OVER (PARTITION BY customer_id) AS orders FROM purchases)
    SELECT customer_id, date, quantity, {{spend}}::DOUBLE AS spend
    FROM counted WHERE customer_id <= '{{last}}'
"""


def built(folder: Path, last: str, spend: str, as_of: date | None = None) -> list[str]:
    """Build all tables, and return the steps that were reported."""
    steps: list[str] = []

    def fill(database: duckdb.DuckDBPyConnection, _spill: Path, work: Work) -> Work:
        database.sql(sql).create("transactions")
        return work

    sql = _PURCHASES.replace("{last}", last).replace("{spend}", spend)
    work = Work(
        PREPARATION,
        Origin("Test", "test.csv", ""),
        Options(currency="EUR", at=AT, as_of=as_of),
        fill,
    )
    write_version(work, folder, steps.append)
    return steps


def answer(folder: Path, view: View, **given: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Run a view on a folder."""
    values = GIVEN | given
    sql = view.sql
    for name, either in view.phrases.items():
        ((is_so,),) = (row.values() for row in _run(folder, either.question, values))
        sql = sql.replace(f"{{{name}}}", either.yes if is_so else either.no)
    return _run(folder, sql, values)


def _run(folder: Path, sql: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    bound = {
        name: values.get(name, str(folder / f"{name}.parquet"))
        for name in set(re.findall(r"\$(\w+)", sql))
    }
    with duckdb.connect() as database:
        cursor = database.execute(sql, bound)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def warnings(folder: Path) -> dict[str, str]:
    """Return the card's warnings."""
    card = answer(folder, DATA.views["model_card"])
    return {line["name"]: line["text"] for line in card if line["section"] == "Warnings"}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data of 20 customers, too few for any model."""
    folder = tmp_path_factory.mktemp("tiny") / "version"
    built(folder, "0020", "paid")
    return folder


@pytest.fixture(scope="module")
def tied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data of customers who spend the more, the more often they buy."""
    folder = tmp_path_factory.mktemp("tied") / "version"
    built(folder, "9999", "10 + 40 * orders")
    return folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data of CDNOW's sample as it is."""
    folder = tmp_path_factory.mktemp("whole") / "version"
    built(folder, "9999", "paid")
    return folder


def test_steps_are_told(tmp_path: Path) -> None:
    """A person who waits sees what is being done."""
    assert [
        "Adding up purchases",
        "Fitting BG/NBD",
        "Fitting Gamma-Gamma",
        "Checking against the second half",
        "Looking ahead",
        "Adding up value",
        "Writing",
    ] == built(tmp_path / "version", "0020", "1")


@pytest.mark.parametrize("name", DATA.views)
@pytest.mark.parametrize("segment", [None, "low"])
def test_every_view_answers_without_a_model(tiny: Path, name: str, segment: str | None) -> None:
    """With the columns of always."""
    view = DATA.views[name]
    rows = answer(tiny, view, segment=segment)
    assert all(list(view.example.columns) == list(row) for row in rows)


def test_without_a_model_the_past_is_there(tiny: Path) -> None:
    """What customers did is summed up; what is expected of them is not made up."""
    (row,) = answer(tiny, DATA.views["summary"])
    assert (20, True) == (row["customers"], row["revenue"] > 0)
    assert {None} == {
        row[name + end]
        for name in ("purchases", "buyers", "value")
        for end in ("", "_lower", "_upper")
    }
    assert row["active"] is None
    cohorts = answer(tiny, DATA.views["cohorts"])
    assert 20 == sum(each["customers"] for each in cohorts)
    (customer,) = answer(tiny, DATA.views["customer"])
    assert (None, None, None) == (customer["p_alive"], customer["value"], customer["purchases"])
    assert [] == answer(tiny, DATA.views["customer_alive"])


@pytest.mark.parametrize("high", [100.0, 137.5])
def test_data_of_before_buyers_were_counted_are_read(
    whole: Path, tmp_path: Path, high: float
) -> None:
    """Own data stay as they were put in place: how many buy again is unknown, all else is known."""
    old = shutil.copytree(whole, tmp_path / "old")
    for name, unknown in (("value_bins", "buyers"), ("horizons", "buys")):
        path = old / f"{name}.parquet"
        with duckdb.connect() as database:
            columns = f"COLUMNS(lambda name: NOT contains(name, '{unknown}'))"
            database.sql(f"SELECT {columns} FROM read_parquet('{path}')").to_table("kept")
            database.table("kept").write_parquet(str(path))
    now, then = (
        answer(folder, DATA.views["summary"], segment="high", high=high) for folder in (whole, old)
    )
    unknown_now = dict.fromkeys(("buyers", "buyers_lower", "buyers_upper"))
    assert [{**now[0], **unknown_now}] == then
    assert now[0]["buyers"] > 0


def test_without_a_model_the_card_says_why(tiny: Path) -> None:
    """Each missing part has its sentence with the remedy."""
    found = warnings(tiny)
    assert {"No expected purchases", "No expected value", "No check against a holdout"} <= set(
        found
    )
    assert all("at least 30: give it more customers" in text for text in found.values())


def test_without_spend_the_purchases_are_there(tied: Path) -> None:
    """Where Gamma-Gamma does not apply, BG/NBD does all the same: purchases with an interval."""
    assert "go together" in warnings(tied)["No expected value"]
    (row,) = answer(tied, DATA.views["summary"])
    assert 0 < row["purchases_lower"] < row["purchases"] < row["purchases_upper"]
    assert 0 < row["active"] <= row["customers"] == 2357
    assert (None, None, None) == (row["value"], row["value_lower"], row["value_upper"])
    (customer,) = answer(tied, DATA.views["customer"])
    assert 0 < customer["p_alive"] <= 1
    assert customer["value"] is None
    assert answer(tied, DATA.views["customer_alive"])


def test_date_of_the_fit_is_what_was_said(tiny: Path) -> None:
    """The card has the date that the options carry, and the end of the observation."""
    card = {line["name"]: line["text"] for line in answer(tiny, DATA.views["model_card"])}
    assert "2026-05-04" == card["Date of the fit"]


def test_observation_may_end_later(tmp_path: Path) -> None:
    """After a silence since the last purchase, customers are older and less likely to be active."""
    for name, as_of in (("early", None), ("late", date(1999, 6, 30))):
        built(tmp_path / name, "9999", "paid", as_of)
    early, late = (answer(tmp_path / each, DATA.views["customer"])[0] for each in ("early", "late"))
    assert early["age_days"] < late["age_days"]
    assert (date(1999, 6, 30) - late["first_purchase"]).days == late["age_days"]
    (now,), (then,) = (answer(tmp_path / each, DATA.views["summary"]) for each in ("late", "early"))
    assert now["active"] < then["active"]


def test_without_a_variance_the_value_has_no_interval(tmp_path: Path) -> None:
    """Where spend has a mean and no variance (q at most 2), value is told without an interval."""
    draw = "((hash(customer_id || '{}') % 100000 + 0.5) / 100000)"
    one, two, three = (draw.format(name) for name in "abc")
    rate = f"(-ln({one}) - ln({two}) * pow(cos(2 * pi() * {three}), 2))"  # gamma of shape 1.5
    again = "((hash(customer_id || date::VARCHAR) % 100000 + 0.5) / 100000)"
    built(tmp_path / "version", "9999", f"0.01 + 10 * -ln({again}) / {rate}")
    assert "its variance is infinite" in warnings(tmp_path / "version")["No interval of the value"]
    (row,) = answer(tmp_path / "version", DATA.views["summary"])
    assert row["value"] > 0
    assert (None, None) == (row["value_lower"], row["value_upper"])
    assert row["purchases_lower"] < row["purchases"] < row["purchases_upper"]
    # Of customers who all bought again their own spend is known, and with it its variance.
    (high,) = answer(tmp_path / "version", DATA.views["summary"], segment="high")
    assert high["value_lower"] < high["value"] < high["value_upper"]
