"""BG/NBD and Gamma-Gamma: what must hold for any customers, and what is recovered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kyros_analytics.clv import bg_nbd, gamma_gamma, simulation
from kyros_analytics.clv.bg_nbd import BgNbd, fit_bg_nbd
from kyros_analytics.clv.gamma_gamma import GammaGamma, fit_gamma_gamma

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

positive = st.floats(0.05, 20)
models = st.builds(BgNbd, r=positive, alpha=st.floats(0.5, 60), a=positive, b=positive)
spends = st.builds(GammaGamma, p=positive, q=st.floats(1.05, 20), gamma=st.floats(0.1, 500))
TRUE = BgNbd(r=0.4, alpha=6.0, a=0.7, b=2.5)
SPEND = GammaGamma(p=6.0, q=4.0, gamma=15.0)


@st.composite
def histories(draw: st.DrawFn) -> tuple[int, float, float]:
    """Return a possible history: frequency, recency and age."""
    age = draw(st.floats(0.2, 300))
    frequency = draw(st.integers(0, 200))
    return frequency, age * draw(st.floats(0.001, 1)) if frequency else 0.0, age


def differences(function: Callable[[Array], float], at: Array) -> Array:
    """Return the derivatives by central differences."""
    steps = np.eye(len(at)) * at * 1e-5
    return np.array([(function(at + h) - function(at - h)) / (2 * h.sum()) for h in steps])


@pytest.fixture(scope="module")
def simulated() -> pd.DataFrame:
    """Return 40,000 customers of known parameters, seen for 10 to 80 weeks."""
    random = np.random.default_rng(1997)
    return simulation.summaries(TRUE, SPEND, random.uniform(10, 80, 40_000), random)


class TestPAlive:
    """The probability that a customer is still active."""

    @given(models, histories())
    def test_is_a_probability(self, model: BgNbd, history: tuple[int, float, float]) -> None:
        """It lies between 0 and 1, and is 1 for who never came back."""
        alive = float(model.p_alive(*history)[0])
        assert 0 <= alive <= 1
        assert alive == 1 or history[0] > 0

    @given(models, histories(), st.floats(0.1, 100))
    def test_falls_with_silence(
        self, model: BgNbd, history: tuple[int, float, float], silence: float
    ) -> None:
        """The longer nothing is bought, the less likely the customer is active."""
        x, recency, age = history
        assume(x > 0)
        assert model.p_alive(x, recency, age + silence)[0] <= model.p_alive(x, recency, age)[0]

    @given(models, histories(), st.floats(0, 1))
    def test_rises_with_recency(
        self, model: BgNbd, history: tuple[int, float, float], share: float
    ) -> None:
        """Of two alike, the one who bought more recently is the likelier to be active."""
        x, recency, age = history
        assume(x > 0)
        assert model.p_alive(x, recency * share, age)[0] <= model.p_alive(x, recency, age)[0]

    @given(models, histories())
    def test_gradient(self, model: BgNbd, history: tuple[int, float, float]) -> None:
        """The derivatives are those of finite differences."""
        at = np.array([model.r, model.alpha, model.a, model.b])
        expected = differences(lambda v: float(BgNbd(*v).p_alive(*history)[0]), at)
        assert expected == pytest.approx(model.p_alive_gradient(*history)[0], rel=1e-3, abs=1e-6)


class TestExpectedPurchases:
    """How many purchases are to come."""

    @given(models, st.floats(0.1, 200), st.floats(0, 200))
    def test_grow_with_time_and_stay_below_a_life_without_end(
        self, model: BgNbd, weeks: float, more: float
    ) -> None:
        """They grow with the horizon, and never exceed those of one who never drops out."""
        sooner, later = model.expected_purchases([weeks, weeks + more])
        assert 0 < sooner <= later * (1 + 1e-12)
        assert later <= (weeks + more) * model.r / model.alpha * (1 + 1e-9)

    @given(models, histories(), st.floats(0.1, 150))
    def test_of_who_never_came_back_fall_with_age(
        self, model: BgNbd, history: tuple[int, float, float], weeks: float
    ) -> None:
        """Without a repeat purchase, less is expected the longer there was time for one."""
        age = history[2]
        young, old = (
            float(model.expected_purchases_given(0, 0.0, each, weeks)[0]) for each in (age, 2 * age)
        )
        assert old <= young

    @pytest.mark.parametrize("a", [0.3, 0.999999, 1.0, 1.000001, 2.5])
    def test_has_no_gap_at_a_of_1(self, a: float) -> None:
        """Nothing special happens at a = 1, where the paper's closed form divides by 0."""
        model = BgNbd(0.5, 5.0, a, 2.0)
        expected = float(model.expected_purchases(30.0)[0])
        around = [
            float(BgNbd(0.5, 5.0, a + e, 2.0).expected_purchases(30.0)[0]) for e in (-1e-4, 1e-4)
        ]
        assert sum(around) / 2 == pytest.approx(expected, rel=1e-6)

    def test_is_the_closed_form_of_the_paper(self) -> None:
        """Equation 9 of the paper, where a is well above 1."""
        from scipy.special import hyp2f1  # noqa: PLC0415 - of this one test

        r, alpha, a, b, t = 0.5, 5.0, 2.5, 2.0, 30.0
        closed = (a + b - 1) / (a - 1) * (
            1 - (alpha / (alpha + t)) ** r * hyp2f1(r, b, a + b - 1, t / (alpha + t))
        )  # fmt: skip
        assert float(closed) == pytest.approx(float(BgNbd(r, alpha, a, b).expected_purchases(t)[0]))

    @given(models, st.floats(1, 100))
    def test_probabilities_add_up(self, model: BgNbd, weeks: float) -> None:
        """The probabilities of 0, 1, 2, ... purchases add up to at most 1."""
        several = [float(model.probability_of(x, weeks)[0]) for x in range(40)]
        assert all(each >= 0 for each in several)
        assert sum(several) <= 1 + 1e-9

    def test_probabilities_have_the_expected_mean(self) -> None:
        """Their mean is the expected number of purchases."""
        weeks = np.array([20.0])
        mean = sum(x * float(TRUE.probability_of(x, weeks)[0]) for x in range(400))
        assert mean == pytest.approx(float(TRUE.expected_purchases(weeks)[0]), rel=1e-6)


