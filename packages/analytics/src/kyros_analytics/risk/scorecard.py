"""A scorecard: logistic regression on weights of evidence, and its points.

The regression is of the logarithm of the odds good to bad. With the weight of evidence pointing to
good (:mod:`kyros_analytics.risk.binning`) each coefficient must be positive: near 1 for a variable
that tells what no other does, less for one that shares its news. A negative one would give the
riskier bin more points; such a variable is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from kyros_analytics.risk.columns import encode
from kyros_analytics.risk.points import FACTOR, OFFSET

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from kyros_analytics.risk.binning import Binning
    from kyros_analytics.risk.columns import Column

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

# Below this information value a variable is "not useful for prediction" (Siddiqi 2006, page 81).
LEAST_INFORMATION = 0.02
# Two variables whose weights of evidence correlate like this say the same thing.
SAME = 0.97


@dataclass(frozen=True)
class Scorecard:
    """Variables with their bins and coefficients.

    Attributes:
        binnings: of each variable, by information value, the greatest first.
        coefficients: of each variable's weight of evidence, for the log odds good to bad.
        intercept: likewise.
    """

    binnings: tuple[Binning, ...]
    coefficients: tuple[float, ...]
    intercept: float

    def log_odds(self, columns: Mapping[str, Column]) -> Floats:
        """Return the logarithm of the odds good to bad of each account."""
        weights = zip(self.binnings, self.coefficients, strict=True)
        return sum(
            (coefficient * each.weigh(columns[each.name]) for each, coefficient in weights),
            start=np.full(_rows(columns), self.intercept),
        )

    def calibrated(self, intercept: float, slope: float) -> Scorecard:
        """Return the scorecard whose log odds are ``intercept + slope * log_odds``.

        What is linear keeps the points additive, and each account's rank.
        """
        return replace(
            self,
            coefficients=tuple(slope * each for each in self.coefficients),
            intercept=intercept + slope * self.intercept,
        )

    def bins(self, variables: pd.DataFrame) -> pd.DataFrame:
        """Return each account's bin of each variable."""
        return pd.DataFrame(
            {each.name: each.assign(encode(variables[each.name])) for each in self.binnings},
            index=variables.index,
        )

    def points(self) -> list[NDArray[np.int64]]:
        """Return the whole points of each bin of each variable.

        The intercept and the scale's offset are shared out evenly, so that an account's points are
        one number for each variable and add up to its score. Rounding moves a score by a point or
        two: 50 points double the odds.
        """
        base = (OFFSET + FACTOR * self.intercept) / len(self.binnings)
        return [
            np.rint(base + FACTOR * coefficient * np.asarray(each.woe)).astype(np.int64)
            for each, coefficient in zip(self.binnings, self.coefficients, strict=True)
        ]

    def log_odds_of(self, bins: pd.DataFrame) -> Floats:
        """Return the logarithm of the odds good to bad of each account, by its bins."""
        log_odds = np.full(len(bins), self.intercept)
        for each, coefficient in zip(self.binnings, self.coefficients, strict=True):
            log_odds += coefficient * np.asarray(each.woe)[bins[each.name].to_numpy()]
        return log_odds

    def scores(self, bins: pd.DataFrame) -> NDArray[np.int64]:
        """Return each account's score: the sum of the points of its bins."""
        score = np.zeros(len(bins), dtype=np.int64)
        for each, points in zip(self.binnings, self.points(), strict=True):
            score += points[bins[each.name].to_numpy()]
        return score

    def table(self) -> pd.DataFrame:
        """Return a row for each bin: what a printed scorecard has."""
        tables = [
            pd.DataFrame(
                {
                    "variable": each.name,
                    "variable_position": position,
                    "bin": np.arange(len(each.labels)),
                    "label": each.labels,
                    "accounts": each.accounts,
                    "defaults": each.defaults,
                    "woe": each.woe,
                    "points": points.astype(float),
                    "information_value": each.information_value,
                    "coefficient": coefficient,
                }
            )
            for position, (each, coefficient, points) in enumerate(
                zip(self.binnings, self.coefficients, self.points(), strict=True), start=1
            )
        ]
        return pd.concat(tables, ignore_index=True)


def choose_variables(
    binnings: Sequence[Binning], columns: Mapping[str, Column]
) -> tuple[list[Binning], Floats, dict[str, str]]:
    """Choose the variables that are worth having.

    Returns:
        Those chosen, best first; their weights of evidence, a column for each; and for every other
        variable why it is left out.
    """
    chosen: list[Binning] = []
    weights: list[Floats] = []
    reasons: dict[str, str] = {}
    for each in sorted(binnings, key=lambda each: (-each.information_value, each.name)):
        if each.information_value < LEAST_INFORMATION:
            reasons[each.name] = (
                f"It says next to nothing of default: its information value is "
                f"{each.information_value:.3f}, under {LEAST_INFORMATION}."
            )
            continue
        weight = each.weigh(columns[each.name])
        # From the best on, so that of two that say the same the better one stays.
        like = (
            other.name
            for other, theirs in zip(chosen, weights, strict=True)
            if np.corrcoef(weight, theirs)[0, 1] > SAME
        )
        if (same := next(like, None)) is not None:
            reasons[each.name] = f"It says the same as {same!r}."
            continue
        chosen.append(each)
        weights.append(weight)
    stacked = np.column_stack(weights) if weights else np.zeros((_rows(columns), 0))
    return chosen, stacked, reasons


def regress(
    binnings: Sequence[Binning], woe: Floats, defaulted: Bools, strength: float
) -> tuple[Scorecard, list[str]]:
    """Fit the regression, without the variables whose coefficient would not be positive.

    Args:
        binnings: the variables, best first.
        woe: their weights of evidence, a column for each.
        defaulted: of each account.
        strength: of the ridge penalty: half of it times the sum of the squared coefficients is
            added to the summed log loss.

    Returns:
        The scorecard, and the names of the variables left out.
    """
    kept = list(range(len(binnings)))
    dropped: list[str] = []
    while kept:
        model = LogisticRegression(C=1 / strength, solver="newton-cholesky")
        model.fit(woe[:, kept], ~defaulted)
        coefficients = model.coef_[0]
        worst = int(coefficients.argmin())
        if coefficients[worst] > 0:
            chosen = tuple(binnings[index] for index in kept)
            return Scorecard(chosen, tuple(coefficients.tolist()), float(model.intercept_[0])), (
                dropped
            )
        dropped.append(binnings[kept.pop(worst)].name)
    rate = float(defaulted.mean())
    return Scorecard((), (), float(np.log((1 - rate) / rate))), dropped


def standard_errors(scorecard: Scorecard, woe: Floats, strength: float) -> Floats:
    """Return the standard errors of the intercept and the coefficients of a fitted regression.

    They are Wald's, of the penalised likelihood; that bins were made of the outcome is not in them.

    Args:
        scorecard: as :func:`regress` gave it.
        woe: the weights of evidence of its variables, a column for each.
        strength: of the penalty.
    """
    design = np.column_stack([np.ones(len(woe)), woe])
    good = 1 / (1 + np.exp(-design @ [scorecard.intercept, *scorecard.coefficients]))
    penalty = np.diag([0.0, *np.full(woe.shape[1], strength)])
    information = design.T @ (design * (good * (1 - good))[:, None]) + penalty
    return np.asarray(np.sqrt(np.diag(np.linalg.inv(information))))


def _rows(columns: Mapping[str, Column]) -> int:
    return max((len(each.numbers) for each in columns.values()), default=0)
