"""How good a fit is: its customers by frequency, the holdout, and actual against expected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kyros_analytics.clv.summary import DAYS_A_WEEK

if TYPE_CHECKING:
    from kyros_analytics.clv.bg_nbd import BgNbd
    from kyros_analytics.clv.summary import Split

MOST = 7  # repeat purchases; the last row stands for this many and more, as in the papers' figures


def frequency_fit(model: BgNbd, summary: pd.DataFrame) -> pd.DataFrame:
    """Count customers by repeat purchases, and say how many the model expects.

    Args:
        model: fitted on the summary.
        summary: ``frequency`` and ``age``.

    Returns:
        ``frequency`` (7 is 7 and more), ``actual`` and ``expected``.
    """
    ages, customers = np.unique(summary["age"].to_numpy(dtype=np.float64), return_counts=True)
    expected = [float(model.probability_of(x, ages) @ customers) for x in range(MOST)]
    capped = summary["frequency"].clip(upper=MOST)
    return pd.DataFrame(
        {
            "frequency": np.arange(MOST + 1),
            "actual": np.bincount(capped.to_numpy(dtype=np.int64), minlength=MOST + 1),
            "expected": [*expected, float(customers.sum()) - sum(expected)],
        }
    )


def holdout_by_frequency(model: BgNbd, halves: Split) -> pd.DataFrame:
    """Compare purchases in the holdout with those expected, by frequency in the calibration.

    Args:
        model: fitted on the calibration.
        halves: of the period of observation.

    Returns:
        ``frequency`` (7 is 7 and more), ``customers``, ``actual`` and ``expected`` (means a
        customer).
    """
    summary = halves.calibration
    expected = model.expected_purchases_given(
        summary["frequency"], summary["recency"], summary["age"], halves.holdout_weeks
    )
    by_frequency = (
        summary.assign(expected=expected, frequency=summary["frequency"].clip(upper=MOST))
        .groupby("frequency", as_index=False)
        .agg(
            customers=("expected", "size"),
            actual=("holdout_purchases", "mean"),
            expected=("expected", "mean"),
        )
    )
    return by_frequency.astype({"customers": np.int64})


def tracking(model: BgNbd, days: pd.DataFrame, halves: Split) -> pd.DataFrame:
    """Compare cumulative repeat purchases with those expected, week by week.

    Only those customers count who first bought in the calibration, which the model was fitted on.

    Args:
        model: fitted on the calibration.
        days: all purchases, one row a customer and day.
        halves: of the period of observation.

    Returns:
        ``week`` (1, 2, ...), ``date`` (its last day), ``actual`` and ``expected`` (cumulative), and
        ``phase``, ``calibration`` or ``holdout``.
    """
    first = halves.calibration["first"]
    start = first.min()
    length = (halves.end - start).days
    # Week k ends on day 7k - 1, the first day being 0; the last one may be shorter.
    ends = np.append(np.arange(DAYS_A_WEEK - 1, length, DAYS_A_WEEK), length).astype(np.int64)

    counted = days[days["customer_id"].isin(first.index) & (days["date"] <= halves.end)]
    repeats = counted[counted["date"] > counted["customer_id"].map(first)]
    per_day = np.bincount((repeats["date"] - start).dt.days, minlength=length + 1)

    newcomers = np.bincount((first - start).dt.days, minlength=length + 1)
    grown = model.expected_purchases(np.arange(length + 1) / DAYS_A_WEEK)
    expected = np.convolve(newcomers, grown)[: length + 1]

    dates = pd.Series(start + pd.to_timedelta(ends, unit="D"))
    return pd.DataFrame(
        {
            "week": np.arange(1, len(ends) + 1),
            "date": dates,
            "actual": np.cumsum(per_day)[ends].astype(np.float64),
            "expected": expected[ends],
            "phase": np.where(dates <= halves.calibration_end, "calibration", "holdout"),
        }
    )
