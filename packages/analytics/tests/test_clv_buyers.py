"""Who buys again: the probability of at least one purchase, against limits and simulation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betaln

from kyros_analytics.clv import simulation
from kyros_analytics.clv.bg_nbd import BgNbd, fit_bg_nbd

if TYPE_CHECKING:
    from kyros_analytics.clv.summary import Split

MODEL = BgNbd(r=0.4, alpha=6.0, a=0.7, b=2.5)
positive = st.floats(0.05, 20)
models = st.builds(BgNbd, r=positive, alpha=st.floats(0.5, 60), a=positive, b=positive)


@st.composite
def histories(draw: st.DrawFn) -> tuple[int, float, float]:
    """Return a possible history: frequency, recency and age."""
    age = draw(st.floats(0.2, 300))
    frequency = draw(st.integers(0, 200))
    return frequency, age * draw(st.floats(0.001, 1)) if frequency else 0.0, age


@given(models, histories(), st.floats(0.01, 500), st.floats(0, 500))
def test_grows_with_the_horizon_and_stays_below_its_bounds(
    model: BgNbd, history: tuple[int, float, float], weeks: float, more: float
) -> None:
    """Nobody buys in no time; with time it grows, up to P(alive) and to the expected purchases."""
    assert 0 == model.p_buys_given(*history, 0.0)[0]
    sooner, later = (float(model.p_buys_given(*history, t)[0]) for t in (weeks, weeks + more))
    assert 0 <= sooner <= later <= float(model.p_alive(*history)[0])
    purchases = float(model.expected_purchases_given(*history, weeks)[0])
    assert sooner <= purchases * (1 + 1e-6) + 1e-12  # the latter is by quadrature


@given(models, histories())
def test_without_end_whoever_is_active_buys(
    model: BgNbd, history: tuple[int, float, float]
) -> None:
    """As the horizon grows without end it becomes P(alive): only a purchase makes inactive."""
    alive = float(model.p_alive(*history)[0])
    # (M / (M + t))^s is negligible, however small the shape s is.
    assert alive == pytest.approx(float(model.p_buys_given(*history, 1e300)[0]), rel=1e-9)


@given(models, st.floats(0.1, 500))
def test_of_a_new_customer(model: BgNbd, weeks: float) -> None:
    """Without a history it is one minus equation 8 of the paper at 0 purchases."""
    none = float(model.probability_of(0, weeks)[0])
    assert 1 - none == pytest.approx(float(model.p_buys_given(0, 0.0, 0.0, weeks)[0]), abs=1e-12)


@given(models, histories(), st.floats(0.1, 500))
def test_is_one_minus_equation_34(
    model: BgNbd, history: tuple[int, float, float], weeks: float
) -> None:
    """Fader and Hardie (2019): likelihoods of the history with and without t weeks of silence."""
    x, recency, age = history
    shape, never = model.r + x, betaln(model.a, model.b + x)
    active, silent = (never - shape * np.log(model.alpha + age + t) for t in (0, weeks))
    left = -np.inf
    if x:
        left = betaln(model.a + 1, model.b + x - 1) - shape * np.log(model.alpha + recency)
    none = np.exp(np.logaddexp(left, silent) - np.logaddexp(left, active))
    assert 1 - none == pytest.approx(float(model.p_buys_given(*history, weeks)[0]), abs=1e-9)


@pytest.mark.parametrize("weeks", [4.0, 26.0, 104.0])
def test_against_simulation(weeks: float) -> None:
    """Of 300,000 made-up customers as many buy again, of each frequency, as it says."""
    random, count = np.random.default_rng(2005), 300_000
    ages = random.uniform(5, 60, count)
    who, when = simulation.repeat_purchases(MODEL, ages + weeks, random)
    seen = when <= ages[who]
    frequency = np.bincount(who[seen], minlength=count)
    recency = np.zeros(count)
    np.maximum.at(recency, who[seen], when[seen])
    bought = np.bincount(who[~seen], minlength=count) > 0
    expected = MODEL.p_buys_given(frequency, recency, ages, weeks)
    for group in (frequency >= 0, *(frequency == x for x in range(6)), frequency > 5):
        chance = np.sqrt((expected[group] * (1 - expected[group])).sum())
        assert abs(bought[group].sum() - expected[group].sum()) < 4 * chance


def test_the_holdout_of_the_sample(cdnow: Split) -> None:
    """CDNOW: so many customers were expected to buy in the next 39 weeks, and so many did."""
    summary = cdnow.calibration
    model = fit_bg_nbd(summary).model
    history = summary["frequency"], summary["recency"], summary["age"]
    expected = float(model.p_buys_given(*history, 39).sum())
    bought = int((summary["holdout_purchases"] > 0).sum())
    assert (617, 684) == (round(expected), bought)
