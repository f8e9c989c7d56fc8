"""From a dashboard's layout and callbacks to the ASGI application that uvicorn runs."""

from __future__ import annotations

import importlib
import json
import logging
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dash import Dash
from starlette.middleware.gzip import GZipMiddleware

from kyros_dash_kit._backend import Backend
from kyros_dash_kit._client import DataClient
from kyros_dash_kit._context import find_context
from kyros_dash_kit._gate import Gate
from kyros_dash_kit._grid import SCRIPTS as GRID_SCRIPTS
from kyros_dash_kit._index import INDEX, content_security_policy
from kyros_dash_kit._metrics import service_name
from kyros_dash_kit._static import StaticCache
from kyros_shared_config import (
    CacheMetrics,
    RequestLogMiddleware,
    configure_logging,
    sending_traces,
    serving_metrics,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    import httpx2
    from dash.development.base_component import Component
    from starlette.types import ASGIApp

    from kyros_dash_kit._settings import DashSettings

_ASSETS = Path(__file__).parent / "assets"
# Dash fetches these when a component first needs them, from the path that the page calls back to
# and without a fingerprint. Named in the page they come from the fixed prefix, and are kept.
_EAGER_SCRIPTS = (
    ("kyros_dash_kit", "vendor/plotly-cartesian.min.js"),
    ("dash", "dcc/async-graph.js"),
    ("dash", "dcc/async-dropdown.js"),
)
_ROUTE_PREFIX = "/dash/{slug}/"


@dataclass(frozen=True)
class Dashboard:
    """What a dashboard supplies; all else is the kit's.

    Attributes:
        slug: its name in paths and in the API.
        title: the page's title.
        layout: the components, the same for every tenant.
        register: adds the callbacks, given the Dash application and the way to data.
    """

    slug: str
    title: str
    layout: Component
    register: Callable[[Dash, DataClient], None]


class _KyrosDash(Dash):
    """Dash whose page calls back to the path under which this request's browser sees it.

    Scripts and assets keep the fixed prefix, which no tenant is part of, so that browsers and
    proxies keep one copy for all.
    """

    def _config(self) -> dict[str, Any]:
        config: dict[str, Any] = super()._config()  # type: ignore[no-untyped-call]
        del config["python_version"]  # of use to an attacker only
        context = find_context()
        if context and context.prefix:
            config["requests_pathname_prefix"] = context.prefix
        return config

    def _setup_plotlyjs(self) -> None:
        """Leave out the whole of plotly.js: the page names a part of it instead (ADR 0017).

        What Dash writes JSON with is imported here, so that no reader waits for it.
        """
        importlib.import_module("plotly.io.json")

    def _generate_scripts_html(self) -> str:
        tags = [f'<script src="{source}"></script>' for source in self._addresses(_EAGER_SCRIPTS)]
        grid = json.dumps(self._addresses([("dash_ag_grid", path) for path in GRID_SCRIPTS]))
        later = f'<script id="kyros-grid-scripts" type="application/json">{grid}</script>'
        return "\n".join([*tags, super()._generate_scripts_html(), later])

    def _addresses(self, scripts: Sequence[tuple[str, str]]) -> list[str]:
        """Return where scripts are served, by package and path."""
        resources = [{"namespace": name, "relative_package_path": path} for name, path in scripts]
        found: list[str] = self._collect_and_register_resources(resources)  # type: ignore[no-untyped-call]
        return found


def create_dash_app(
    dashboard: Dashboard,
    settings: DashSettings,
    *,
    transport: httpx2.AsyncBaseTransport | None = None,
) -> ASGIApp:
    """Build the application: gate, log, cache and data client around a dashboard.

    Args:
        dashboard: what is the dashboard's own.
        settings: from the environment.
        transport: stands in for the way to the API in tests.
    """
    service = service_name(dashboard.slug)
    configure_logging(service, settings.log_level, readable=settings.is_development)
    client = DataClient(settings.api_url, dashboard.slug, transport=transport)
    dash = _build_dash(dashboard)
    dashboard.register(dash, client)
    if settings.is_development:
        _reload_browsers(dash)
        logging.getLogger("kyros.request").addFilter(_is_no_reload_poll)
    # Dash does this at the first page; a script may be asked for sooner, by a page that was open
    # before a restart.
    dash._setup_server()  # type: ignore[no-untyped-call] # noqa: SLF001
    dash.server.router.lifespan_context = _lifespan(client, settings, service)
    gate = Gate(
        GZipMiddleware(dash.server, minimum_size=1024, compresslevel=5),
        static=StaticCache(
            dash.server,
            metrics=CacheMetrics(service, "files"),
            keep_assets=not settings.is_development,
        ),
        slug=dashboard.slug,
        authority=settings.token_authority(),
        headers=_headers(dash),
    )
    return RequestLogMiddleware(gate, service=service)


def _build_dash(dashboard: Dashboard) -> Dash:
    prefix = _ROUTE_PREFIX.format(slug=dashboard.slug)
    dash = _KyrosDash(
        "kyros_dash_kit",
        backend=Backend,
        assets_folder=str(_ASSETS),
        routes_pathname_prefix=prefix,
        requests_pathname_prefix=prefix,
        serve_locally=True,
        compress=False,
        title=dashboard.title,
        update_title="",
        index_string=INDEX,
        websocket_callbacks=False,
        enable_mcp=False,
        add_log_handler=False,
    )
    dash.layout = dashboard.layout
    return dash


def _reload_browsers(dash: Dash) -> None:
    """Let open pages notice that the process was restarted, and draw themselves anew."""
    dash.enable_dev_tools(
        debug=False,
        dev_tools_hot_reload=True,
        dev_tools_hot_reload_interval=0.5,  # type: ignore[arg-type] # seconds, as a float
        dev_tools_hot_reload_watch_interval=0.5,  # type: ignore[arg-type]
        # A restart takes a few seconds, an error in the source until it is mended.
        dev_tools_hot_reload_max_retry=100_000,
        dev_tools_disable_version_check=True,
        dev_tools_silence_routes_logging=False,
        dev_tools_validate_callbacks=True,
    )


def _is_no_reload_poll(record: logging.LogRecord) -> bool:
    """Whether a line is worth reading: open pages ask twice a second whether to reload."""
    return not str(getattr(record, "path", "")).endswith("/_reload-hash")


def _headers(dash: Dash) -> list[tuple[bytes, bytes]]:
    return [
        (b"cache-control", b"no-store"),
        (b"content-security-policy", content_security_policy(dash).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
    ]


def _lifespan(client: DataClient, settings: DashSettings, service: str) -> Any:  # noqa: ANN401 - Starlette's own type is private
    @asynccontextmanager
    async def lifespan(_server: object) -> AsyncIterator[None]:
        with serving_metrics(settings), sending_traces(settings, service):
            async with client.opened():
                yield

    return lifespan
