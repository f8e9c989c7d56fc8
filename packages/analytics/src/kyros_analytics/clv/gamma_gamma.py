"""Gamma-Gamma: what customers spend per purchase.

Fader, P. S. and Hardie, B. G. S. (2013), "The Gamma-Gamma Model of Monetary Value",
http://www.brucehardie.com/notes/025/; first used in Fader, Hardie and Lee (2005), "RFM and CLV:
Using Iso-Value Curves for Customer Base Analysis", Journal of Marketing Research 42(4), 415-430,
doi:10.1509/jmkr.2005.42.4.415.

Assumptions: what a customer spends on a purchase is gamma distributed (shape p, rate nu); nu is
gamma distributed over customers (shape q, rate gamma); spend does not depend on how often a
customer buys. Money is in one currency, whichever it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import digamma, gammaln

from kyros_analytics.clv._maximum_likelihood import Estimate, maximise
from kyros_analytics.errors import ModelNotApplicableError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

MINIMUM_SPENDERS = 30
LARGEST_CORRELATION = 0.3  # of spend and frequency; beyond, a tenth of the variance is shared
_FINITE_VARIANCE = 2.0  # the moments of 1 / nu of this order and above need a larger shape


@dataclass(frozen=True)
class GammaGamma:
    """The model with its parameters.

    Attributes:
        p: shape of a customer's purchases.
        q: shape of the customers' rates.
        gamma: rate of the customers' rates, in money.
    """

    p: float
    q: float
    gamma: float

    @property
    def population_mean(self) -> float:
        """What an unknown customer spends per purchase: p gamma / (q - 1)."""
        return self.p * self.gamma / (self.q - 1)

    def expected_spend(self, frequency: ArrayLike, monetary_value: ArrayLike) -> Array:
        """Return what customers spend per purchase, given what they spent.

        Equation 5 of the note: between a customer's own mean and that of all, the nearer to their
        own the more purchases it rests on. Without repeat purchases it is that of all.
        """
        x, spent = _history(frequency, monetary_value)
        return self.p * (self.gamma + spent) / (self.p * x + self.q - 1)

    def expected_spend_gradient(self, frequency: ArrayLike, monetary_value: ArrayLike) -> Array:
        """Return the derivatives of :meth:`expected_spend` by p, q and gamma: three columns."""
        x, spent = _history(frequency, monetary_value)
        rate, shape = self.gamma + spent, self.p * x + self.q - 1
        by_p = rate / shape - self.p * rate * x / shape**2
        return np.column_stack([by_p, -self.p * rate / shape**2, self.p / shape])

    def second_moments(
        self, frequency: ArrayLike, monetary_value: ArrayLike
    ) -> tuple[Array, Array]:
        """Return the means of (a purchase)^2, and of two purchases' product, of each customer.

        Both are infinite for customers with p x + q <= 2: for all without repeat purchases when q
        is at most 2.
        """
        x, spent = _history(frequency, monetary_value)
        shape = self.p * x + self.q
        finite = np.where(shape > _FINITE_VARIANCE, (shape - 1) * (shape - 2), np.nan)
        inverse_square = np.where(np.isnan(finite), np.inf, (self.gamma + spent) ** 2 / finite)
        return self.p * (self.p + 1) * inverse_square, self.p**2 * inverse_square


@dataclass(frozen=True)
class GammaGammaFit:
    """A fitted model.

    Attributes:
        model: with the most likely parameters.
        estimate: of p, q and gamma, in this order, with covariance and log-likelihood.
        customers: that it was fitted on: with repeat purchases that cost something.
        correlation: Pearson's, of their number of repeat purchases and their mean spend.
    """

    model: GammaGamma
    estimate: Estimate
    customers: int
    correlation: float


class Likelihood:
    """The log-likelihood of the customers' mean spends (equation 1a of the note)."""

    def __init__(self, x: Array, mean_spend: Array) -> None:
        self._x, self._z = x, mean_spend
        self._log_z, self._log_spent = np.log(mean_spend), np.log(x * mean_spend)

    def __call__(self, parameters: Array) -> tuple[float, Array]:
        """Return the log-likelihood and its gradient by p, q and gamma."""
        p, q, gamma = parameters
        px, rate = p * self._x, gamma + self._x * self._z
        log_rate = np.log(rate)
        value = (
            gammaln(px + q) - gammaln(px) - gammaln(q) + q * np.log(gamma)
            + px * self._log_spent - self._log_z - (px + q) * log_rate
        )  # fmt: skip
        both = digamma(px + q)
        gradient = (
            self._x * (both - digamma(px) + self._log_spent - log_rate),
            both - digamma(q) + np.log(gamma) - log_rate,
            q / gamma - (px + q) / rate,
        )
        return float(value.sum()), np.array([float(part.sum()) for part in gradient])


