"""Fit a scorecard, and judge it by accounts that it has not seen.

The accounts are parted into folds, each with its share of the defaults. For each fold everything
that looks at the outcome (bins, the choice of variables, coefficients) is done on the other folds
alone, and the fold is then predicted. These out-of-fold predictions are what the metrics are of,
what the strength of the penalty is chosen by, and what calibrates: one line through them corrects
the log odds of the scorecard that is fitted on all accounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedKFold

from kyros_analytics.errors import ModelNotApplicableError
from kyros_analytics.risk import metrics
from kyros_analytics.risk.binning import bin_column
from kyros_analytics.risk.checks import check_outcome, fit_warnings, set_aside
from kyros_analytics.risk.points import pd_of, score_of
from kyros_analytics.risk.scorecard import (
    Scorecard,
    choose_variables,
    regress,
    standard_errors,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from kyros_analytics.risk.columns import Column

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

# Of the ridge penalty, in the units of the summed log loss.
STRENGTHS = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
# With few accounts each fold's scorecard should lack few of them.
_FOLDS, _FOLDS_OF_MANY, _MANY = 10, 5, 20_000


@dataclass(frozen=True)
class ScorecardFit:
    """A scorecard, and what is known of it.

    Attributes:
        scorecard: calibrated; its log odds give PDs by :func:`points.pd_of`.
        out_of_fold: PD of each account, from the scorecard of the other folds, calibrated by the
            same line.
        metrics: metric, value, lower, upper; calibration is that before the correction.
        calibration: see :func:`metrics.calibration_table`; out of fold.
        discrimination: see :func:`metrics.discrimination_curve`; out of fold.
        left_out: variable and reason, a sentence.
        warnings: name and text, a sentence with the remedy.
        accounts: in the fit.
        defaults: among them.
        folds: that they were parted into.
        strength: of the ridge penalty, chosen out of fold.
        standard_errors: of the intercept and of each coefficient.
    """

    scorecard: Scorecard
    out_of_fold: Floats
    metrics: pd.DataFrame
    calibration: pd.DataFrame
    discrimination: pd.DataFrame
    left_out: pd.DataFrame
    warnings: pd.DataFrame
    accounts: int
    defaults: int
    folds: int
    strength: float
    standard_errors: tuple[float, ...]


def fit_scorecard(
    variables: pd.DataFrame,
    defaulted: pd.Series,
    *,
    trusted: frozenset[str] = frozenset(),
    seed: int = 0,
) -> ScorecardFit:
    """Fit a scorecard.

    Args:
        variables: what was known of each account before the outcome: numbers, text, truth values.
        defaulted: the outcome of each.
        trusted: variables that stay although they look like the outcome itself.
        seed: of folds and bootstrap.

    Raises:
        ModelNotApplicableError: a scorecard cannot be had of these accounts.
    """
    outcome = check_outcome(defaulted)
    columns, reasons, warnings = set_aside(variables, outcome, trusted)
    if not columns:
        raise ModelNotApplicableError(_NOTHING.format(" ".join(reasons.values())).strip())
    strength, log_odds, folds = _validate(columns, outcome, seed)
    scorecard, more_reasons = _fit(columns, outcome, strength)
    if not scorecard.binnings:
        raise ModelNotApplicableError(_NOTHING.format("None of them tells good from bad."))
    if np.ptp(log_odds) == 0:
        raise ModelNotApplicableError(_NOTHING.format("None of them holds out of fold."))
    weights = np.column_stack([each.weigh(columns[each.name]) for each in scorecard.binnings])
    errors = standard_errors(scorecard, weights, strength)
    line = metrics.calibrate(log_odds, outcome)
    calibrated = line.intercept + line.slope * log_odds
    out_of_fold = pd_of(calibrated)
    judged = _judge(out_of_fold, outcome, line, seed)
    warnings += fit_warnings(scorecard, outcome, judged)
    return ScorecardFit(
        scorecard=scorecard.calibrated(line.intercept, line.slope),
        out_of_fold=out_of_fold,
        metrics=judged,
        calibration=metrics.calibration_table(out_of_fold, outcome),
        discrimination=metrics.discrimination_curve(score_of(calibrated), outcome),
        left_out=pd.DataFrame(
            [*reasons.items(), *more_reasons.items()], columns=["variable", "reason"]
        ),
        warnings=pd.DataFrame(warnings, columns=["name", "text"]),
        accounts=len(outcome),
        defaults=int(outcome.sum()),
        folds=folds,
        strength=strength,
        # Those of a line are the line's times its slope, where its own error is little beside.
        standard_errors=tuple((line.slope * errors).tolist()),
    )


_NOTHING = (
    "No variable can carry a scorecard: give the accounts attributes that were known before the "
    "outcome. {}"
)


def _fit(
    columns: Mapping[str, Column], outcome: Bools, strength: float
) -> tuple[Scorecard, dict[str, str]]:
    binnings = [bin_column(column, outcome) for column in columns.values()]
    chosen, weights, reasons = choose_variables(binnings, columns)
    scorecard, dropped = regress(chosen, weights, outcome, strength)
    told = "Beside the other variables its riskier bins would get more points."
    return scorecard, {**reasons, **dict.fromkeys(dropped, told)}


def _validate(
    columns: Mapping[str, Column], outcome: Bools, seed: int
) -> tuple[float, Floats, int]:
    """Return the best strength of the penalty, the log odds out of fold with it, and the folds."""
    folds = _FOLDS_OF_MANY if len(outcome) > _MANY else _FOLDS
    log_odds = {strength: np.zeros(len(outcome)) for strength in STRENGTHS}
    parts = StratifiedKFold(folds, shuffle=True, random_state=seed)
    for learnt, judged in parts.split(outcome, outcome):
        there = {name: column.take(learnt) for name, column in columns.items()}
        here = {name: column.take(judged) for name, column in columns.items()}
        binnings = [bin_column(column, outcome[learnt]) for column in there.values()]
        chosen, weights, _ = choose_variables(binnings, there)
        for strength in STRENGTHS:
            scorecard, _ = regress(chosen, weights, outcome[learnt], strength)
            log_odds[strength][judged] = scorecard.log_odds(here)
    losses = {strength: log_loss(outcome, pd_of(odds)) for strength, odds in log_odds.items()}
    best = min(losses, key=lambda strength: losses[strength])
    return best, log_odds[best], folds


def _judge(pd_: Floats, outcome: Bools, line: metrics.Line, seed: int) -> pd.DataFrame:
    """Return every metric; the intercept is told in terms of default, as is usual."""
    reach = np.array([line.intercept_error, line.slope_error]) * metrics.Z
    value = np.array([-line.intercept, line.slope])
    calibration = pd.DataFrame(
        {
            "metric": ["calibration_intercept", "calibration_slope"],
            "value": value,
            "lower": value - reach,
            "upper": value + reach,
        }
    )
    others = metrics.discrimination_and_accuracy(pd_, outcome, seed)
    return pd.concat([others, calibration], ignore_index=True)
