"""What the views of customers' value answer, against plain sums over the tables behind them."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from api_stage import ACME
from customer_value_stage import (
    CLV,
    HIGH,
    MEDIUM,
    Asker,
    chosen,
    folder_of,
    parameters,
    segments_of,
    table,
)

from kyros_analytics.clv.moments import moments_given_alive

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from api_stage import Stage

    from kyros_analytics.clv.bg_nbd import BgNbd
    from kyros_analytics.clv.gamma_gamma import GammaGamma

CHOICES = [
    {"cohort": cohort, "segment": segment, "horizon": horizon, "rate": rate}
    for (cohort, segment), (horizon, rate) in itertools.product(
        [(None, None), ("1997-02", None), (None, "high"), (None, "low"), ("1997-03", "medium")],
        [(None, None), (13, None), (None, 0), (156, 20)],
    )
]


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


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_summary(ask: Asker, folder: Path, customers: pd.DataFrame, choice: dict[str, Any]) -> None:
    """Every filter alone and with others: the sums are those of the customers that it means."""
    columns = ask("summary", **choice)
    found = chosen(customers, **choice)
    assert [len(found)] == columns["customers"]
    assert [int(found["orders"].sum())] == columns["orders"]
    assert [int((found["orders"] > 1).sum())] == columns["repeat_customers"]
    assert [str(found["first_purchase"].min().date())] == columns["first_date"]
    assert [str(found["last_purchase"].max().date())] == columns["last_date"]
    history = found["frequency"], found["recency_days"] / 7, found["age_days"] / 7
    weeks = choice["horizon"] or 52
    sums = {
        "buyers": parameters(folder)[0].p_buys_given(*history, weeks).sum(),
        "revenue": found["total_spend"].sum(),
        "average_order_value": found["total_spend"].sum() / found["orders"].sum(),
        "active": found["p_alive"].sum(),
        "purchases": found["purchases"].sum(),
        "value": found["value"].sum(),
    }
    for name, expected in sums.items():
        # Each customer's figures are rounded to 4 decimals in the table of customers.
        assert expected == pytest.approx(columns[name][0], abs=1e-4 * len(found), rel=1e-9), name
    for name in ("purchases", "buyers", "value"):
        lower, middle, upper = (columns[name + end][0] for end in ("_lower", "", "_upper"))
        assert 0 <= lower < middle < upper
    assert columns["buyers_upper"][0] <= len(found)
    assert columns["buyers"][0] < min(columns["active"][0], columns["purchases"][0])


@pytest.mark.parametrize(
    ("high", "medium"), [(HIGH, MEDIUM), (137.5, 20), (100, 33.3), (12.25, 11.5)]
)
def test_segments_of_any_thresholds(
    stage: Stage, customers: pd.DataFrame, high: float, medium: float
) -> None:
    """Also where a threshold lies within a bin of the sums, or both lie within one."""
    own = {"currency": "USD", "value_thresholds": {"high": high, "medium": medium}}
    set_config(stage, own)
    ask = Asker(stage)
    for cohort in (None, "1997-01"):
        found = chosen(customers, cohort)
        names = segments_of(found, high, medium)
        columns = ask("segments", cohort=cohort)
        assert ["high", "medium", "low"] == columns["segment"]
        assert [high, medium, None] == columns["threshold"]
        for place, name in enumerate(columns["segment"]):
            members = found[names == name]
            assert len(members) == columns["customers"][place]
            for column, source in (("active", "p_alive"), ("revenue", "total_spend")):
                assert members[source].sum() == pytest.approx(columns[column][place])
            assert members["value"].sum() == pytest.approx(columns["value"][place])
            summary = ask("summary", segment=name, cohort=cohort)
            for column in ("customers", "active", "value", "revenue"):
                assert [pytest.approx(columns[column][place])] == summary[column]
            bins = ask("value_distribution", segment=name, cohort=cohort)
            assert len(members) == sum(bins["customers"])
            assert members["value"].sum() == pytest.approx(sum(bins["value"]))


def set_config(stage: Stage, own: dict[str, Any]) -> None:
    """Give Acme's dashboard settings of its own."""
    stage.database.execute(
        "UPDATE tenant_dashboards SET config_json = :own WHERE tenant_id = :tenant"
        " AND dashboard_id IN (SELECT id FROM dashboards WHERE slug = :slug)",
        own=json.dumps(own),
        tenant=ACME,
        slug=CLV,
    )


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_value_distribution(ask: Asker, customers: pd.DataFrame, choice: dict[str, Any]) -> None:
    """Each bin holds the customers of its range; its edges are 1, 2 or 5 times a power of ten."""
    columns = ask("value_distribution", **choice)
    found = chosen(customers, **choice)
    assert len(found) == sum(columns["customers"])
    for start, end, count, value in zip(*columns.values(), strict=True):
        members = found[(found["value"] >= start) & (found["value"] < end)]
        assert len(members) == count
        assert members["value"].sum() == pytest.approx(value)
        assert f"{end:e}"[0] in "125"
        assert float(f"{end:.0e}") == end


