"""A tenant's accounts as they are stored, and what plain Python says of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import duckdb
from api_stage import ACME, BETA, bearer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from api_stage import Stage
    from httpx2 import Response

RISK = "risk-analysis"
WARNING, CRITICAL, LGD = 0.2, 0.4, 0.45

Account = dict[str, Any]
Query = dict[str, str]

PARTS = {
    ACME: ("checking_account", "Overdrawn", "5,000 or more"),
    BETA: ("education", "University", "2,000 to under 17,000"),
}


@lru_cache
def read_rows(file: Path) -> list[dict[str, Any]]:
    """Return a table, which nobody changes, without the API."""
    with duckdb.connect(":memory:") as database:
        result = database.execute("FROM read_parquet(?)", [str(file)])
        columns = [column[0] for column in result.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


@dataclass(frozen=True)
class Portfolio:
    """A tenant's accounts as they are stored, and the API that answers of them."""

    stage: Stage
    tenant: str
    folder: Path

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return a table."""
        return read_rows(self.folder / f"{table}.parquet")

    def view(self, name: str, **query: str) -> list[dict[str, Any]]:
        """Return a view, as rows."""
        token = self.stage.tenant_token("admin@acme.com", self.tenant)
        answer = self.stage.client.get(
            f"/api/dashboards/{RISK}/views/{name}", headers=bearer(token), params=query
        )
        assert 200 == answer.status_code, answer.text
        columns = answer.json()["columns"]
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    def data(self, accept: str = "application/json", **query: str) -> Response:
        """Return an answer with rows."""
        token = self.stage.tenant_token("admin@acme.com", self.tenant)
        headers = {**bearer(token), "Accept": accept}
        answer = self.stage.client.get(
            f"/api/dashboards/{RISK}/data", headers=headers, params=query
        )
        assert 200 == answer.status_code, answer.text
        return answer

    def query(self, chosen: tuple[str, ...], what_if: Query) -> Query:
        """Return the parameters for a selection."""
        column, value, amount = PARTS[self.tenant]
        values = {"band": "warning", "part": f"{column}:{value}", "amount": amount}
        return {name: values[name] for name in chosen} | what_if

    def selected(self, query: Query) -> list[Account]:
        """Return the accounts of a selection, one after the other."""
        return [account for account in self.rows("accounts") if self._holds(account, query)]

    def _holds(self, account: Account, query: Query) -> bool:
        if "band" in query and not WARNING <= account["pd"] < CRITICAL:
            return False
        if "part" in query:
            column, _, value = query["part"].partition(":")
            if account[column] != value:
                return False
        if "amount" in query:
            amount = next(row for row in self.rows("amounts") if row["name"] == query["amount"])
            within = amount["upper"] is None or account["exposure"] < amount["upper"]
            return bool(within and account["exposure"] >= amount["lower"])
        return True


def stressed(account: Account, query: Query) -> float:
    """Return an account's PD under the stress that is asked for."""
    return min(1.0, float(query.get("stress", 1)) * float(account["pd"]))


def loss(account: Account, query: Query) -> float:
    """Return an account's expected loss."""
    lgd = float(query["lgd"]) if "lgd" in query else account["lgd"] or LGD
    return float(stressed(account, query) * lgd * account["exposure"])


def grouped(accounts: list[Account], key: Callable[[Account], Any]) -> dict[Any, list[Account]]:
    """Return the accounts by a key."""
    groups: dict[Any, list[Account]] = {}
    for account in accounts:
        groups.setdefault(key(account), []).append(account)
    return groups
