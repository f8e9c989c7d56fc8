"""How good predictions of default are: discrimination, accuracy and calibration, with intervals.

Intervals are at 95 %. Those of AUC, Gini, KS and Brier are percentiles of a bootstrap of the
accounts with their out-of-fold predictions; those of calibration are Wald's; those of rates are
Wilson's (1927). None of them counts that another sample would have given another scorecard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

Z = 1.959964
_RESAMPLES = 500
# A bootstrap counts so many accounts in all: with many accounts fewer resamples are as steady.
_RESAMPLED_ACCOUNTS = 20_000_000
_CURVE_POINTS = 200
_CALIBRATION_BINS = 10


class Line(NamedTuple):
    """``intercept + slope * log odds``, with standard errors."""

    intercept: float
    slope: float
    intercept_error: float
    slope_error: float


def discrimination_and_accuracy(pd_: Floats, defaulted: Bools, seed: int = 0) -> pd.DataFrame:
    """Return AUC, Gini, KS and Brier with their intervals: metric, value, lower, upper.

    AUC is the chance that a default has the greater PD of a random good and bad, Gini is
    ``2 AUC - 1``, KS the greatest distance between the two cumulative shares, and Brier the mean
    squared distance of PD and outcome.
    """
    distinct, group = np.unique(pd_, return_inverse=True)
    squared = (pd_ - defaulted) ** 2
    rows = len(pd_)

    def measure(weights: Floats) -> tuple[float, float, float, float]:
        bad = np.bincount(group, weights=weights * defaulted, minlength=len(distinct))
        good = np.bincount(group, weights=weights, minlength=len(distinct)) - bad
        bads, goods = bad.cumsum(), good.cumsum()
        auc = float((bad * (goods - good / 2)).sum() / (bads[-1] * goods[-1]))
        distance = float(np.abs(bads / bads[-1] - goods / goods[-1]).max())
        return auc, 2 * auc - 1, distance, float((weights * squared).sum() / rows)

    random = np.random.default_rng(seed)
    resamples = int(np.clip(_RESAMPLED_ACCOUNTS / rows, 100, _RESAMPLES))
    drawn = (
        np.bincount(random.integers(rows, size=rows), minlength=rows).astype(float)
        for _ in range(resamples)
    )
    # A draw of goods alone, possible with few defaults, says nothing of how they are told apart.
    samples = [measure(weights) for weights in drawn if 0 < weights @ defaulted < rows]
    lower, upper = np.percentile(samples, [2.5, 97.5], axis=0)
    return pd.DataFrame(
        {
            "metric": ["auc", "gini", "ks", "brier"],
            "value": measure(np.ones(rows)),
            "lower": lower,
            "upper": upper,
        }
    )


def calibrate(log_odds: Floats, defaulted: Bools) -> Line:
    """Return the line that makes log odds good to bad agree with the outcome.

    Zero and 1 is perfect. A slope under 1 tells that predictions are too extreme: the model learnt
    the accounts by heart (Cox 1958).
    """
    model = LogisticRegression(C=np.inf, solver="newton-cholesky")
    model.fit(log_odds.reshape(-1, 1), ~defaulted)
    design = np.column_stack([np.ones(len(log_odds)), log_odds])
    good = model.predict_proba(log_odds.reshape(-1, 1))[:, 1]
    covariance = np.linalg.inv(design.T @ (design * (good * (1 - good))[:, None]))
    errors = np.sqrt(np.diag(covariance))
    return Line(
        float(model.intercept_[0]), float(model.coef_[0, 0]), float(errors[0]), float(errors[1])
    )


def calibration_table(pd_: Floats, defaulted: Bools) -> pd.DataFrame:
    """Return predicted and observed rates of tenths of the accounts, by PD.

    Columns: bin (from 1), accounts, predicted, observed, and Wilson's lower and upper.
    """
    edges = np.unique(np.quantile(pd_, np.linspace(0, 1, _CALIBRATION_BINS + 1)[1:-1]))
    bins = np.searchsorted(edges, pd_, side="left")
    accounts = np.bincount(bins)
    held = accounts > 0
    predicted = np.bincount(bins, weights=pd_)[held] / accounts[held]
    observed = np.bincount(bins, weights=defaulted)[held] / accounts[held]
    lower, upper = wilson(observed, accounts[held])
    return pd.DataFrame(
        {
            "bin": np.arange(1, held.sum() + 1),
            "accounts": accounts[held],
            "predicted": predicted,
            "observed": observed,
            "lower": lower,
            "upper": upper,
        }
    )


def discrimination_curve(score: NDArray[np.int64], defaulted: Bools) -> pd.DataFrame:
    """Return the shares of goods and of bads at or below scores: ROC and KS both come of it.

    Columns: score, cumulative_good, cumulative_bad; some 200 rows at most, from 0 to 1.
    """
    distinct, group = np.unique(score, return_inverse=True)
    bad = np.bincount(group, weights=defaulted).cumsum()
    good = np.bincount(group, weights=~defaulted).cumsum()
    places = np.linspace(0, len(distinct) - 1, min(len(distinct), _CURVE_POINTS - 1))
    shown = np.unique(places.round().astype(int))
    return pd.DataFrame(
        {
            "score": np.concatenate([[distinct[0] - 1], distinct[shown]]),
            "cumulative_good": np.concatenate([[0], good[shown] / good[-1]]),
            "cumulative_bad": np.concatenate([[0], bad[shown] / bad[-1]]),
        }
    )


def wilson(rate: Floats, accounts: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return Wilson's interval of rates: it stays within 0 to 1, and holds for few accounts."""
    middle = rate + Z * Z / (2 * accounts)
    reach = Z * np.sqrt(rate * (1 - rate) / accounts + Z * Z / (4 * accounts**2))
    whole = 1 + Z * Z / accounts
    return np.maximum(0, (middle - reach) / whole), np.minimum(1, (middle + reach) / whole)
