"""Many at once, each on their own: nothing of one request reaches another."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from kyros_dash_kit import create_dash_app
from kyros_dash_kit.sample import DASHBOARD
from kyros_dash_kit.testing import Browser, FakeApi, make_settings, page_config, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx2

NUMBERS = {"acme": "1", "beta": "2"}


@pytest.fixture
def api() -> FakeApi:
    """Two tenants, with a number each."""
    return FakeApi(
        views={
            "acme": {"numbers": {"number": [1]}},
            "beta": {"numbers": {"number": [2]}},
        }
    )


@pytest.fixture
async def http(api: FakeApi) -> AsyncIterator[httpx2.AsyncClient]:
    """Speaks to the sample dashboard while it runs, as in production."""
    app = create_dash_app(DASHBOARD, make_settings(), transport=api.transport)
    async with running(app) as client:
        yield client


async def test_prefixes(http: httpx2.AsyncClient) -> None:
    """Concurrent pages each call back to the path of their own tenant."""
    browsers = [Browser(http, "sample", f"tenant-{number}") for number in range(40)]

    pages = await asyncio.gather(*[browser.get() for browser in browsers])

    expected = [f"/tenant/{browser.tenant_id}/dash/sample/" for browser in browsers]
    assert expected == [page_config(page.text)["requests_pathname_prefix"] for page in pages]


async def test_pages_are_tenant_free(http: httpx2.AsyncClient) -> None:
    """Layout and dependencies are the same for every tenant: what differs comes by callback."""
    acme, beta = Browser(http, "sample", "acme"), Browser(http, "sample", "beta")

    for path in ("_dash-layout", "_dash-dependencies"):
        assert (await acme.get(path)).content == (await beta.get(path)).content


async def test_data(http: httpx2.AsyncClient) -> None:
    """Concurrent callbacks each draw their own tenant's numbers."""
    tenants = ["acme", "beta"] * 25

    filled = await asyncio.gather(
        *[Browser(http, "sample", tenant).fill(theme="light") for tenant in tenants]
    )

    expected = [f"It is {NUMBERS[tenant]}" for tenant in tenants]
    assert expected == [properties["chart-title"]["children"] for properties in filled]


async def test_tenant_in_state(http: httpx2.AsyncClient, api: FakeApi) -> None:
    """What the browser sends cannot name another tenant: the token alone does."""
    filled = await Browser(http, "sample", "acme").fill(theme="light", tenant_id="beta")

    assert "It is 1" == filled["chart-title"]["children"]
    assert all("beta" not in str(request.url) for request in api.requests)