class TestLikelihood:
    """What the fits maximise."""

    @given(models, st.lists(histories(), min_size=1, max_size=20))
    def test_gradient_of_bg_nbd(
        self, model: BgNbd, customers: list[tuple[int, float, float]]
    ) -> None:
        """The gradient is that of finite differences."""
        x, recency, age = np.array(customers, dtype=np.float64).T
        likelihood = bg_nbd.Likelihood(x, recency, age)
        at = np.array([model.r, model.alpha, model.a, model.b])
        expected = differences(lambda v: likelihood(v)[0], at)
        value, gradient = likelihood(at)
        scale = 1e-6 * (1 + abs(value)) / at.min()
        assert expected == pytest.approx(gradient, rel=1e-3, abs=scale)

    @given(spends, st.lists(st.tuples(st.integers(1, 50), st.floats(0.5, 500)), min_size=1))
    def test_gradient_of_gamma_gamma(
        self, model: GammaGamma, customers: list[tuple[int, float]]
    ) -> None:
        """The gradient is that of finite differences."""
        x, mean = np.array(customers, dtype=np.float64).T
        likelihood = gamma_gamma.Likelihood(x, mean)
        at = np.array([model.p, model.q, model.gamma])
        expected = differences(lambda v: likelihood(v)[0], at)
        value, gradient = likelihood(at)
        scale = 1e-6 * (1 + abs(value)) / at.min()
        assert expected == pytest.approx(gradient, rel=1e-3, abs=scale)

    def test_counts_equal_customers_together(self) -> None:
        """Customers of one history count as often as they occur."""
        once, thrice = (np.array([2.0] * n) for n in (1, 3))
        at = np.array([0.3, 5.0, 0.8, 2.0])
        one = bg_nbd.Likelihood(once, once * 5, once * 10)(at)[0]
        assert 3 * one == pytest.approx(bg_nbd.Likelihood(thrice, thrice * 5, thrice * 10)(at)[0])


class TestRecovery:
    """Parameters of simulated customers are found again, within their standard errors."""

    def test_bg_nbd(self, simulated: pd.DataFrame) -> None:
        """Each is within four standard errors, and the errors are small."""
        fit = fit_bg_nbd(simulated)
        true = np.array([TRUE.r, TRUE.alpha, TRUE.a, TRUE.b])
        off = (fit.estimate.parameters - true) / fit.estimate.standard_errors
        assert np.all(np.abs(off) < 4), off
        assert np.all(fit.estimate.standard_errors < 0.15 * true)

    def test_gamma_gamma(self, simulated: pd.DataFrame) -> None:
        """Each is within four standard errors, and the errors are small."""
        fit = fit_gamma_gamma(simulated)
        true = np.array([SPEND.p, SPEND.q, SPEND.gamma])
        off = (fit.estimate.parameters - true) / fit.estimate.standard_errors
        assert np.all(np.abs(off) < 4), off
        assert np.all(fit.estimate.standard_errors < 0.15 * true)

    @settings(max_examples=5)
    @given(st.floats(1e-3, 1e5))
    def test_spend_is_the_same_in_every_currency(
        self, simulated: pd.DataFrame, rate: float
    ) -> None:
        """Another currency changes gamma and the means in proportion, and nothing else."""
        few = simulated[:3000]
        other = few.assign(monetary_value=few["monetary_value"] * rate)
        one, two = fit_gamma_gamma(few).model, fit_gamma_gamma(other).model
        assert (one.p, one.q) == pytest.approx((two.p, two.q), rel=1e-5)
        assert one.population_mean * rate == pytest.approx(two.population_mean, rel=1e-6)


class TestSpend:
    """What a purchase will cost."""

    @given(spends, st.integers(1, 100), st.floats(0.1, 1000))
    def test_lies_between_own_and_common_mean(self, model: GammaGamma, x: int, mean: float) -> None:
        """It is between the customer's mean and that of all, nearer to their own with more."""
        few, many = (float(model.expected_spend(n, mean)[0]) for n in (x, 2 * x))
        low, high = sorted([mean, model.population_mean])
        assert low * (1 - 1e-9) <= few <= high * (1 + 1e-9)
        assert abs(many - mean) <= abs(few - mean) + 1e-9 * high

    @given(spends, st.integers(0, 100), st.floats(0.1, 1000))
    def test_gradient(self, model: GammaGamma, x: int, mean: float) -> None:
        """The derivatives are those of finite differences."""
        at = np.array([model.p, model.q, model.gamma])
        assume(model.q > 1.2)
        expected = differences(lambda v: float(GammaGamma(*v).expected_spend(x, mean)[0]), at)
        given_ = model.expected_spend_gradient(x, mean)[0]
        assert expected == pytest.approx(given_, rel=1e-3, abs=1e-6 * float(np.abs(given_).max()))

    def test_second_moments_are_infinite_for_unknown_customers_when_q_is_at_most_2(self) -> None:
        """They are finite as soon as there is a history that bounds them."""
        square, product = GammaGamma(3.0, 1.5, 10.0).second_moments([0, 1], [np.nan, 20.0])
        assert [True, False] == list(np.isinf(square))
        assert [True, False] == list(np.isinf(product))
