"""The dashboard through HTTP, in front of an API that is not there."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING, Any

import pytest

from kyros_dash_app_risk import callbacks, ids
from kyros_dash_app_risk.layout import PAGE
from kyros_dash_kit import Dashboard, create_dash_app
from kyros_dash_kit.testing import KEY, Browser, FakeApi, make_settings, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx

NBSP = "\N{NO-BREAK SPACE}"


def views(accounts: int, *columns: str) -> dict[str, dict[str, list[Any]]]:
    """Build the answers of a tenant whose portfolio can be cut by these columns."""
    rates: dict[str, dict[str, list[Any]]] = {
        column: {
            "segment": [f"{column} low", f"{column} high"],
            "accounts": [accounts - 1, 1],
            "defaults": [0, 1],
            "default_rate": [0.0, 1.0],
            "lower": [0.0, 0.2],
            "upper": [0.3, 1.0],
            "exposure": [900.0, 100.0],
            "defaulted_exposure": [0.0, 100.0],
        }
        for column in columns
    }
    return {
        "summary": {
            "accounts": [accounts],
            "exposure": [1000.0],
            "defaults": [1],
            "default_rate": [1 / accounts],
            "defaulted_exposure": [100.0],
        },
        "exposure": {
            "bin_start": [0],
            "bin_end": [500],
            "accounts": [accounts],
            "defaults": [1],
            "exposure": [1000.0],
        },
        **{f"default_rate?by={column}": rate for column, rate in rates.items()},
    }


@pytest.fixture
def api() -> FakeApi:
    """Two tenants with their own dimensions and currencies, and one without accounts."""
    checking = {"column": "checking", "title": "Checking account"}
    savings = {"column": "savings", "title": "Savings"}
    return FakeApi(
        views={
            "acme": views(10, "checking", "savings"),
            "beta": views(20, "education"),
            "empty": {**views(1), "summary": {"accounts": [0], "exposure": [0]}},
        },
        tenants={"beta": {"primary_color": "#ff5722", "currency": "TWD"}},
        config={
            "acme": {"currency": "DEM", "segments": [checking, savings]},
            "beta": {"segments": [{"column": "education"}]},
        },
    )


@pytest.fixture
async def http(api: FakeApi) -> AsyncIterator[httpx.AsyncClient]:
    """Speaks to the dashboard while it runs."""
    dashboard = Dashboard(ids.SLUG, PAGE.title, PAGE.layout(), callbacks.register)
    async with running(
        create_dash_app(dashboard, make_settings(), transport=api.transport)
    ) as client:
        yield client


def texts(filled: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the key figures: what they are, and how much."""
    figures = [one["props"]["children"] for one in filled["loss-key-figures"]["children"]]
    return [(label["props"]["children"], value["props"]["children"]) for label, value, _ in figures]


async def test_first_dimension(http: httpx.AsyncClient) -> None:
    """Without a choice the portfolio is cut by the tenant's first dimension."""
    filled = await Browser(http, ids.SLUG, "acme").fill(theme="light")

    assert [
        ("Accounts", "10"),
        ("Exposure", f"DM{NBSP}1,000"),
        ("Default rate", f"10.0{NBSP}%"),
        ("Exposure in default", f"DM{NBSP}100"),
    ] == texts(filled)
    assert "10 accounts, by checking account" == filled["kyros-summary"]["children"]
    assert ["checking", "savings"] == [one["value"] for one in filled["by"]["options"]]


async def test_chosen_dimension(http: httpx.AsyncClient) -> None:
    """A choice cuts rates and exposure, and is asked for by name."""
    filled = await Browser(http, ids.SLUG, "acme").fill(theme="light", by="savings")

    expected = f"100{NBSP}% default in “savings high”, 0{NBSP}% in “savings low”"
    assert expected == filled["default-rate-title"]["children"]


async def test_another_tenants_dimension(http: httpx.AsyncClient) -> None:
    """A dimension of another tenant does not exist."""
    filled = await Browser(http, ids.SLUG, "acme").fill(theme="light", by="education")

    assert "This selection does not exist" == filled["kyros-status-title"]["children"]


async def test_not_loaded(http: httpx.AsyncClient) -> None:
    """A tenant without accounts is told so."""
    filled = await Browser(http, ids.SLUG, "empty").fill(theme="light")

    expected = "No accounts are loaded for this organisation yet."
    assert expected == filled["kyros-status-message"]["children"]


async def test_tenants_apart(http: httpx.AsyncClient) -> None:
    """Concurrent readers of two tenants each see their own, in their own currency."""
    tenants = ["acme", "beta"] * 10

    filled = await asyncio.gather(
        *[Browser(http, ids.SLUG, tenant).fill(theme="dark") for tenant in tenants]
    )

    expected = {"acme": ("Exposure", f"DM{NBSP}1,000"), "beta": ("Exposure", "NT$1,000")}
    assert [expected[tenant] for tenant in tenants] == [texts(one)[1] for one in filled]


async def test_application(monkeypatch: pytest.MonkeyPatch) -> None:
    """What uvicorn runs answers its healthcheck."""
    monkeypatch.setenv("JWT_SECRET_KEY", KEY)
    main = importlib.import_module("kyros_dash_app_risk.main")

    async with running(main.app) as http:
        assert 200 == (await http.get("/health")).status_code
