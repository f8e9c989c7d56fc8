"""A dashboard under test: the application as it runs, in front of an API that is not there."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx2
from pydantic import SecretStr

from kyros_dash_kit import _ids as ids
from kyros_dash_kit._settings import DashSettings
from kyros_dash_kit.chart import csv_text
from kyros_shared_config import Environment, TenantClaims, TokenAuthority, TokenError, bearer_token

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

    from starlette.types import ASGIApp, Message

# What the vendored part of plotly.js draws (docs/adr/0017).
TRACE_TYPES = {
    "bar",
    "box",
    "contour",
    "heatmap",
    "histogram",
    "histogram2d",
    "image",
    "pie",
    "scatter",
    "violin",
}
KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978"
_PREFIX_HEADER = "X-Forwarded-Prefix"


def _a_moment(_request: httpx2.Request) -> float:
    """Let concurrent requests take turns."""
    return 0.001


def make_settings(environment: str = "production") -> DashSettings:
    """Return settings with a key that nobody uses."""
    return DashSettings(
        kyros_env=Environment(environment), jwt_secret_key=SecretStr(KEY), api_url="http://api.test"
    )


def tenant_token(tenant_id: str) -> str:
    """Mint a token of a tenant."""
    claims = TenantClaims(sub="u1", email="a@b.test", tenant_id=tenant_id, role="viewer")
    return TokenAuthority(KEY).mint_tenant_token(claims)


@dataclass
class FakeApi:
    """Answers as the API does: for the token's tenant, and in the API's forms.

    Attributes:
        views: the columns of each view, by tenant; ``view?a=b`` stands for one with parameters.
        rows: all that ``/data`` has, by tenant; order, offset and limit are heeded, filters are
            only put down in ``requests``.
        tenants: each tenant's ``config_json``.
        config: each tenant's dashboard configuration.
        requests: what was asked for.
        delay: how many seconds an answer takes.
    """

    views: Mapping[str, Mapping[str, Mapping[str, Sequence[Any]]]]
    tenants: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    config: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    rows: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    requests: list[httpx2.Request] = field(default_factory=list)
    delay: Callable[[httpx2.Request], float] = _a_moment

    @property
    def transport(self) -> httpx2.MockTransport:
        """What the data client is given in place of a network."""
        return httpx2.MockTransport(self._answer)

    async def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        await asyncio.sleep(self.delay(request))
        try:
            token = bearer_token(request.headers.get("Authorization"))
            tenant_id = TokenAuthority(KEY).verify_tenant_token(token).tenant_id
        except TokenError as error:
            return _refusal(401, error.code)
        if request.url.path == f"/api/tenant/{tenant_id}":
            config = self.tenants.get(tenant_id, {})
            body = {"id": tenant_id, "name": tenant_id.title(), "config_json": config}
            return httpx2.Response(200, json=body)
        name = request.url.path.rpartition("/")[2]
        if name == "data":
            return self._rows(tenant_id, request)
        views = self.views.get(tenant_id)
        if views is None:
            return _refusal(403, "DASHBOARD_ACCESS_DENIED")
        columns = views.get(f"{name}?{request.url.query.decode()}" if request.url.query else name)
        if columns is None:
            return _refusal(400, "INVALID_REQUEST")
        meta = {"config": self.config.get(tenant_id, {})}
        return httpx2.Response(
            200, json={"tenant_id": tenant_id, "view": name, "columns": columns, "meta": meta}
        )

    def _rows(self, tenant_id: str, request: httpx2.Request) -> httpx2.Response:
        if tenant_id not in self.rows:
            return _refusal(403, "DASHBOARD_ACCESS_DENIED")
        asked, rows = request.url.params, list(self.rows[tenant_id])
        names = [name for name in asked.get("columns", "").split(",") if name]
        names = names or [name for row in rows[:1] for name in row]
        if sort := asked.get("sort"):
            rows.sort(key=lambda row: row[sort.removeprefix("-")], reverse=sort.startswith("-"))
        offset = int(asked.get("offset", 0))
        page = rows[offset : offset + int(asked.get("limit", 100))]
        data = [{name: row[name] for name in names} for row in page]
        if request.headers.get("Accept") == "text/csv":
            columns = {name: [row[name] for row in data] for name in names}
            return httpx2.Response(200, text=csv_text(columns))
        body = {"tenant_id": tenant_id, "total": len(rows), "data": data}
        return httpx2.Response(200, json=body)


def _refusal(status: int, code: str) -> httpx2.Response:
    return httpx2.Response(status, json={"error": {"code": code, "message": "No."}})


@dataclass(frozen=True)
class Browser:
    """What a browser behind the shell does: one tenant, one dashboard.

    Attributes:
        http: speaks to the application.
        slug: the dashboard's.
        tenant_id: whose token the shell sends.
    """

    http: httpx2.AsyncClient
    slug: str
    tenant_id: str

    @property
    def headers(self) -> dict[str, str]:
        """What the shell adds to each request."""
        return {
            "Authorization": f"Bearer {tenant_token(self.tenant_id)}",
            _PREFIX_HEADER: f"/tenant/{self.tenant_id}/dash/{self.slug}/",
        }

    async def get(self, path: str = "") -> httpx2.Response:
        """Ask for a path under the dashboard's prefix."""
        return await self.http.get(f"/dash/{self.slug}/{path}", headers=self.headers)

    async def rows(self, grid: str, **asked: str) -> httpx2.Response:
        """Ask for a grid's rows; parameters of the page by name, those of the grid with ``_``."""
        query = httpx2.QueryParams({"_grid": grid, **asked})
        return await self.get(f"_kyros-rows?{query}")

    async def fill(self, *, shown: object = None, **state: object) -> dict[str, Any]:
        """Run the page's callback.

        Args:
            shown: what the page shows already, ``filled["kyros-shown"]["data"]`` of an answer
                before; nothing at first.
            state: what the reader chose: ``tab``, ``theme`` and the parameters of the page.

        Returns:
            the new properties, by component.
        """
        answer = await self.post(await self.question(shown=shown, **state))
        answer.raise_for_status()
        properties: dict[str, Any] = answer.json()["response"]
        return properties

    async def question(self, *, shown: object = None, **state: object) -> dict[str, Any]:
        """Return the body with which the page's callback is asked."""
        callbacks = (await self.get("_dash-dependencies")).json()
        return question(callbacks, shown=shown, **state)

    async def post(self, body: object) -> httpx2.Response:
        """Send the body of a callback."""
        path = f"/dash/{self.slug}/_dash-update-component"
        return await self.http.post(path, headers=self.headers, json=body)


