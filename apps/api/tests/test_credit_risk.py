"""What is made of a tenant's own accounts: segments, amounts, a scorecard, or why there is none."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from kyros_api.dashboards.catalogue import CATALOGUE
from kyros_api.modelling import credit_risk_fit
from kyros_api.modelling.credit_risk import PREPARATION
from kyros_api.modelling.preparation import Options

if TYPE_CHECKING:
    from collections.abc import Iterator

# Deterministic, with no random numbers: a default rate that rises with `ratio`, gaps in `region`.
ACCOUNTS = """
    SELECT printf('K%05d', i) AS account_id, ((i % 97) * 125)::DOUBLE AS exposure,
           (i * 7919) % 1000 < 80 + (i * 31) % 100 * 3 AS defaulted,
           CASE WHEN i % 3 = 0 THEN 0.2 END::DOUBLE AS lgd,
           (i * 31) % 100 / 10 AS ratio,
           CASE i % 5 WHEN 0 THEN 'North' WHEN 1 THEN 'South' WHEN 2 THEN ' ' END AS region,
           i % 2 = 0 AS online, DATE '2024-01-01' + (i % 300)::INTEGER AS opened
    FROM range(3000) AS numbers(i)
"""


@contextmanager
def built(
    sql: str = ACCOUNTS, options: Options | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Build all tables of these accounts."""
    with duckdb.connect(":memory:", config={"threads": 1}) as database:
        database.execute(f"CREATE TABLE accounts AS {sql}")
        PREPARATION.build(database, options or Options(), lambda _step: None)
        yield database


def column(database: duckdb.DuckDBPyConnection, sql: str) -> list[Any]:
    """Return the first column of an answer."""
    return [row[0] for row in database.execute(sql).fetchall()]


def test_every_table_of_the_catalogue() -> None:
    """All tables that views read are there, and nothing else is left."""
    with built() as database:
        there = set(column(database, "SELECT table_name FROM duckdb_tables()"))
    assert set(CATALOGUE["risk-analysis"].tables) - {"dataset"} == there


def test_segments_without_a_word() -> None:
    """Columns with some values are segments; who has none is in a part of their own."""
    with built() as database:
        assert ["online", "region"] == column(
            database, 'SELECT DISTINCT "column" FROM segments ORDER BY 1'
        )
        query = "SELECT value FROM segments WHERE \"column\" = 'region' ORDER BY value_position"
        assert ["North", "South", "Unknown"] == column(database, query)
        assert [1800] == column(database, "SELECT count(*) FROM accounts WHERE region = 'Unknown'")


def test_segments_as_they_were_named() -> None:
    """Title and order are the caller's; values that the order forgot come last."""
    named = [{"column": "region", "title": "Where", "order": ["South"]}]
    with built(options=Options(segments=named)) as database:
        assert ["South", "North", "Unknown"] == column(
            database, "SELECT value FROM segments ORDER BY value_position"
        )
        assert ["Where"] == column(database, "SELECT DISTINCT title FROM segments")


def test_every_account_has_pd_score_and_bins() -> None:
    """Whoever is in the portfolio is scored, in the order of the ids."""
    with built() as database:
        query = "SELECT count(*) FROM accounts WHERE pd > 0 AND pd < 1 AND score IS NOT NULL"
        assert [3000] == column(database, query)
        ids = column(database, "SELECT account_id FROM accounts")
        assert sorted(ids) == ids
        assert ids == column(database, "SELECT account_id FROM account_bins")


def test_sums_are_those_of_the_accounts() -> None:
    """With LGDs of their own, in each table of sums."""
    sums = (
        "sum(exposure), sum(exposure) FILTER (defaulted), sum(exposure * lgd),"
        " sum(exposure) FILTER (lgd IS NULL), sum(pd * exposure)"
    )
    totals = (
        "sum(exposure), sum(defaulted_exposure), sum(own_loss), sum(open_exposure),"
        " sum(pd * exposure)"
    )
    with built() as database:
        expected = database.execute(f"SELECT {sums} FROM accounts").fetchall()[0]
        tables = ["pd_totals", "score_totals", "exposure_totals"]
        parts = [f"segment_totals WHERE \"column\" = '{name}'" for name in ("region", "online")]
        for table in [*tables, *parts]:
            found = database.execute(f"SELECT {totals} FROM {table}").fetchall()[0]
            assert expected == pytest.approx(found)


