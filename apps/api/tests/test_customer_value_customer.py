"""What the views answer of one customer, and of the models, against the models themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from customer_value_stage import Asker, chosen, folder_of, parameters, table

if TYPE_CHECKING:
    from pathlib import Path

    from api_stage import Stage


@pytest.fixture(scope="module")
def folder(seeded: Path) -> Path:
    """Return the folder with the demo's tables."""
    return folder_of(seeded)


@pytest.fixture(scope="module")
def customers(folder: Path) -> pd.DataFrame:
    """Read the customers."""
    return table(folder, "customers")


@pytest.fixture
def ask(stage: Stage) -> Asker:
    """Return what asks for a view."""
    return Asker(stage)


@pytest.mark.parametrize("horizon", [None, 13, 156])
def test_recency_frequency(
    ask: Asker, folder: Path, customers: pd.DataFrame, horizon: int | None
) -> None:
    """A cell has the model's figures at the oldest age, and the customers who are in it."""
    columns = pd.DataFrame(ask("recency_frequency", horizon=horizon))
    model, oldest = parameters(folder)[0], customers["age_days"].max() / 7
    history = columns["frequency"], columns["recency_weeks"], np.full(len(columns), oldest)
    assert model.p_alive(*history) == pytest.approx(columns["p_alive"].to_numpy())
    expected = model.expected_purchases_given(*history, horizon or 52)
    assert expected == pytest.approx(columns["purchases"].to_numpy())
    step = columns.loc[columns["recency_weeks"] > 0, "recency_weeks"].min()
    cells = customers.groupby(["frequency", customers["recency_days"] / 7 // step * step]).size()
    for row in columns.itertuples(index=False):
        assert cells.get((row.frequency, row.recency_weeks), 0) == row.customers
    assert columns["customers"].sum() > 0.99 * len(customers)


@pytest.mark.parametrize("choice", [{}, {"horizon": 26, "rate": 0}], ids=str)
def test_customer(ask: Asker, customers: pd.DataFrame, choice: dict[str, Any]) -> None:
    """One row with the customer's figures at the horizon and rate."""
    columns = ask("customer", customer="00003", **choice)
    row = chosen(customers, **choice).set_index("customer_id").loc["00003"]
    assert ["00003"] == columns["customer_id"]
    for name in ("frequency", "recency_days", "age_days", "orders", "p_alive", "purchases"):
        assert [row[name]] == columns[name]
    assert [row["value"]] == columns["value"]
    assert row["p_alive"] * row["expected_spend"] * 1e9 > row["value"]


def test_nobody(ask: Asker) -> None:
    """A name that no customer has is answered by no row, in all of the customer's views."""
    for view in ("customer", "customer_purchases", "customer_alive"):
        assert not any(ask(view, customer="' OR true --").values())


@pytest.mark.parametrize("customer", ["00001", "00003", "00004", "07592"])
def test_customer_over_time(
    ask: Asker, folder: Path, customers: pd.DataFrame, customer: str
) -> None:
    """P(alive) is the model's on each day, from what was known by then; it ends as in the grid."""
    bought = pd.DataFrame(ask("customer_purchases", customer=customer))
    row = customers.set_index("customer_id").loc[customer]
    assert row["orders"] == len(bought)
    assert row["total_spend"] == pytest.approx(bought["spend"].sum())
    alive = pd.DataFrame(ask("customer_alive", customer=customer))
    days, dates = pd.to_datetime(bought["date"]), pd.to_datetime(alive["date"])
    model = parameters(folder)[0]
    for date, found in zip(dates, alive["p_alive"], strict=True):
        known = days[days <= date]
        recency, age = ((day - days.min()).days / 7 for day in (known.max(), date))
        expected = model.p_alive(len(known) - 1, recency, age)[0]
        assert float(expected) == pytest.approx(found)
    assert set(days) <= set(dates)
    assert (dates.diff().dropna().dt.days <= 7).all()
    assert dates.iloc[-1] == days.min() + pd.Timedelta(f"{row['age_days']} days")
    assert row["p_alive"] == pytest.approx(alive["p_alive"].iloc[-1])


@pytest.mark.parametrize("name", ["tracking", "frequency_fit", "holdout", "model_parameters"])
def test_tables_as_they_are(ask: Asker, folder: Path, name: str) -> None:
    """These views answer with their tables, in order."""
    columns = ask(name)
    stored = table(folder, name)
    assert list(stored.columns) == list(columns)
    for column in stored.select_dtypes("number").columns:
        assert list(stored[column]) == columns[column]
