"""A small dashboard to try the kit with: one filter, one chart, one number a tenant."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from kyros_dash_kit import (
    Chart,
    Choices,
    Dashboard,
    DataClient,
    Filter,
    KeyFigure,
    Page,
    Selection,
    Slot,
    View,
    create_dash_app,
    make_theme,
    register_page,
)
from kyros_dash_kit.chart import figure
from kyros_dash_kit.testing import FakeApi, make_settings, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    import httpx
    from dash import Dash
    from starlette.types import ASGIApp

SLUG = "sample"
PAGE = Page("Sample", "What is it?", 1, [Filter("part", "Part")], [Slot("chart")])


async def load(client: DataClient, selection: Selection) -> View:
    """Draw one point: the tenant's number."""
    tenant = await client.tenant()
    numbers = await client.view("numbers", part=selection.get("part"))
    if not numbers.columns["number"]:
        return View(tenant, empty="No numbers are loaded.")
    number = numbers.row()["number"]
    if number == "broken":
        raise ZeroDivisionError
    theme = make_theme(selection.theme, tenant.primary_color)
    drawn = figure([{"type": "scatter", "x": [0], "y": [number]}], theme)
    return View(
        tenant,
        summary=tenant.name,
        key_figures=[KeyFigure("Number", str(number))],
        charts={"chart": Chart(f"It is {number}", drawn, numbers.columns)},
        choices={"part": Choices({"half": "Half"}, "All of it")},
    )


def register(dash: Dash, client: DataClient) -> None:
    """Add the callbacks."""
    register_page(dash, client, PAGE, load)


@pytest.fixture(autouse=True)
def _logging() -> Iterator[None]:
    """Leave the process's logging as it was: an application configures it."""
    root, request_log = logging.getLogger(), logging.getLogger("kyros.request")
    handlers, level, filters = list(root.handlers), root.level, list(request_log.filters)
    yield
    root.handlers[:], request_log.filters[:] = handlers, filters
    root.setLevel(level)


@pytest.fixture
def api() -> FakeApi:
    """Two tenants with a number each, one that is broken and one without numbers."""
    return FakeApi(
        views={
            "acme": {"numbers": {"number": [1]}, "numbers?part=half": {"number": [0.5]}},
            "beta": {"numbers": {"number": [2]}},
            "broken": {"numbers": {"number": ["broken"]}},
            "empty": {"numbers": {"number": []}},
        },
        tenants={"acme": {"primary_color": "#0052cc", "currency": "USD"}},
    )


@pytest.fixture
def page() -> Page:
    """The sample dashboard's page."""
    return PAGE


@pytest.fixture
def dashboard() -> Dashboard:
    """The sample dashboard."""
    return Dashboard(SLUG, PAGE.title, PAGE.layout(), register)


@pytest.fixture
def app(dashboard: Dashboard, api: FakeApi) -> ASGIApp:
    """The sample dashboard's application, as in production."""
    return create_dash_app(dashboard, make_settings(), transport=api.transport)


@pytest.fixture
async def http(app: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    """Speaks to the sample dashboard while it runs."""
    async with running(app) as client:
        yield client
