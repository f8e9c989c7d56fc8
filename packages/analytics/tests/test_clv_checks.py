"""The checks of a fit: what they compare is what happened, and adds up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from kyros_analytics.clv.bg_nbd import BgNbd, fit_bg_nbd
from kyros_analytics.clv.checks import frequency_fit, holdout_by_frequency, tracking

if TYPE_CHECKING:
    from kyros_analytics.clv.summary import Split


@pytest.fixture(scope="module")
def model(cdnow: Split) -> BgNbd:
    """Return the papers' fit."""
    return fit_bg_nbd(cdnow.calibration).model


def test_frequency_fit(model: BgNbd, cdnow: Split) -> None:
    """Every customer is in one row, actual and expected; the published counts are met."""
    table = frequency_fit(model, cdnow.calibration)
    assert [1411, 439, 214, 100, 62, 38, 29, 64] == list(table["actual"])
    assert 2357 == pytest.approx(table["expected"].sum())
    assert (np.abs(table["expected"] / table["actual"] - 1) < 0.15).all()


def test_holdout_adds_up(model: BgNbd, cdnow: Split) -> None:
    """Means times customers are the published totals of the holdout."""
    table = holdout_by_frequency(model, cdnow)
    assert 1882 == round((table["actual"] * table["customers"]).sum())
    assert 1653 == round((table["expected"] * table["customers"]).sum())


def test_tracking(model: BgNbd, cdnow: Split, cdnow_days: pd.DataFrame) -> None:
    """Cumulative repeat purchases of 78 weeks, the 39th ending with the calibration."""
    table = tracking(model, cdnow_days, cdnow)
    assert list(range(1, 79)) == list(table["week"])
    middle, last = table.iloc[38], table.iloc[77]
    assert ("1997-09-30", "calibration") == (str(middle["date"].date()), middle["phase"])
    assert ("1998-06-30", "holdout") == (str(last["date"].date()), last["phase"])
    repeats = int(cdnow.calibration["frequency"].sum())
    assert (repeats, repeats + 1882) == (middle["actual"], last["actual"])
    first = cdnow.calibration["first"]
    expected = model.expected_purchases((cdnow.end - first).dt.days.to_numpy() / 7).sum()
    assert float(expected) == pytest.approx(last["expected"])


def test_tracking_leaves_later_customers_out(
    model: BgNbd, cdnow: Split, cdnow_days: pd.DataFrame
) -> None:
    """Who first bought in the holdout is not among those that the model was fitted on."""
    dates = pd.to_datetime(["1998-01-01", "1998-02-01"])
    late = pd.DataFrame({"customer_id": ["late"] * 2, "date": dates, "spend": [1.0, 1.0]})
    with_late = pd.concat([cdnow_days, late], ignore_index=True)
    before, after = (tracking(model, days, cdnow) for days in (cdnow_days, with_late))
    assert list(before["actual"]) == list(after["actual"])
