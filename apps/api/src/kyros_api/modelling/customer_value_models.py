"""The models of customers' value, fitted to one tenant's purchases; or why they do not apply.

BG/NBD and Gamma-Gamma are fitted to all purchases for what the dashboard predicts, and BG/NBD once
more to the first half of the observation, which the second half is then compared with.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kyros_analytics import ModelNotApplicableError
from kyros_analytics.clv.bg_nbd import BgNbdFit, fit_bg_nbd
from kyros_analytics.clv.checks import frequency_fit, holdout_by_frequency, tracking
from kyros_analytics.clv.gamma_gamma import GammaGammaFit, fit_gamma_gamma
from kyros_analytics.clv.moments import moments_given_alive
from kyros_analytics.clv.summary import DAYS_A_WEEK, Split, purchase_days, split, summarise
from kyros_api.dashboards.catalogue.customer_lifetime_value.choices import (
    BG_NBD,
    GAMMA_GAMMA,
    HORIZONS,
    RATES,
)
from kyros_api.modelling.customer_value_tables import HORIZON_COLUMNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kyros_api.modelling.preparation import Report

_MOST_FREQUENCIES = 30  # in the map of frequency and recency
_MOST_RECENCIES = 40
_USUAL = 0.999  # this share of the customers is in the map


@dataclass
class Models:
    """What was fitted; None is what does not apply, with a sentence in ``refusals``.

    Attributes:
        days: what each customer bought on each day.
        summary: of each customer at the end of the observation.
        end: of the observation.
        purchases: how often customers buy, from all purchases.
        spend: what they spend, from all purchases.
        halves: the observation in calibration and holdout.
        calibration: how often customers buy, from the first half.
        refusals: why a model is missing, by what it is for.
    """

    days: pd.DataFrame
    summary: pd.DataFrame
    end: pd.Timestamp
    purchases: BgNbdFit | None = None
    spend: GammaGammaFit | None = None
    halves: Split | None = None
    calibration: BgNbdFit | None = None
    refusals: dict[str, str] = field(default_factory=dict)


def fit_models(transactions: pd.DataFrame, end: pd.Timestamp, report: Report) -> Models:
    """Fit what applies.

    Args:
        transactions: ``customer_id`` (a number), ``date`` and ``spend``.
        end: the last day of observation.
        report: told each step.
    """
    days = purchase_days(transactions)
    models = Models(days, summarise(days, end), end)
    report("Fitting BG/NBD")
    try:
        models.purchases = fit_bg_nbd(models.summary)
    except ModelNotApplicableError as error:
        models.refusals["No expected purchases"] = str(error)
    report("Fitting Gamma-Gamma")
    try:
        models.spend = fit_gamma_gamma(models.summary)
    except ModelNotApplicableError as error:
        models.refusals["No expected value"] = str(error)
    report("Checking against the second half")
    try:
        models.halves = split(days, end)
        models.calibration = fit_bg_nbd(models.halves.calibration)
    except ModelNotApplicableError as error:
        models.refusals["No check against a holdout"] = str(error)
    return models


def estimates(models: Models) -> pd.DataFrame:
    """Return what the models say of each customer, by ``number``."""
    summary = models.summary
    history = (summary["frequency"], summary["recency"], summary["age"])
    frame = pd.DataFrame(
        {
            "number": summary.index,
            "frequency": summary["frequency"].to_numpy(),
            "recency_days": _in_days(summary["recency"]),
            "age_days": _in_days(summary["age"]),
        }
    )
    alive = models.purchases
    frame["p_alive"] = alive.model.p_alive(*history) if alive else np.nan
    gradient = alive.model.p_alive_gradient(*history).astype(np.float32) if alive else None
    for column, name in enumerate(BG_NBD):
        frame[f"d_alive_{name}"] = np.nan if gradient is None else gradient[:, column]
    return _with_spend(frame, models)


def _with_spend(frame: pd.DataFrame, models: Models) -> pd.DataFrame:
    names = ["expected_spend", "spend_square", "spend_product"]
    gradients = [f"d_spend_{name}" for name in GAMMA_GAMMA]
    if models.spend is None:
        return frame.assign(**dict.fromkeys([*names, *gradients], np.nan))
    model = models.spend.model
    history = models.summary["frequency"], models.summary["monetary_value"]
    square, product = model.second_moments(*history)
    columns = [model.expected_spend(*history), square, product]
    by_parameter = model.expected_spend_gradient(*history).astype(np.float32).T
    values = dict(zip([*names, *gradients], [*columns, *by_parameter], strict=True))
    return frame.assign(**values)


def horizons(models: Models) -> pd.DataFrame:
    """Return what active customers of each history buy up to each horizon, at each rate."""
    if models.purchases is None:
        return pd.DataFrame({name: pd.Series(dtype=float) for name in HORIZON_COLUMNS})
    histories = models.summary[["frequency", "age"]]
    moments = moments_given_alive(models.purchases.model, histories, HORIZONS, RATES)
    return moments.assign(age_days=_in_days(moments["age"]))[list(HORIZON_COLUMNS)]


def recency_frequency(models: Models) -> pd.DataFrame:
    """Return P(alive) and expected purchases of customers as old as the oldest, as a map.

    A cell's figures are those of its first day; its customers are those of any age.
    """
    columns = ("frequency", "recency_weeks", "horizon", "p_alive", "purchases", "customers")
    if models.purchases is None:
        return pd.DataFrame({name: pd.Series(dtype=float) for name in columns})
    model, summary = models.purchases.model, models.summary
    oldest = float(summary["age"].max())
    usual = np.quantile(summary["frequency"].to_numpy(dtype=np.float64), _USUAL)
    most = min(int(usual), _MOST_FREQUENCIES)
    step = int(np.ceil((oldest + 1) / _MOST_RECENCIES))
    weeks = np.arange(0, int(oldest) + 1, step)
    cells = pd.MultiIndex.from_product([range(1, most + 1), weeks]).to_frame(index=False)
    cells.columns = pd.Index(["frequency", "recency_weeks"])
    never = pd.DataFrame({"frequency": [0], "recency_weeks": [0]})
    cells = pd.concat([never, cells], ignore_index=True)
    place = [summary["frequency"], (summary["recency"] // step * step).astype(np.int64)]
    counted = summary.groupby(place).size().rename("customers").reset_index()
    counted.columns = pd.Index(["frequency", "recency_weeks", "customers"])
    cells = cells.merge(counted, how="left").fillna({"customers": 0})
    history = cells["frequency"], cells["recency_weeks"], np.full(len(cells), oldest)
    cells["p_alive"] = model.p_alive(*history)
    of_horizon = [
        cells.assign(horizon=weeks, purchases=model.expected_purchases_given(*history, weeks))
        for weeks in HORIZONS
    ]
    return pd.concat(of_horizon, ignore_index=True)[list(columns)]


def checks(models: Models) -> dict[str, pd.DataFrame]:
    """Return the tables of the check against the second half, empty when it cannot be made."""
    if models.calibration is None or models.halves is None:
        return {
            "tracking": _empty("week", "date", "actual", "expected", "phase"),
            "frequency_fit": _empty("frequency", "actual", "expected"),
            "holdout": _empty("frequency", "customers", "actual", "expected"),
        }
    model, halves = models.calibration.model, models.halves
    return {
        "tracking": tracking(model, models.days, halves),
        "frequency_fit": frequency_fit(model, halves.calibration),
        "holdout": holdout_by_frequency(model, halves),
    }


def _empty(*columns: str) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=float) for name in columns})


def _in_days(weeks: pd.Series[float]) -> NDArray[np.int64]:
    days: NDArray[np.int64] = np.rint(weeks.to_numpy() * DAYS_A_WEEK).astype(np.int64)
    return days