def fit_gamma_gamma(summary: pd.DataFrame) -> GammaGammaFit:
    """Fit the model by maximum likelihood to the customers with repeat purchases.

    Args:
        summary: ``frequency`` and ``monetary_value``, one row a customer.

    Raises:
        ModelNotApplicableError: too few customers bought again, spend and frequency go together,
            the likelihood has no maximum, or it has one where the mean spend is infinite.
    """
    repeat = summary[(summary["frequency"] > 0) & (summary["monetary_value"] > 0)]
    x = repeat["frequency"].to_numpy(dtype=np.float64)
    spend = repeat["monetary_value"].to_numpy(dtype=np.float64)
    if len(x) < MINIMUM_SPENDERS:
        raise ModelNotApplicableError(
            f"Only {len(x)} customers have repeat purchases that cost something, and the "
            f"Gamma-Gamma model needs at least {MINIMUM_SPENDERS}: give it more customers or a "
            "longer period."
        )
    correlation = _correlation(x, spend)
    if abs(correlation) > LARGEST_CORRELATION:
        raise ModelNotApplicableError(
            f"Spend per purchase and number of purchases go together (correlation "
            f"{correlation:.2f}, and the Gamma-Gamma model allows {LARGEST_CORRELATION}): split "
            "the customers into groups within which they do not, such as business and private."
        )
    # Scaled to a mean of 1, so that the search is the same in every currency.
    scale = float(np.mean(spend))
    starts = [(5.0, 4.0, 0.6), (1.0, 2.0, 1.0), (20.0, 5.0, 0.2)]
    scaled = maximise(Likelihood(x, spend / scale), starts, len(x), "Gamma-Gamma")
    units = np.array([1.0, 1.0, scale])
    estimate = Estimate(
        scaled.parameters * units,
        scaled.covariance * np.outer(units, units),
        scaled.log_likelihood - len(x) * float(np.log(scale)),
    )
    p, q, gamma = (float(value) for value in estimate.parameters)
    if q <= 1:
        raise ModelNotApplicableError(
            f"Spend varies so much between customers that its mean is infinite (Gamma-Gamma q "
            f"{q:.2f}, which must be above 1): look for wrong amounts, or leave the few largest "
            "customers out."
        )
    return GammaGammaFit(GammaGamma(p, q, gamma), estimate, len(x), correlation)


def _correlation(x: Array, spend: Array) -> float:
    if np.ptp(x) == 0 or np.ptp(spend) == 0:
        return 0.0
    return float(np.corrcoef(x, spend)[0, 1])


def _history(frequency: ArrayLike, monetary_value: ArrayLike) -> tuple[Array, Array]:
    """Return the number of repeat purchases, and their sum, of each customer."""
    x = np.atleast_1d(np.asarray(frequency, dtype=np.float64))
    mean = np.atleast_1d(np.asarray(monetary_value, dtype=np.float64))
    return x, x * np.where(x > 0, mean, 0.0)
