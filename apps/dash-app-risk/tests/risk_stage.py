"""The dashboard in front of an API that is not there, for the tests that fill its page."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import risk_sample as sample

from kyros_dash_app_risk import callbacks, ids
from kyros_dash_app_risk.layout import PAGE
from kyros_dash_kit import Dashboard, create_dash_app
from kyros_dash_kit.testing import Browser, FakeApi, make_settings, running, words_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx2

DASHBOARD = Dashboard(ids.SLUG, PAGE.title, PAGE.layout(), callbacks.register)
CONFIG = {"warning_pd": 0.2, "critical_pd": 0.4, "lgd": 0.45}


def fake_api() -> FakeApi:
    """Two tenants in their own currencies, and some that lack model, accounts or segments."""
    return FakeApi(
        views={
            "acme": sample.views(),
            "beta": sample.views(exposure=2000.0, lgd=0.55),
            "unfit": sample.views_without_model(),
            "empty": sample.views(accounts=0),
            "whole": sample.views_without_segments(),
        },
        tenants={"beta": {"primary_color": "#ff5722", "currency": "TWD"}},
        config={
            "acme": {**CONFIG, "currency": "DEM"},
            "beta": {**CONFIG, "lgd": 0.55},
            "unfit": CONFIG,
            "empty": CONFIG,
            "whole": CONFIG,
        },
        rows={
            "acme": [sample.ACCOUNT],
            "unfit": [{**sample.ACCOUNT, "pd": None, "score": None, "expected_loss": None}],
        },
    )


@asynccontextmanager
async def opened(api: FakeApi) -> AsyncIterator[httpx2.AsyncClient]:
    """Run the dashboard for the length of a block, and speak to it."""
    app = create_dash_app(DASHBOARD, make_settings(), transport=api.transport)
    async with running(app) as client:
        yield client


async def fill(http: httpx2.AsyncClient, tenant: str, **state: str) -> dict[str, Any]:
    """Run the page's callback for a tenant."""
    return await Browser(http, ids.SLUG, tenant).fill(**state)


def texts(filled: dict[str, Any], place: str) -> dict[str, tuple[str, str]]:
    """Return the key figures: how much, and what it says beside, by what they are."""
    shown = [one["props"]["children"] for one in filled[place]["children"]]
    return {
        words_of(label): (words_of(value), words_of(more["props"]["children"][0]))
        for label, value, more in shown
    }


def asked(api: FakeApi, view: str) -> list[dict[str, str]]:
    """Return with which parameters a view was asked for."""
    return [dict(one.url.params) for one in api.requests if one.url.path.endswith(f"/{view}")]
