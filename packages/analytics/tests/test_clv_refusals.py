"""Where the models do not apply, they say so in one sentence that ends with what to do."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kyros_analytics import ModelNotApplicableError
from kyros_analytics.clv import simulation
from kyros_analytics.clv.bg_nbd import BgNbd, fit_bg_nbd
from kyros_analytics.clv.gamma_gamma import GammaGamma, fit_gamma_gamma
from kyros_analytics.clv.summary import purchase_days, split, summarise

MODEL, SPEND = BgNbd(0.4, 6.0, 0.7, 2.5), GammaGamma(6.0, 4.0, 15.0)


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    """Return 2,000 customers to whom both models apply."""
    random = np.random.default_rng(3)
    return simulation.summaries(MODEL, SPEND, random.uniform(10, 80, 2000), random)


def transactions(**columns: object) -> pd.DataFrame:
    """Return two purchases, some columns of which are changed."""
    dates = pd.to_datetime(["2024-01-01", "2024-02-01"])
    values = {"customer_id": ["a", "a"], "date": dates, "spend": [1.0, 2.0], **columns}
    return pd.DataFrame(values)


def test_they_apply_to_what_they_are_for(customers: pd.DataFrame) -> None:
    """None of what follows refuses customers who are as assumed."""
    assert fit_bg_nbd(customers).repeaters == fit_gamma_gamma(customers).customers


def test_too_few_repeaters(customers: pd.DataFrame) -> None:
    """Both say how many there are, and how many it takes."""
    repeaters = customers[customers["frequency"] > 0].head(29)
    few = pd.concat([customers[customers["frequency"] == 0], repeaters])
    with pytest.raises(ModelNotApplicableError, match=r"Only 29 .* at least 30: give it more"):
        fit_bg_nbd(few)
    with pytest.raises(ModelNotApplicableError, match=r"Only 29 .* at least 30: give it more"):
        fit_gamma_gamma(few)


def test_no_customers() -> None:
    """Nobody is too few as well."""
    columns = ["frequency", "recency", "age", "monetary_value"]
    nobody = pd.DataFrame({name: pd.Series(dtype=float) for name in columns})
    for fit in (fit_bg_nbd, fit_gamma_gamma):
        with pytest.raises(ModelNotApplicableError, match="Only 0 customers"):
            fit(nobody)


@pytest.mark.parametrize("way", [1, -1])
def test_spend_that_goes_with_frequency(customers: pd.DataFrame, way: int) -> None:
    """Gamma-Gamma assumes that they are independent, and refuses where they are not."""
    repeaters = customers[customers["frequency"] > 0]
    tied = repeaters.assign(monetary_value=1e4 + way * repeaters["frequency"].rank())
    with pytest.raises(ModelNotApplicableError, match=r"go together .*: split the customers"):
        fit_gamma_gamma(tied)


@pytest.mark.parametrize(
    "changed",
    [
        {"recency": -1.0},
        {"recency": 1e6},
        {"age": -1.0},
        {"age": float("nan")},
        {"frequency": 1.5},
        {"frequency": -1},
        {"frequency": 0, "recency": 3.0},
        {"frequency": 2, "recency": 0.0},
        {"recency": float("inf")},
    ],
)
def test_impossible_times(customers: pd.DataFrame, changed: dict[str, float]) -> None:
    """One customer's impossible history is enough."""
    wrong = customers.astype({"frequency": float})
    for name, value in changed.items():
        wrong.loc[7, name] = value
    with pytest.raises(ModelNotApplicableError, match=r"times are impossible .*: summarise"):
        fit_bg_nbd(wrong)


def test_customers_who_never_drop_out() -> None:
    """Without any dropout the likelihood has no maximum: no number is made up, and it says why."""
    random, count = np.random.default_rng(5), 3000
    frequency = random.poisson(random.gamma(20, 0.5, count))
    ages = np.full(count, 52.0)
    recency = np.where(frequency > 0, 52.0, 0.0)
    forever = pd.DataFrame({"frequency": frequency, "recency": recency, "age": ages})
    with pytest.raises(ModelNotApplicableError, match=r"no best fit .* end later"):
        fit_bg_nbd(forever)


@pytest.mark.parametrize(
    ("a", "b", "told"),
    [
        (3e4, 7e4, r"no best fit .* alike, .* probability of 30 %, .*; bring all customers"),
        (1e5, 1e-3, r"no best fit .* alike, .* probability of 100 %, .*; bring all customers"),
        (1e-9, 10.0, r"no best fit .* no customer seems to stop .*; let the observation end later"),
    ],
)
def test_customers_who_drop_out_alike(a: float, b: float, told: str) -> None:
    """Where there is no difference to estimate, more of the same is no remedy, and not said."""
    random = np.random.default_rng(1)
    alike = BgNbd(0.4, 6.0, a, b)
    found = simulation.summaries(alike, SPEND, random.uniform(10, 80, 2000), random)
    with pytest.raises(ModelNotApplicableError, match=told) as refusal:
        fit_bg_nbd(found)
    assert "more customers" not in str(refusal.value)


def test_spend_without_a_mean(customers: pd.DataFrame) -> None:
    """Where a mean is infinite (q at most 1), none is given."""
    random = np.random.default_rng(9)
    wild = simulation.summaries(
        MODEL, GammaGamma(3.0, 0.6, 5.0), random.uniform(10, 80, 6000), random
    )
    with pytest.raises(ModelNotApplicableError, match=r"its mean is infinite .*: look for wrong"):
        fit_gamma_gamma(wild)
    assert fit_gamma_gamma(customers).model.q > 1


@pytest.mark.parametrize("spend", [-0.01, float("nan"), float("inf")])
def test_impossible_spend(spend: float) -> None:
    """A return or a missing amount is not summed up silently."""
    with pytest.raises(ModelNotApplicableError, match="leave returns out"):
        purchase_days(transactions(spend=[1.0, spend]))


def test_missing_date() -> None:
    """A purchase without a day cannot be placed."""
    with pytest.raises(ModelNotApplicableError, match="no date: leave it out"):
        purchase_days(transactions(date=[pd.Timestamp("2024-01-01"), pd.NaT]))


def test_too_short_to_be_checked() -> None:
    """A holdout of less than a week says nothing."""
    days = purchase_days(transactions(date=pd.to_datetime(["2024-01-01", "2024-01-09"])))
    with pytest.raises(ModelNotApplicableError, match="less than two weeks"):
        split(days, pd.Timestamp("2024-01-09"))


def test_summary_counts_days_and_not_lines() -> None:
    """Two lines of one day are one purchase, the first is no repeat, and later days are out."""
    dates = ["2024-01-01", "2024-01-01", "2024-01-15", "2024-01-29", "2024-03-01"]
    lines = pd.DataFrame(
        {
            "customer_id": ["a"] * 5 + ["b"],
            "date": pd.to_datetime([*dates, "2024-01-08"]),
            "spend": [5.0, 5.0, 20.0, 40.0, 99.0, 7.0],
        }
    )
    summary = summarise(purchase_days(lines), pd.Timestamp("2024-02-05"))
    assert ["a", "b"] == list(summary.index)
    assert [2, 0] == list(summary["frequency"])
    assert [4.0, 0.0] == list(summary["recency"])
    assert [5.0, 4.0] == list(summary["age"])
    assert 30.0 == summary["monetary_value"]["a"]
    assert np.isnan(summary["monetary_value"]["b"])
