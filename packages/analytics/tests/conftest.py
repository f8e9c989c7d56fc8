"""The public data: CDNOW's 1/10 sample (39 weeks of calibration, 39 of holdout), German credit."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings

from kyros_analytics.clv.summary import Split, purchase_days, split

# In CI the same examples every time; elsewhere new ones, and a line that brings a failure back.
settings.register_profile("kyros", derandomize="CI" in os.environ, print_blob=True, deadline=None)
settings.load_profile("kyros")

SOURCES = Path(__file__).parents[3] / "data" / "source"
SAMPLE = SOURCES / "cdnow_sample.txt"


@pytest.fixture(scope="session")
def cdnow_days() -> pd.DataFrame:
    """Return what each of the 2,357 customers bought on each day."""
    transactions = pd.read_csv(
        SAMPLE,
        sep=r"\s+",
        header=None,
        names=["master_id", "customer_id", "date", "quantity", "spend"],
        dtype={"master_id": str, "customer_id": str, "date": str},
    )
    transactions["date"] = pd.to_datetime(transactions["date"], format="%Y%m%d")
    return purchase_days(transactions)


@pytest.fixture(scope="session")
def cdnow(cdnow_days: pd.DataFrame) -> Split:
    """Return the sample in its two halves."""
    return split(cdnow_days, pd.Timestamp("1998-06-30"))


@pytest.fixture(scope="session")
def german_credit() -> pd.DataFrame:
    """Return the 1,000 accounts with all of their 20 attributes and whether they ``defaulted``."""
    frame = pd.read_csv(SOURCES / "german_credit.csv")
    return frame.assign(defaulted=frame["creditability"] == "bad").drop(columns="creditability")