def test_left_out_columns_are_told() -> None:
    """A date is none of the variables, and the card says what to give instead."""
    with built() as database:
        query = "SELECT text FROM model_card WHERE name = 'Left out: Opened'"
        assert "give the days or years since then" in column(database, query)[0]


def test_variables_as_they_were_named() -> None:
    """Only these are used; the exposure may be one; what is not there is told."""
    options = Options(variables=("ratio", "exposure", "income"))
    with built(options=options) as database:
        used = column(database, "SELECT DISTINCT variable FROM scorecard")
        assert set(used) <= {"ratio", "exposure"}
        query = "SELECT text FROM model_card WHERE name = 'Left out: income'"
        assert ["There is no such column."] == column(database, query)
        query = "SELECT text FROM model_card WHERE name = 'Not considered'"
        assert ["Region, Online, Opened"] == column(database, query)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("* REPLACE (false AS defaulted)", "at least 30 defaulted accounts and there are none"),
        ("account_id, exposure, defaulted, lgd", "no column that a scorecard could be made of"),
    ],
)
def test_no_model(change: str, told: str) -> None:
    """The accounts are there all the same, without PD, and the card says why and what to do."""
    with built(f"SELECT {change} FROM ({ACCOUNTS})") as database:
        query = "SELECT text FROM model_card WHERE section = 'Warnings'"
        assert told in column(database, query)[0]
        query = "SELECT count(*) FROM accounts WHERE pd IS NULL AND score IS NULL"
        assert [3000] == column(database, query)
        for table in ("scorecard", "metrics", "calibration", "discrimination", "model_parameters"):
            assert [0] == column(database, f"SELECT count(*) FROM {table}")
        assert [3000] == column(database, "SELECT sum(accounts)::BIGINT FROM pd_totals")


def test_a_large_portfolio_is_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fit is of a sample with the portfolio's default rate; everybody is scored; it is told."""
    monkeypatch.setattr(credit_risk_fit, "MOST_FITTED", 1000)
    with built() as database:
        fitted = column(database, "SELECT value FROM model_card WHERE name = 'Accounts in the fit'")
        assert [1000] == fitted
        (told,) = column(database, "SELECT text FROM model_card WHERE name = 'Sample'")
        assert "1,000 of 3,000 accounts; all are scored." in told
        assert [3000] == column(database, "SELECT count(pd) FROM accounts")
        rates = "SELECT value FROM model_card WHERE name IN ('Default rate', 'Defaults in the fit')"
        rate, defaults = column(database, rates)
        assert rate == pytest.approx(defaults / 1000, abs=1e-3)


def test_amounts_part_the_portfolio() -> None:
    """Round edges, from nothing upwards, one range after the other; all alike is one range."""
    with built() as database:
        rows = database.execute("SELECT lower, upper FROM amounts ORDER BY position").fetchall()
        assert 0 == rows[0][0]
        assert [row[1] for row in rows] == [*(row[0] for row in rows[1:]), None]
        assert len(rows) == 5
    with built(f"SELECT * REPLACE (0::DOUBLE AS exposure) FROM ({ACCOUNTS})") as database:
        assert ["All amounts"] == column(database, "SELECT name FROM amounts")


def test_names_of_a_tenant_are_no_sql() -> None:
    """Columns may be called anything, also what our own tables have."""
    odd = 'ratio AS "bin_start", ratio * 2 AS "a ""b"" $x", region AS "value", online AS "width"'
    with built(f"SELECT * EXCLUDE (ratio, region, online), {odd} FROM ({ACCOUNTS})") as database:
        assert ["value", "width"] == column(
            database, 'SELECT DISTINCT "column" FROM segments ORDER BY 1'
        )
        assert [3000] == column(database, "SELECT sum(accounts)::BIGINT FROM exposure_totals")
