"""The part of plotly.js that we bring: the version that is meant, unchanged, and enough."""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files

from plotly.offline import get_plotlyjs_version

from kyros_dash_kit import create_dash_app
from kyros_dash_kit.sample import DASHBOARD
from kyros_dash_kit.sample.answers import sample_api
from kyros_dash_kit.testing import TRACE_TYPES, Browser, make_settings, running

VENDOR = files("kyros_dash_kit") / "vendor"
SCRIPT = (VENDOR / "plotly-cartesian.min.js").read_bytes()
README = (VENDOR / "README.md").read_text(encoding="utf-8")


def test_unchanged() -> None:
    """The file is the one whose origin is written down."""
    assert f"`{hashlib.sha256(SCRIPT).hexdigest()}`" in README
    assert "MIT" in (VENDOR / "LICENSE-plotly.js").read_text(encoding="utf-8")


def test_version() -> None:
    """It is the version of plotly.js that the Python package checks figures against."""
    version = get_plotlyjs_version()

    assert f"plotly.js (cartesian - minified) v{version}" in SCRIPT[:400].decode()
    assert f"`plotly.js-cartesian-dist-min` {version}" in README


def test_traces() -> None:
    """The traces that the bundle says it has are those that figures are held to."""
    registered = set(re.findall(rb'moduleType:"trace",name:"([a-z0-9]+)"', SCRIPT))

    assert {kind.encode() for kind in TRACE_TYPES} <= registered
    assert b"treemap" not in registered


async def test_sample() -> None:
    """The sample draws with nothing else."""
    transport = sample_api().transport
    async with running(create_dash_app(DASHBOARD, make_settings(), transport=transport)) as http:
        filled = await Browser(http, "sample", "acme").fill(theme="light")

    traces = [
        trace["type"]
        for properties in filled.values()
        for trace in properties.get("figure", {}).get("data", [])
    ]
    assert {"bar", "heatmap", "scatter"} == {*traces}
    assert {*traces} <= TRACE_TYPES


async def test_whole_is_not_served() -> None:
    """Neither all of plotly.js nor the grid's enterprise edition is to be had."""
    base = "/dash/sample/_dash-component-suites/"
    async with running(create_dash_app(DASHBOARD, make_settings())) as http:
        page = (await Browser(http, "sample", "acme").get()).text
        whole = await http.get(f"{base}plotly/package_data/plotly.min.js")
        enterprise = await http.get(f"{base}dash_ag_grid/async-enterprise.js")
        community = await http.get(f"{base}dash_ag_grid/async-community.js")

    assert "plotly.min.js" not in page
    assert [404, 404, 200] == [one.status_code for one in (whole, enterprise, community)]
