"""Looking ahead: the moments of what active customers buy, against simulation and differences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyros_analytics.clv import simulation
from kyros_analytics.clv._quadrature import beta_rule
from kyros_analytics.clv.bg_nbd import BgNbd
from kyros_analytics.clv.gamma_gamma import GammaGamma
from kyros_analytics.clv.moments import PARAMETERS, moments_given_alive, weekly_discount

MODEL = BgNbd(r=0.4, alpha=6.0, a=0.7, b=2.5)
SPEND = GammaGamma(p=6.0, q=4.0, gamma=15.0)
HORIZONS, RATES = (13, 52, 156), (0, 10, 20)
HISTORIES = pd.DataFrame(
    {"frequency": [0, 0, 1, 3, 12, 80], "age": [0.0, 70.0, 10.0, 38.857, 52.0, 60.0]}
)


@pytest.fixture(scope="module")
def moments() -> pd.DataFrame:
    """Return the moments of some histories."""
    return moments_given_alive(MODEL, HISTORIES, HORIZONS, RATES)


def test_purchases_are_those_of_the_model(moments: pd.DataFrame) -> None:
    """Two ways lead to the same number: over time by quadrature, and in closed form over time."""
    for _, row in moments.iterrows():
        active = BgNbd(
            MODEL.r + row.frequency, MODEL.alpha + row.age, MODEL.a, MODEL.b + row.frequency
        )
        expected = float(active.expected_purchases(row.horizon)[0])
        assert expected == pytest.approx(row.purchases, rel=1e-8)


def test_at_least_one_purchase_is_that_of_the_model(moments: pd.DataFrame) -> None:
    """Who is active buys with the probability of the model, whatever the rate of discount."""
    for _, row in moments.iterrows():
        active = BgNbd(
            MODEL.r + row.frequency, MODEL.alpha + row.age, MODEL.a, MODEL.b + row.frequency
        )
        none = float(active.probability_of(0, row.horizon)[0])
        assert 1 - none == pytest.approx(row.buys, rel=1e-9)


def test_discount_is_that_of_the_year() -> None:
    """A purchase a year away counts 1 / 1.1 at 10 %."""
    assert 1 / 1.1 == pytest.approx(np.exp(-weekly_discount(10) * 365.25 / 7))


def test_discounting_lowers_and_none_leaves(moments: pd.DataFrame) -> None:
    """A higher rate means less, a longer horizon more, and a rate of 0 nothing."""
    by_rate = moments.pivot_table(
        index=["frequency", "age", "horizon"], columns="rate", values="discounted"
    )
    assert (by_rate.diff(axis=1).iloc[:, 1:] < 0).all(axis=None)
    by_horizon = moments.pivot_table(
        index=["frequency", "age", "rate"], columns="horizon", values="discounted"
    )
    assert (by_horizon.diff(axis=1).iloc[:, 1:] > 0).all(axis=None)
    free = moments[moments["rate"] == 0]
    assert list(free["purchases"]) == list(free["discounted"])
    assert free["second_moment"].to_numpy() == pytest.approx(free["plain_second_moment"].to_numpy())


@pytest.mark.parametrize(("frequency", "age"), [(0, 70.0), (3, 38.857)])
def test_moments_of_value_against_simulation(
    moments: pd.DataFrame, frequency: int, age: float
) -> None:
    """Mean and mean square of purchases, of discounted ones, and of what is spent on them."""
    random, count = np.random.default_rng(11), 400_000
    active = BgNbd(MODEL.r + frequency, MODEL.alpha + age, MODEL.a, MODEL.b + frequency)
    who, when = simulation.repeat_purchases(active, np.full(count, 52.0), random)
    discount = np.exp(-weekly_discount(20) * when)
    spent = SPEND.gamma + frequency * 25.0
    nu = random.gamma(SPEND.q + SPEND.p * frequency, 1 / spent, count)
    prices = random.gamma(SPEND.p, 1 / nu[who])
    row = moments.query("frequency == @frequency and age == @age and horizon == 52 and rate == 20")
    expected = row.iloc[0]
    square, product = SPEND.second_moments(frequency, 25.0)
    pairs = expected["second_moment"] - expected["squared_discount"]
    per_purchase = float(SPEND.expected_spend(frequency, 25.0)[0])
    for simulated, first, second in (
        (np.bincount(who, minlength=count), expected["purchases"], expected["plain_second_moment"]),
        (np.bincount(who, discount, count), expected["discounted"], expected["second_moment"]),
        (
            np.bincount(who, discount * prices, count),
            expected["discounted"] * per_purchase,
            float(expected["squared_discount"] * square[0] + pairs * product[0]),
        ),
    ):
        for power, mean in ((1, first), (2, second)):
            found = simulated.astype(np.float64) ** power
            error = float(found.std()) / count**0.5
            assert abs(float(found.mean()) - mean) < 4 * error


@pytest.mark.parametrize("name", PARAMETERS)
def test_derivatives(moments: pd.DataFrame, name: str) -> None:
    """They are those of finite differences of the moments themselves."""
    value = getattr(MODEL, name)
    step = 1e-5 * value
    above, below = (
        moments_given_alive(
            replace(MODEL, **{name: value + way * step}), HISTORIES, HORIZONS, RATES
        )
        for way in (1, -1)
    )
    for of in ("purchases", "discounted"):
        expected = (above[of] - below[of]).to_numpy() / (2 * step)
        assert expected == pytest.approx(moments[f"d_{of}_{name}"].to_numpy(), rel=1e-5, abs=1e-9)
    expected = (above["buys"] - below["buys"]).to_numpy() / (2 * step)
    given = moments[f"d_buys_{name}"].to_numpy() if f"d_buys_{name}" in moments else 0.0
    assert expected == pytest.approx(given, rel=1e-5, abs=1e-9)


@given(st.floats(0.01, 50), st.floats(0.01, 2000), st.integers(16, 80))
def test_means_over_a_beta_distribution(a: float, b: float, points: int) -> None:
    """The rule's mean and variance are those of the distribution, however extreme."""
    p, weight = beta_rule(a, b, points)
    assert float(weight.sum()) == pytest.approx(1)
    assert float(p @ weight) == pytest.approx(a / (a + b), rel=1e-8)
    variance = a * b / ((a + b) ** 2 * (a + b + 1))
    assert float(p**2 @ weight - (p @ weight) ** 2) == pytest.approx(variance, rel=1e-5)