@pytest.mark.parametrize("choice", [{}, {"horizon": 13}, {"horizon": 104, "rate": 0}], ids=str)
def test_cohorts(ask: Asker, customers: pd.DataFrame, choice: dict[str, Any]) -> None:
    """A row for each month of first purchases, with the sums of its customers."""
    columns = ask("cohorts", **choice)
    found = chosen(customers, **choice).groupby("cohort")
    assert list(found.groups) == columns["cohort"]
    assert list(found.size()) == columns["customers"]
    assert list(found["orders"].sum()) == columns["orders"]
    for name, source in (("revenue", "total_spend"), ("active", "p_alive"), ("value", "value")):
        assert found[source].sum().to_numpy() == pytest.approx(np.array(columns[name]))


def test_retention(ask: Asker, folder: Path, customers: pd.DataFrame) -> None:
    """Customers who bought in a month count once, however often they bought."""
    columns = pd.DataFrame(ask("retention", cohort="1997-02"))
    members = customers.loc[customers["cohort"] == "1997-02", ["customer_id"]]
    bought = table(folder, "transactions").merge(members, on="customer_id")
    month = (bought["date"].dt.year - 1997) * 12 + bought["date"].dt.month - 2
    by_month = bought.groupby(month)
    assert list(range(17)) == list(columns["month"])
    assert list(by_month["customer_id"].nunique()) == list(columns["active_customers"])
    assert by_month["spend"].sum().to_numpy() == pytest.approx(columns["revenue"].to_numpy())
    assert {"1997-01", "1997-02", "1997-03"} == set(ask("retention")["cohort"])


def test_intervals(ask: Asker, folder: Path, customers: pd.DataFrame) -> None:
    """They are those of the delta method by finite differences, with the variance of chance."""
    given: dict[str, Any] = {"cohort": "1997-03", "segment": "high", "horizon": 26, "rate": 15}
    found = chosen(customers, "1997-03", "high", 26, 15)
    histories = found.assign(age=found["age_days"] / 7)
    history = found["frequency"], found["recency_days"] / 7, found["age_days"] / 7
    repeat_mean = mean_of_repeats(folder, found)

    def totals(purchases: BgNbd, spend: GammaGamma) -> tuple[float, ...]:
        moments = moments_given_alive(purchases, histories[["frequency", "age"]], [26], [15])
        each = histories[["frequency", "age"]].merge(moments, how="left")
        alive = purchases.p_alive(*history)
        mean = spend.expected_spend(found["frequency"], repeat_mean)
        square, product = spend.second_moments(found["frequency"], repeat_mean)
        made, value = alive * each["purchases"], alive * each["discounted"] * mean
        pairs = each["second_moment"] - each["squared_discount"]
        spread = alive * (each["squared_discount"] * square + pairs * product) - value**2
        chance = alive * each["plain_second_moment"] - made**2
        buys = purchases.p_buys_given(*history, 26)
        sums = made, value, buys, chance, spread, buys * (1 - buys)
        return tuple(float(each.sum()) for each in sums)

    models = parameters(folder)
    made, value, buyers, chance, spread, of_buyers = totals(*models)
    gradients = np.array(
        [
            difference(totals, models, which, name)
            for which, name in enumerate(["r", "alpha", "a", "b", "p", "q", "gamma"])
        ]
    )
    covariance = np.zeros((7, 7))
    for row, col, each in table(folder, "parameter_covariance").itertuples(index=False):
        covariance[row - 1, col - 1] = each
    columns = ask("summary", **given)
    for name, middle, variance, gradient in (
        ("purchases", made, chance, gradients[:, 0]),
        ("value", value, spread, gradients[:, 1]),
        ("buyers", buyers, of_buyers, gradients[:, 2]),
    ):
        width = 1.959964 * (variance + gradient @ covariance @ gradient) ** 0.5
        assert middle == pytest.approx(columns[name][0], rel=1e-6)
        assert middle - width == pytest.approx(columns[f"{name}_lower"][0], rel=1e-4)
        assert middle + width == pytest.approx(columns[f"{name}_upper"][0], rel=1e-4)


def difference(
    totals: Callable[..., tuple[float, ...]],
    models: tuple[BgNbd, GammaGamma],
    which: int,
    name: str,
) -> list[float]:
    """Return the derivatives of the totals by one parameter."""
    purchases, spend = models
    step = 1e-5 * float(getattr(purchases if which < 4 else spend, name))

    def moved(way: float) -> tuple[float, ...]:
        if which < 4:
            return totals(replace(purchases, **{name: getattr(purchases, name) + way}), spend)
        return totals(purchases, replace(spend, **{name: getattr(spend, name) + way}))

    above, below = moved(step), moved(-step)
    return [(high - low) / (2 * step) for high, low in zip(above, below, strict=True)]


def mean_of_repeats(folder: Path, found: pd.DataFrame) -> pd.Series[float]:
    """Return the mean spend of each customer's purchases after the first day."""
    days = table(folder, "transactions").groupby(["customer_id", "date"])["spend"].sum()
    later = days.reset_index().merge(found[["customer_id", "first_purchase"]])
    later = later[later["date"] > later["first_purchase"]]
    means = later.groupby("customer_id")["spend"].mean()
    return found["customer_id"].map(means)
