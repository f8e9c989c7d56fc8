"""The dashboard in front of an API that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from clv_sample import AHEAD, ROWS, Frame, views

from kyros_dash_app_clv import callbacks, ids
from kyros_dash_app_clv.layout import PAGE
from kyros_dash_kit import Dashboard, create_dash_app
from kyros_dash_kit.testing import FakeApi, make_settings, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx


@pytest.fixture
def api() -> FakeApi:
    """Tenants with data, with a warning, without a model, and without data."""
    nothing: Frame = {"cohort": [], "customers": []}
    return FakeApi(
        views={
            "acme": views(1000),
            "beta": views(20),
            "warned": views(20, warned=True),
            "plain": views(20, modelled=False),
            "empty": {**views(1), f"cohorts?{AHEAD}": nothing},
        },
        rows={"acme": ROWS},
        tenants={"acme": {"primary_color": "#0052cc", "currency": "EUR"}},
        config={"acme": {"currency": "USD"}, "beta": {"currency": "GBP"}},
    )


@pytest.fixture
async def http(api: FakeApi) -> AsyncIterator[httpx.AsyncClient]:
    """Speaks to the dashboard while it runs."""
    dashboard = Dashboard(ids.SLUG, PAGE.title, PAGE.layout(), callbacks.register)
    async with running(
        create_dash_app(dashboard, make_settings(), transport=api.transport)
    ) as client:
        yield client
