"""BG/NBD: how often customers buy, and when they silently stop.

Fader, P. S., Hardie, B. G. S. and Lee, K. L. (2005), "'Counting Your Customers' the Easy Way: An
Alternative to the Pareto/NBD Model", Marketing Science 24(2), 275-284, doi:10.1287/mksc.1040.0098.

Assumptions: while active, a customer buys at random at a rate of lambda a week; after each purchase
they become inactive with probability p; lambda is gamma distributed over customers (shape r, rate
alpha weeks), p is beta distributed (a, b), independently. Times are in weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betaln, digamma, gammaln
from scipy.stats import nbinom

from kyros_analytics.clv._maximum_likelihood import Estimate, maximise
from kyros_analytics.clv._quadrature import beta_rule, points_needed
from kyros_analytics.clv.summary import arrays
from kyros_analytics.errors import ModelNotApplicableError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

_NEVER = 1e-3  # of the purchases are a customer's last: as good as none
_ALIKE = 1e3  # a + b; beyond, dropout probabilities lie within some 3 % of each other
MINIMUM_REPEATERS = 30  # below, four parameters follow the accidents of a few customers


@dataclass(frozen=True)
class BgNbd:
    """The model with its parameters.

    Attributes:
        r: shape of the purchase rates' gamma distribution.
        alpha: its rate, in weeks.
        a: of the dropout probabilities' beta distribution.
        b: likewise.
    """

    r: float
    alpha: float
    a: float
    b: float

    def p_alive(self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> Array:
        """Return the probability that customers are still active.

        Without a repeat purchase it is 1: only after a purchase can a customer drop out.
        """
        x, recency, age = _floats(frequency, recency, age)
        odds = self._log_odds_inactive(x, recency, age)
        return np.where(x > 0, 1 / (1 + np.exp(np.minimum(odds, 700))), 1.0)

    def p_alive_gradient(self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> Array:
        """Return the derivatives of :meth:`p_alive` by r, alpha, a and b: four columns."""
        x, recency, age = _floats(frequency, recency, age)
        alive = self.p_alive(x, recency, age)
        by_parameter = np.column_stack(
            [
                np.log((self.alpha + age) / (self.alpha + recency)),
                (self.r + x) * (1 / (self.alpha + age) - 1 / (self.alpha + recency)),
                np.full_like(x, 1 / self.a),
                -1 / (self.b + np.maximum(x, 1) - 1),
            ]
        )
        gradient: Array = -(alive * (1 - alive))[:, np.newaxis] * by_parameter
        return gradient

    def _log_odds_inactive(self, x: Array, recency: Array, age: Array) -> Array:
        later = np.log((self.alpha + age) / (self.alpha + recency))
        return np.log(self.a / (self.b + np.maximum(x, 1) - 1)) + (self.r + x) * later

    def expected_purchases(self, weeks: ArrayLike) -> Array:
        """Return how many repeat purchases a new customer makes in so many weeks.

        The mean over p of (1 - (alpha / (alpha + p t))^r) / p. The papers' closed form divides by
        a - 1; this has no such gap, and needs no mean of 1/p, which is infinite for a <= 1.
        """
        (time,) = _floats(weeks)
        longest = float(np.max(time, initial=0.0))
        p, weight = beta_rule(self.a, self.b, points_needed(self.alpha, longest))
        reached = -np.expm1(-self.r * np.log1p(np.multiply.outer(time, p) / self.alpha))
        return np.asarray((reached / p) @ weight)

    def expected_purchases_given(
        self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, weeks: float
    ) -> Array:
        """Return how many purchases customers of this history make in the next weeks.

        Given that a customer is active, lambda and p are distributed as in the model with
        parameters r + x, alpha + T, a and b + x (equation 10 of the paper, for any a).
        """
        x, recency, age = _floats(frequency, recency, age)
        alive = self.p_alive(x, recency, age)
        expected = np.empty_like(x)
        for count in np.unique(x):
            of_count = x == count
            ages, place = np.unique(age[of_count], return_inverse=True)
            rate = self.alpha + ages
            points = points_needed(float(rate[0]), weeks)
            p, weight = beta_rule(self.a, self.b + count, points)
            past = np.log1p(np.multiply.outer(weeks / rate, p))
            given_alive = (-np.expm1(-(self.r + count) * past) / p) @ weight
            expected[of_count] = given_alive[place]
        return alive * expected

    def p_buys_given(
        self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, weeks: ArrayLike
    ) -> Array:
        """Return the probability that customers of this history buy at least once from now on.

        P(alive) (1 - ((alpha + T) / (alpha + T + t))^(r + x)). Only a purchase can end a customer's
        activity, so until the next one p does not matter: who is active with a rate of lambda buys
        nothing in t weeks with probability exp(-lambda t), and given that a customer is active
        lambda is gamma distributed (r + x, alpha + T), whose Laplace transform that power is. Who
        is inactive buys nothing. One minus this is equation 34 of Fader and Hardie (2019), "A
        Step-by-Step Derivation of the BG/NBD Model", brucehardie.com/notes/039. It is 0 for t = 0,
        grows with t, and nears P(alive).
        """
        x, recency, age = _floats(frequency, recency, age)
        (time,) = _floats(weeks)
        within = -np.expm1(-(self.r + x) * np.log1p(time / (self.alpha + age)))
        return np.asarray(self.p_alive(x, recency, age) * within)

    def probability_of(self, purchases: int, weeks: ArrayLike) -> Array:
        """Return the probability that a new customer makes so many repeat purchases.

        Equation 8 of the paper; its sum over j is a negative binomial distribution function.
        """
        (time,) = _floats(weeks)
        x, stay = purchases, self.alpha / (self.alpha + time)
        base = betaln(self.a, self.b)
        active = np.exp(betaln(self.a, self.b + x) - base) * nbinom.pmf(x, self.r, stay)
        if x == 0:
            return np.asarray(active)
        dropped = np.exp(betaln(self.a + 1, self.b + x - 1) - base)
        return np.asarray(active + dropped * nbinom.sf(x - 1, self.r, stay))


@dataclass(frozen=True)
class BgNbdFit:
    """A fitted model.

    Attributes:
        model: with the most likely parameters.
        estimate: of r, alpha, a and b, in this order, with covariance and log-likelihood.
        customers: that it was fitted on.
        repeaters: those of them who bought again.
    """

    model: BgNbd
    estimate: Estimate
    customers: int
    repeaters: int


class Likelihood:
    """The log-likelihood of the distinct (x, t_x, T) of a summary, each as often as it occurs.

    Equation 6 of the paper in logarithms: nothing overflows, however often a customer bought.
    What depends on x alone is worked out once for each x.
    """

    def __init__(self, x: Array, recency: Array, age: Array) -> None:
        rows, counts = np.unique(np.column_stack([x, recency, age]), axis=0, return_counts=True)
        self._x, self._recency, self._age = rows.T
        self._counts = counts.astype(np.float64)
        self._distinct, self._place = np.unique(self._x, return_inverse=True)

    def __call__(self, parameters: Array) -> tuple[float, Array]:
        """Return the log-likelihood and its gradient by r, alpha, a and b."""
        r, alpha, a, b = parameters
        x, counts = self._x, self._counts
        k = self._distinct
        after = np.maximum(b + k - 1, 1e-300)  # of x = 0 it is not used
        late, last = np.log(alpha + self._age), np.log(alpha + self._recency)
        by_x = (
            (gammaln(r + k) - gammaln(r) + r * np.log(alpha))
            + (gammaln(a + b) + gammaln(b + k) - gammaln(b) - gammaln(a + b + k))
        )[self._place]
        active = -(r + x) * late
        dropout = (np.log(a) - np.log(after))[self._place]
        inactive = np.where(x > 0, dropout - (r + x) * last, -np.inf)
        either = np.logaddexp(active, inactive)
        share = np.exp(inactive - either)  # of the likelihood, due to those who dropped out
        to_end, to_last = 1 / (alpha + self._age), 1 / (alpha + self._recency)
        rates = (digamma(r + k) - digamma(r))[self._place] + np.log(alpha)
        common = digamma(a + b) - digamma(a + b + k)
        gradient = (
            rates - late + share * (late - last),
            r / alpha - (r + x) * ((1 - share) * to_end + share * to_last),
            common[self._place] + share / a,
            (common + digamma(b + k) - digamma(b))[self._place] - share / after[self._place],
        )
        value = float(counts @ (by_x + either))
        return value, np.array([float(counts @ part) for part in gradient])


def fit_bg_nbd(summary: pd.DataFrame) -> BgNbdFit:
    """Fit the model by maximum likelihood.

    Args:
        summary: ``frequency``, ``recency`` and ``age`` in weeks, one row a customer.

    Raises:
        ModelNotApplicableError: times are impossible, too few customers bought again, or the
            likelihood has no maximum.
    """
    x, recency, age = arrays(summary)
    repeaters = int(np.count_nonzero(x))
    if repeaters < MINIMUM_REPEATERS:
        raise ModelNotApplicableError(
            f"Only {repeaters} customers bought again, and the BG/NBD model needs at least "
            f"{MINIMUM_REPEATERS}: give it more customers or a longer period."
        )
    typical = float(np.mean(age))
    starts = [(1.0, typical, 1.0, 1.0), (0.3, typical / 10, 0.5, 3.0), (3.0, typical, 1.0, 10.0)]
    estimate = maximise(Likelihood(x, recency, age), starts, len(x), "BG/NBD", _explain)
    r, alpha, a, b = (float(value) for value in estimate.parameters)
    return BgNbdFit(BgNbd(r, alpha, a, b), estimate, len(x), repeaters)


def _explain(parameters: Array) -> str | None:
    """Say what is missing where a and b have no best values: a dropout, or a difference in it."""
    _, _, a, b = parameters
    dropout = a / (a + b)
    if dropout < _NEVER:
        return (
            "no customer seems to stop buying, and when they stop is what it estimates; let the "
            "observation end later, and bring the customers who have stopped if they were left out."
        )
    if a + b > _ALIKE:
        return (
            f"all customers seem to stop buying alike, each after a purchase with a probability of "
            f"{100 * dropout:.0f} %, and how they differ is what it estimates; bring all customers "
            "instead of those of one kind, and all purchases of each instead of the first ones."
        )
    return None


def _floats(*values: ArrayLike) -> list[Array]:
    return [np.atleast_1d(np.asarray(value, dtype=np.float64)) for value in values]
