"""The values that the papers publish for the CDNOW sample, to the digits that they give.

Fader, Hardie and Lee (2005), "'Counting Your Customers' the Easy Way", Marketing Science 24(2), for
BG/NBD; Fader and Hardie (2013), "The Gamma-Gamma Model of Monetary Value", for spend.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kyros_analytics.clv.bg_nbd import BgNbdFit, fit_bg_nbd
from kyros_analytics.clv.gamma_gamma import fit_gamma_gamma

if TYPE_CHECKING:
    from kyros_analytics.clv.summary import Split


@pytest.fixture(scope="module")
def fit(cdnow: Split) -> BgNbdFit:
    """Fit BG/NBD to the first 39 weeks."""
    return fit_bg_nbd(cdnow.calibration)


def test_the_sample_is_that_of_the_papers(cdnow: Split) -> None:
    """2,357 customers over 39 weeks, 1,411 of them without a repeat purchase, and 39 weeks more."""
    assert (2357, 39.0) == (len(cdnow.calibration), cdnow.holdout_weeks)
    assert 1411 == int((cdnow.calibration["frequency"] == 0).sum())


def test_parameters_of_fader_hardie_and_lee_2005(fit: BgNbdFit) -> None:
    """Table 2 of "Counting Your Customers the Easy Way": r, alpha, a, b and log-likelihood."""
    model = fit.model
    assert (0.243, 4.414, 0.793, 2.426) == (
        round(model.r, 3), round(model.alpha, 3), round(model.a, 3), round(model.b, 3)
    )  # fmt: skip
    assert -9582.4 == round(fit.estimate.log_likelihood, 1)


def test_the_customer_of_fader_hardie_and_lee_2005(fit: BgNbdFit) -> None:
    """X = 2, t_x = 30.43, T = 38.86: 1.226 purchases in the next 39 weeks, P(alive) 0.7266."""
    expected = fit.model.expected_purchases_given(2, 30.43, 38.86, 39)
    assert 1.226 == round(float(expected[0]), 3)
    assert 0.7266 == round(float(fit.model.p_alive(2, 30.43, 38.86)[0]), 4)


def test_the_holdout_of_the_sample(fit: BgNbdFit, cdnow: Split) -> None:
    """All customers together: 1,653 purchases expected in the next 39 weeks, 1,882 made."""
    summary = cdnow.calibration
    expected = fit.model.expected_purchases_given(
        summary["frequency"], summary["recency"], summary["age"], 39
    )
    assert 1653 == round(float(expected.sum()))
    assert 1882 == int(summary["holdout_purchases"].sum())


def test_parameters_of_fader_and_hardie_2013(cdnow: Split) -> None:
    """The Gamma-Gamma note: p, q and gamma of the 946 customers with a repeat purchase."""
    fit = fit_gamma_gamma(cdnow.calibration)
    assert 946 == fit.customers
    assert (6.25, 3.74, 15.44) == (
        round(fit.model.p, 2), round(fit.model.q, 2), round(fit.model.gamma, 2)
    )  # fmt: skip
