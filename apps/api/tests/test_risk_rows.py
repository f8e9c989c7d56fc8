"""The rows of risk that are worked out when they are asked for, against plain Python."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest
from api_stage import ACME, BETA
from risk_portfolio import RISK, Portfolio, loss

from kyros_api.seeding import demo

if TYPE_CHECKING:
    from pathlib import Path

    from api_stage import Stage


@pytest.mark.parametrize("tenant", [ACME, BETA])
def test_rows_with_loss(stage: Stage, seeded: Path, tenant: str) -> None:
    """Rows have the expected loss when it is asked for: in order of it, filtered, as CSV."""
    (item,) = (
        item for item in demo.ASSIGNMENTS if (item.tenant_id, item.dashboard_slug) == (tenant, RISK)
    )
    portfolio = Portfolio(stage, tenant, item.folder(seeded))
    losses = {one["account_id"]: loss(one, {}) for one in portfolio.rows("accounts")}
    largest = sorted(losses, key=lambda name: (-losses[name], name))
    asked = {"columns": "account_id,expected_loss", "sort": "-expected_loss", "limit": "5"}

    assert [
        {"account_id": name, "expected_loss": pytest.approx(losses[name])} for name in largest[:5]
    ] == portfolio.data(**asked).json()["data"]
    bound = (losses[largest[3]] + losses[largest[4]]) / 2
    under = f'{{"expected_loss":{{"lt":{bound}}}}}'
    assert len(losses) - 4 == portfolio.data(**asked, filters=under).json()["total"]
    lines = list(csv.DictReader(portfolio.data("text/csv", **asked).text.splitlines()))
    assert largest[:5] == [line["account_id"] for line in lines]
    assert losses[largest[0]] == pytest.approx(float(lines[0]["expected_loss"]))
    assert "expected_loss" not in portfolio.data(limit="1").json()["data"][0]
