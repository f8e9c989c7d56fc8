"""What the models know of a customer: frequency, recency, age and monetary value.

Fader, Hardie and Lee (2005), "'Counting Your Customers' the Easy Way: An Alternative to the
Pareto/NBD Model", Marketing Science 24(2), 275-284, doi:10.1287/mksc.1040.0098. As there, all that
a customer buys on one day is one purchase, and time is counted in weeks (days / 7).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from kyros_analytics.errors import ModelNotApplicableError

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAYS_A_WEEK = 7.0


class Split(NamedTuple):
    """A period of observation in two halves: one to fit on, one to be held to.

    Attributes:
        calibration: a summary of the customers who first bought in the first half, at its end,
            with ``holdout_purchases``: how many repeat purchases each made in the second half.
        calibration_end: the last day of the first half.
        end: the last day of the second half.
    """

    calibration: pd.DataFrame
    calibration_end: pd.Timestamp
    end: pd.Timestamp

    @property
    def holdout_weeks(self) -> float:
        """How long the second half is."""
        return (self.end - self.calibration_end).days / DAYS_A_WEEK


def purchase_days(transactions: pd.DataFrame) -> pd.DataFrame:
    """Add up what each customer bought on each day.

    Args:
        transactions: ``customer_id``, ``date`` and ``spend``, in any order.

    Returns:
        The same columns, one row a customer and day, sorted by both.

    Raises:
        ModelNotApplicableError: a date is missing, or an amount is missing or negative.
    """
    if transactions["date"].isna().any():
        raise ModelNotApplicableError(
            "A transaction has no date: leave it out or give it the day on which it was made."
        )
    spend = transactions["spend"]
    if not (np.isfinite(spend) & (spend >= 0)).all():
        raise ModelNotApplicableError(
            "A transaction's spend is missing or negative: leave returns out, or take them off the "
            "purchase that they belong to."
        )
    days = transactions.groupby(["customer_id", "date"], observed=True)["spend"].sum()
    return days.reset_index()


def summarise(days: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    """Summarise each customer's purchases up to a day.

    Args:
        days: what :func:`purchase_days` returns.
        end: the last day of observation; later purchases, and customers, do not count.

    Returns:
        One row a customer, by ``customer_id``: ``first`` (day of the first purchase),
        ``frequency`` (x, repeat purchases), ``recency`` (t_x, weeks from the first purchase to the
        last), ``age`` (T, weeks from the first purchase to the end) and ``monetary_value`` (mean
        spend of the repeat purchases; NaN without any).
    """
    seen = days[days["date"] <= end]
    first = seen.groupby("customer_id", observed=True)["date"].transform("min")
    by_customer = seen.assign(first=first, repeat=seen["spend"].where(seen["date"] > first))
    grouped = by_customer.groupby("customer_id", observed=True)
    summary = grouped.agg(
        first=("first", "first"),
        last=("date", "max"),
        frequency=("repeat", "count"),
        monetary_value=("repeat", "mean"),
    )
    summary["recency"] = (summary["last"] - summary["first"]).dt.days / DAYS_A_WEEK
    summary["age"] = (end - summary["first"]).dt.days / DAYS_A_WEEK
    return summary[["first", "frequency", "recency", "age", "monetary_value"]]


def split(days: pd.DataFrame, end: pd.Timestamp, calibration_days: int | None = None) -> Split:
    """Split the period of observation into calibration and holdout.

    Args:
        days: what :func:`purchase_days` returns.
        end: the last day of observation.
        calibration_days: from the first day of the data to the end of the calibration; by default
            half of what there is, as in the papers.

    Raises:
        ModelNotApplicableError: there are no two weeks of data to split.
    """
    start = days["date"].min()
    whole = (end - start).days
    if not whole >= 2 * DAYS_A_WEEK:
        raise ModelNotApplicableError(
            "The purchases span less than two weeks, too short for a prediction to be checked: "
            "give it a longer period."
        )
    middle = start + pd.Timedelta(days=whole // 2 if calibration_days is None else calibration_days)
    calibration = summarise(days, middle)
    later = days[(days["date"] > middle) & (days["date"] <= end)]
    purchases = later.groupby("customer_id", observed=True).size()
    calibration["holdout_purchases"] = purchases.reindex(calibration.index, fill_value=0)
    return Split(calibration, middle, end)


def arrays(
    summary: pd.DataFrame,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return a summary's x, t_x and T.

    Raises:
        ModelNotApplicableError: a customer's times are impossible.
    """
    x, recency, age = (
        summary[name].to_numpy(dtype=np.float64) for name in ("frequency", "recency", "age")
    )
    known = np.isfinite(x) & np.isfinite(recency) & np.isfinite(age)
    possible = (x >= 0) & (x == np.floor(x)) & (recency >= 0) & (recency <= age)
    consistent = (x > 0) == (recency > 0)
    if not np.all(known & possible & consistent):
        raise ModelNotApplicableError(
            "A customer's times are impossible (recency must lie between 0 and age, and be 0 "
            "exactly when there is no repeat purchase): summarise the transactions anew."
        )
    return x, recency, age