def question(
    callbacks: Sequence[Mapping[str, Any]], *, shown: object = None, **state: object
) -> dict[str, Any]:
    """Return the body with which a page's callback is asked.

    Args:
        callbacks: what ``_dash-dependencies`` answers.
        shown: as for :meth:`Browser.fill`.
        state: likewise.
    """
    callback = next(one for one in callbacks if not one["clientside_function"])
    values = {(ids.STATE, "data"): state, (ids.SHOWN, "data"): shown}

    def given(dependencies: list[dict[str, str]]) -> list[dict[str, Any]]:
        return [{**one, "value": values.get((one["id"], one["property"]))} for one in dependencies]

    return {
        "output": callback["output"],
        "outputs": _outputs(callback["output"]),
        "inputs": given(callback["inputs"]),
        "state": given(callback["state"]),
        "changedPropIds": [f"{ids.STATE}.data"],
    }


def _outputs(names: str) -> list[dict[str, str]]:
    pairs = (name.rpartition(".") for name in names.strip(".").split("..."))
    return [
        {"id": component, "property": component_property.partition("@")[0]}
        for component, _, component_property in pairs
    ]


def words_of(part: Any) -> str:  # noqa: ANN401 - text, a component as JSON, or a list of such
    """Return what a component says, its question marks aside."""
    if isinstance(part, list):
        return "".join(map(words_of, part))
    if not isinstance(part, dict):
        return str(part or "")
    about = "about" in str(part["props"].get("className", "")).split()
    return "" if about else words_of(part["props"].get("children"))


def page_config(page: str) -> dict[str, Any]:
    """Return what a page tells Dash's renderer."""
    found = re.search(r'<script id="_dash-config"[^>]*>(.*?)</script>', page, re.DOTALL)
    if found is None:
        raise ValueError("This is not a page of Dash.")
    config: dict[str, Any] = json.loads(found[1])
    return config


@asynccontextmanager
async def running(app: ASGIApp) -> AsyncIterator[httpx2.AsyncClient]:
    """Start an application, speak to it for the length of a block, and stop it."""
    to_app: asyncio.Queue[Message] = asyncio.Queue()
    from_app: asyncio.Queue[Message] = asyncio.Queue()
    scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
    task = asyncio.create_task(_as_task(app, scope, to_app, from_app))
    await to_app.put({"type": "lifespan.startup"})
    await _expect(from_app, "lifespan.startup.complete")
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://dash.test") as http:
        yield http
    await to_app.put({"type": "lifespan.shutdown"})
    await _expect(from_app, "lifespan.shutdown.complete")
    await task


async def _as_task(
    app: ASGIApp,
    scope: dict[str, Any],
    to_app: asyncio.Queue[Message],
    from_app: asyncio.Queue[Message],
) -> None:
    await app(scope, to_app.get, from_app.put)


async def _expect(messages: asyncio.Queue[Message], kind: str) -> None:
    message = await asyncio.wait_for(messages.get(), timeout=10)
    if message["type"] != kind:
        raise RuntimeError(f"The application said {message}")
