"""What the tests of customers' value share: its tables, and what asks for a view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pandas as pd
from api_stage import ACME, bearer

from kyros_analytics.clv.bg_nbd import BgNbd
from kyros_analytics.clv.gamma_gamma import GammaGamma

if TYPE_CHECKING:
    from pathlib import Path

    from api_stage import Stage

CLV = "customer-lifetime-value"
HIGH, MEDIUM = 100, 20  # the demo's thresholds

Columns = dict[str, list[Any]]


def folder_of(seeded: Path) -> Path:
    """Return the folder with the demo's tables."""
    (version,) = (seeded / "tenants" / ACME / CLV).iterdir()
    return version


def table(folder: Path, name: str) -> pd.DataFrame:
    """Read a table."""
    with duckdb.connect() as database:
        frame: pd.DataFrame = database.read_parquet(f"{folder / name}.parquet").df()
    return frame


class Asker:
    """Asks for views as Acme's analyst."""

    def __init__(self, stage: Stage) -> None:
        self._client = stage.client
        self._header = bearer(stage.tenant_token("analyst@acme.com", ACME))

    def __call__(self, view: str, **given: str | float | None) -> Columns:
        """Return a view's columns; a parameter of None is left out."""
        given = {name: value for name, value in given.items() if value is not None}
        url = f"/api/dashboards/{CLV}/views/{view}"
        found = self._client.get(url, headers=self._header, params=given)
        assert 200 == found.status_code, found.text
        return dict(found.json()["columns"])


def chosen(
    customers: pd.DataFrame,
    cohort: str | None = None,
    segment: str | None = None,
    horizon: float | None = None,
    rate: float | None = None,
) -> pd.DataFrame:
    """Return the customers that filters mean, with ``value`` and ``purchases``."""
    weeks, per_cent = horizon or 52, 10 if rate is None else rate
    found = customers.assign(
        value=customers[f"value_{weeks}_{per_cent}"], purchases=customers[f"purchases_{weeks}"]
    )
    if cohort:
        found = found[found["cohort"] == cohort]
    return found[segments_of(found) == segment] if segment else found


def segments_of(found: pd.DataFrame, high: float = HIGH, medium: float = MEDIUM) -> pd.Series[str]:
    """Return each customer's segment."""
    low_or_medium = np.where(found["value"] >= medium, "medium", "low")
    names = np.where(found["value"] >= high, "high", low_or_medium)
    return pd.Series(names, index=found.index, dtype="str")


def parameters(folder: Path) -> tuple[BgNbd, GammaGamma]:
    """Return the fitted models."""
    rows = table(folder, "model_parameters").set_index(["model", "parameter"])["value"]
    return BgNbd(**rows["BG/NBD"].to_dict()), GammaGamma(**rows["Gamma-Gamma"].to_dict())
