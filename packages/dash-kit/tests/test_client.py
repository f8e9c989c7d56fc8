"""What the data client sends, and what it makes of the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from kyros_dash_kit import DataClient, Tenant
from kyros_dash_kit._context import RequestContext, entered
from kyros_dash_kit.errors import (
    AccessDeniedError,
    ApiFaultError,
    ApiUnreachableError,
    DataError,
    DataMissingError,
    SelectionError,
    SessionEndedError,
)
from kyros_shared_config import TenantClaims

if TYPE_CHECKING:
    from collections.abc import Callable

CLAIMS = TenantClaims(sub="u1", email="a@b.test", tenant_id="acme", role="viewer")
CONTEXT = RequestContext(claims=CLAIMS, token="the-token")
VIEW = {"tenant_id": "acme", "columns": {"a": [1, 2]}, "meta": {"config": {"currency": "USD"}}}


async def ask(
    respond: Callable[[httpx2.Request], httpx2.Response], **parameters: str | None
) -> Any:  # noqa: ANN401
    """Ask for a view of an API that answers as told."""
    client = DataClient("http://api.test", "sample", transport=httpx2.MockTransport(respond))
    async with client.opened():
        with entered(CONTEXT):
            return await client.view("numbers", **parameters)


async def test_view() -> None:
    """A view is asked for with the request's token, and given as columns."""
    seen: list[httpx2.Request] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, json=VIEW)

    answer = await ask(respond, part="half", left_open=None)

    assert {"a": [1, 2]} == answer.columns
    assert {"currency": "USD"} == answer.config
    assert {"a": 1} == answer.row()
    assert "http://api.test/api/dashboards/sample/views/numbers?part=half" == str(seen[0].url)
    assert "Bearer the-token" == seen[0].headers["Authorization"]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, SelectionError),
        (401, SessionEndedError),
        (403, AccessDeniedError),
        (404, DataMissingError),
        (418, ApiFaultError),
        (422, SelectionError),
        (429, ApiFaultError),
        (500, ApiUnreachableError),
        (503, ApiUnreachableError),
    ],
)
async def test_refusals(status: int, kind: type[DataError]) -> None:
    """Each refusal is an error of its own, with the API's code."""
    body = {"error": {"code": "SOME_CODE", "message": "No."}}

    with pytest.raises(kind) as caught:
        await ask(lambda _: httpx2.Response(status, json=body))

    assert ("SOME_CODE" if status < 500 else "") == caught.value.code


@pytest.mark.parametrize(
    "error", [httpx2.ConnectError("refused"), httpx2.ReadTimeout("slow"), httpx2.ReadError("cut")]
)
async def test_no_answer(error: Exception) -> None:
    """No answer is worth another try."""

    def respond(_: httpx2.Request) -> httpx2.Response:
        raise error

    with pytest.raises(ApiUnreachableError) as caught:
        await ask(respond)

    assert caught.value.retryable


@pytest.mark.parametrize(
    "response",
    [
        httpx2.Response(200, text="<html>"),
        httpx2.Response(200, json=[]),
        httpx2.Response(200, json={"tenant_id": "acme"}),
        httpx2.Response(200, json={**VIEW, "columns": [1]}),
        httpx2.Response(302, headers={"Location": "http://elsewhere.test"}),
        httpx2.Response(403, text="Forbidden"),
    ],
)
async def test_answers_of_another_form(response: httpx2.Response) -> None:
    """What is not in the contract is an error, never half a chart."""
    with pytest.raises(DataError):
        await ask(lambda _: response)


async def test_another_tenants_answer() -> None:
    """An answer for another tenant is not shown, whatever led to it."""
    with pytest.raises(ApiFaultError):
        await ask(lambda _: httpx2.Response(200, json={**VIEW, "tenant_id": "beta"}))


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (
            {"primary_color": "#FF5722", "currency": "TWD"},
            Tenant("Acme", "#FF5722", "TWD"),
        ),
        ({"primary_color": "red;}"}, Tenant("Acme")),
        (None, Tenant("Acme")),
    ],
)
async def test_tenant(config: object, expected: Tenant) -> None:
    """A tenant's colour is used when it is one, else the product's own."""
    body = {"id": "acme", "name": "Acme", "config_json": config}
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json=body))
    client = DataClient("http://api.test", "sample", transport=transport)
    async with client.opened():
        with entered(CONTEXT):
            assert expected == await client.tenant()


async def test_outside_of_a_request() -> None:
    """Without a verified request there is nobody in whose name to ask."""
    client = DataClient("http://api.test", "sample")
    async with client.opened():
        with pytest.raises(RuntimeError, match="No verified request"):
            await client.tenant()


async def test_before_the_start() -> None:
    """A client that is not open says so."""
    with entered(CONTEXT), pytest.raises(RuntimeError, match="has not started"):
        await DataClient("http://api.test", "sample").tenant()


def test_token_is_not_shown() -> None:
    """A context that ends up in a log or a traceback does not show its token."""
    assert "the-token" not in repr(CONTEXT)
