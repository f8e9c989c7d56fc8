"""The one way to data: the API's views, asked for with the token of the request at hand."""

from __future__ import annotations

import json
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx2

from kyros_dash_kit import _metrics
from kyros_dash_kit._context import current_context
from kyros_dash_kit.errors import (
    AccessDeniedError,
    ApiFaultError,
    ApiUnreachableError,
    DataError,
    DataMissingError,
    SelectionError,
    SessionEndedError,
)
from kyros_dash_kit.rows import RowsPage
from kyros_shared_config import current_request_id, traced_call

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    Frame = Mapping[str, Sequence[Any]]

_TIMEOUT = httpx2.Timeout(15.0, connect=2.0)
_LIMITS = httpx2.Limits(max_connections=50, max_keepalive_connections=20)
_SERVER_ERROR = 500
_MOST_ROWS = 1_000_000  # that the API writes into one file
_ERRORS: dict[int, type[DataError]] = {
    400: SelectionError,
    401: SessionEndedError,
    403: AccessDeniedError,
    404: DataMissingError,
    422: SelectionError,
}
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
DEFAULT_COLOUR = "#0072b2"


@dataclass(frozen=True, slots=True)
class Tenant:
    """What a dashboard shows of the tenant itself."""

    name: str
    primary_color: str = DEFAULT_COLOUR
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A view's answer.

    Attributes:
        columns: the numbers, one sequence a column.
        config: how this tenant's dashboard is set up.
    """

    columns: Frame
    config: Mapping[str, Any]

    def row(self) -> dict[str, Any]:
        """Return the first row; empty when there is none."""
        return {name: values[0] for name, values in self.columns.items() if values}


class DataClient:
    """Asks the API in the name of whoever made the current request.

    One HTTP client a process, opened and closed with it; it keeps connections, and nothing that
    belongs to a tenant. Token and request id are read from the context at each call.

    Args:
        api_url: where the API is.
        dashboard: the slug whose views are asked for.
        transport: stands in for the network in tests.
    """

    def __init__(
        self,
        api_url: str,
        dashboard: str,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._api_url = api_url
        self._dashboard = dashboard
        self._transport = transport
        self._http: httpx2.AsyncClient | None = None

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Hold the connections open for the length of a block."""
        async with httpx2.AsyncClient(
            base_url=self._api_url,
            timeout=_TIMEOUT,
            limits=_LIMITS,
            trust_env=False,
            transport=self._transport,
        ) as self._http:
            yield
        self._http = None

    async def view(self, name: str, **parameters: str | None) -> Answer:
        """Ask for one of the dashboard's views.

        Args:
            name: the view, as in the API's contract.
            parameters: what to narrow it to; None means that it is not narrowed.

        Raises:
            DataError: there is no answer, or it is a refusal.
        """
        given = {key: value for key, value in parameters.items() if value is not None}
        answer = await self._get(f"/api/dashboards/{self._dashboard}/views/{name}", given)
        tenant_id = current_context().claims.tenant_id
        columns, meta = answer.get("columns"), answer.get("meta") or {}
        if answer.get("tenant_id") != tenant_id or not isinstance(columns, dict):
            raise ApiFaultError  # above all, an answer for another tenant is never shown
        return Answer(columns, meta.get("config") or {})

    async def rows(
        self,
        *,
        filters: Mapping[str, object],
        columns: Sequence[str] = (),
        sort: str = "",
        limit: int = 100,
        offset: int = 0,
    ) -> RowsPage:
        """Ask for rows of the dashboard's data.

        Args:
            filters: as ``/data`` takes them; those that are None are left out.
            columns: the columns wanted; all when empty.
            sort: a column, with ``-`` in front for descending.
            limit: how many rows at most.
            offset: how many to leave out first.

        Raises:
            DataError: there is no answer, or it is a refusal.
        """
        asked = {**_matching(filters, columns, sort), "limit": str(limit), "offset": str(offset)}
        answer = await self._get(f"/api/dashboards/{self._dashboard}/data", asked)
        total, data = answer.get("total"), answer.get("data")
        if answer.get("tenant_id") != current_context().claims.tenant_id:
            raise ApiFaultError
        if not isinstance(total, int) or not isinstance(data, list):
            raise ApiFaultError
        names = columns or list(data[0] if data else ())
        return RowsPage(total, {name: [row.get(name) for row in data] for name in names})

    @asynccontextmanager
    async def csv(
        self, *, filters: Mapping[str, object], columns: Sequence[str] = (), sort: str = ""
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """Stream all rows that match as CSV, up to the API's limit.

        Args:
            filters: as for :meth:`rows`.
            columns: likewise.
            sort: likewise.

        Raises:
            DataError: there is no answer, or it is a refusal.
        """
        asked = {**_matching(filters, columns, sort), "limit": str(_MOST_ROWS)}
        path = f"/api/dashboards/{self._dashboard}/data"
        response = await self._send(path, asked, accept="text/csv", stream=True)
        try:
            if not response.is_success:
                await response.aread()
                raise _error(response.status_code, _json_object(response))
            yield response.aiter_bytes()
        finally:
            await response.aclose()

    async def tenant(self) -> Tenant:
        """Return what the dashboard shows of the current request's tenant.

        Raises:
            DataError: there is no answer, or it is a refusal.
        """
        tenant_id = current_context().claims.tenant_id
        answer = await self._get(f"/api/tenant/{tenant_id}", {}, template="/api/tenant/{tenant_id}")
        config = answer.get("config_json") or {}
        if answer.get("id") != tenant_id or not isinstance(config, dict):
            raise ApiFaultError
        colour = str(config.get("primary_color", ""))
        return Tenant(
            name=str(answer.get("name", "")),
            primary_color=colour if _COLOUR.fullmatch(colour) else DEFAULT_COLOUR,
            currency=str(config.get("currency", "")),
        )

    async def _get(
        self, path: str, parameters: Mapping[str, str], *, template: str = ""
    ) -> dict[str, Any]:
        response = await self._send(path, parameters, template=template)
        body = _json_object(response)
        if response.is_success and body is not None:
            return body
        raise _error(response.status_code, body)

    async def _send(
        self,
        path: str,
        parameters: Mapping[str, str],
        *,
        template: str = "",
        accept: str = "application/json",
        stream: bool = False,
    ) -> httpx2.Response:
        """Put a question to the API, counted and traced, in the name of whoever asks us."""
        http = self._open_client()
        try:
            with (
                _metrics.api_request(self._dashboard) as counted,
                traced_call("GET", template or path) as call,
            ):
                headers = {**self._headers(), **call.headers, "Accept": accept}
                request = http.build_request("GET", path, params=parameters, headers=headers)
                response = await http.send(request, stream=stream)
                call.status = response.status_code
                counted.outcome = str(response.status_code)
        except httpx2.TransportError as error:
            raise ApiUnreachableError from error
        return response

    def _open_client(self) -> httpx2.AsyncClient:
        if self._http is None:
            raise RuntimeError("The data client is not open: the application has not started.")
        return self._http

    def _headers(self) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {current_context().token}"}
        if request_id := current_request_id():
            headers["X-Request-ID"] = request_id
        return headers


def _matching(filters: Mapping[str, object], columns: Sequence[str], sort: str) -> dict[str, str]:
    wanted = {name: value for name, value in filters.items() if value is not None}
    asked = {
        "filters": json.dumps(wanted, separators=(",", ":")) if wanted else "",
        "columns": ",".join(columns),
        "sort": sort,
    }
    return {name: value for name, value in asked.items() if value}


def _json_object(response: httpx2.Response) -> dict[str, Any] | None:
    try:
        body = response.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _error(status: int, body: dict[str, Any] | None) -> DataError:
    if status >= _SERVER_ERROR:
        return ApiUnreachableError()
    error = (body or {}).get("error")
    code = str(error.get("code", "")) if isinstance(error, dict) else ""
    return _ERRORS.get(status, ApiFaultError)(code)
