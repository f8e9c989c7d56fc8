"""Who gets past the door."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from kyros_dash_kit import create_dash_app
from kyros_dash_kit.sample import DASHBOARD
from kyros_dash_kit.testing import (
    KEY,
    Browser,
    make_settings,
    page_config,
    running,
    tenant_token,
)
from kyros_shared_config import TenantClaims, TokenAuthority, UserClaims

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx2
    from starlette.types import ASGIApp, Message

BASE = "/dash/sample/"
PRIVATE = ["", "_dash-layout", "_dash-dependencies", "_reload-hash"]
CLAIMS = TenantClaims(sub="u1", email="a@b.test", tenant_id="acme", role="viewer")
OTHERKEY = "a-different-key-of-enough-length-0123456789"


@pytest.fixture
def app() -> ASGIApp:
    """The sample dashboard, as in production; the API is not asked for anything here."""
    return create_dash_app(DASHBOARD, make_settings())


@pytest.fixture
async def http(app: ASGIApp) -> AsyncIterator[httpx2.AsyncClient]:
    """Speaks to the sample dashboard while it runs."""
    async with running(app) as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    """Return the header for a token."""
    return {"Authorization": f"Bearer {token}"}


def user_token() -> str:
    """Mint a token of the other kind."""
    claims = UserClaims(sub="u1", email="a@b.test", tenant_ids=["acme"])
    return TokenAuthority(KEY).mint_user_token(claims)


def expired_token() -> str:
    """Mint a token whose time was over long ago."""
    return TokenAuthority(KEY, clock=lambda: time.time() - 7200).mint_tenant_token(CLAIMS)


BAD = {
    "none": ({}, "TOKEN_MISSING"),
    "other scheme": ({"Authorization": "Basic dTpw"}, "TOKEN_MISSING"),
    "empty": ({"Authorization": "Bearer "}, "TOKEN_MISSING"),
    "garbage": (bearer("not.a.token"), "TOKEN_INVALID"),
    "user token": (bearer(user_token()), "TOKEN_INVALID"),
    "other key": (bearer(TokenAuthority(OTHERKEY).mint_tenant_token(CLAIMS)), "TOKEN_INVALID"),
    "expired": (bearer(expired_token()), "TOKEN_EXPIRED"),
}


class TestToken:
    """A tenant token opens the door, and nothing else does."""

    @pytest.mark.parametrize("path", PRIVATE)
    @pytest.mark.parametrize("kind", BAD)
    async def test_refuses(self, http: httpx2.AsyncClient, kind: str, path: str) -> None:
        """Without a valid tenant token nothing is answered, in the API's form of errors."""
        headers, code = BAD[kind]

        answer = await http.get(BASE + path, headers=headers)

        assert 401 == answer.status_code
        assert "Bearer" == answer.headers["WWW-Authenticate"]
        error = answer.json()["error"]
        assert {"code", "message", "details", "timestamp", "request_id"} == error.keys()
        assert code == error["code"]
        assert answer.headers["X-Request-ID"] == error["request_id"]

    async def test_refuses_callbacks(self, http: httpx2.AsyncClient) -> None:
        """A callback needs a token as the page does."""
        answer = await http.post(f"{BASE}_dash-update-component", json={"output": "a.b"})

        assert 401 == answer.status_code

    async def test_two_headers(self, http: httpx2.AsyncClient) -> None:
        """Two Authorization headers are one too many, even when one is good."""
        good = f"Bearer {tenant_token('acme')}"

        answer = await http.get(BASE, headers=[("Authorization", good), ("Authorization", good)])

        assert (401, "TOKEN_INVALID") == (answer.status_code, answer.json()["error"]["code"])

    async def test_unknown_paths_without_token(self, http: httpx2.AsyncClient) -> None:
        """A stranger does not learn which paths there are."""
        assert 401 == (await http.get(f"{BASE}nowhere")).status_code
        assert 401 == (await http.get("/")).status_code

    async def test_lets_in(self, http: httpx2.AsyncClient) -> None:
        """With a tenant token the page is there, with or without its last slash."""
        for path in (BASE, BASE.rstrip("/")):
            answer = await http.get(path, headers=bearer(tenant_token("acme")))
            assert (200, "<title>Sample</title>") == (
                answer.status_code,
                answer.text[answer.text.index("<title>") :][:21],
            )


class TestForEverybody:
    """What is the same for everybody needs no token."""

    async def test_health(self, http: httpx2.AsyncClient) -> None:
        """Health needs no token and says when."""
        answer = await http.get("/health")

        assert (200, "ok") == (answer.status_code, answer.json()["status"])
        assert "timestamp" in answer.json()

    async def test_static_files(self, http: httpx2.AsyncClient) -> None:
        """Scripts, styles and the icon need no token."""
        for path in (
            "assets/kyros.css",
            "_dash-component-suites/dash/dcc/async-graph.js",
            "_favicon.ico",
        ):
            assert 200 == (await http.get(BASE + path)).status_code

    @pytest.mark.parametrize(
        "path",
        [
            "assets/nothing.css",
            "_dash-component-suites/dash/nothing.js",
            "_dash-component-suites/os/path.py",
        ],
    )
    async def test_missing_files(self, http: httpx2.AsyncClient, path: str) -> None:
        """A file that is not there is a 404 in the form of errors."""
        answer = await http.get(BASE + path)

        assert (404, "NOT_FOUND") == (answer.status_code, answer.json()["error"]["code"])

    @pytest.mark.parametrize(
        "path",
        [
            "assets/../_dash-layout",
            "assets/%2e%2e/_dash-layout",
            "assets//_dash-layout",
            "assets/..%5c_dash-layout",
            "_dash-component-suites/../../_dash-layout",
            "ASSETS/kyros.css",
        ],
    )
    async def test_disguised_paths(self, app: ASGIApp, path: str) -> None:
        """A path that only begins like a static one needs a token."""
        decoded = path.replace("%2e", ".").replace("%5c", "\\")

        assert 401 == await raw_status(app, BASE + decoded)


class TestPaths:
    """Only what is there is answered."""

    @pytest.mark.parametrize(
        "path",
        [
            "/",
            "/docs",
            "/openapi.json",
            "/dash/other/",
            f"{BASE}nowhere",
            f"{BASE}index.html",
            f"{BASE}_dash-layout/",
            f"{BASE}_dash-ws-callback",
            f"{BASE}_mcp",
        ],
    )
    async def test_unknown(self, http: httpx2.AsyncClient, path: str) -> None:
        """What is not there is a 404, where Dash would answer with the page."""
        answer = await http.get(path, headers=bearer(tenant_token("acme")))

        assert (404, "NOT_FOUND") == (answer.status_code, answer.json()["error"]["code"])

    async def test_methods(self, http: httpx2.AsyncClient) -> None:
        """A method that a path does not have is a 405 that names those it has."""
        answer = await http.delete(BASE, headers=bearer(tenant_token("acme")))

        assert (405, "GET, HEAD") == (answer.status_code, answer.headers["Allow"])

    async def test_head(self, http: httpx2.AsyncClient) -> None:
        """HEAD is GET without the body."""
        answer = await http.head(BASE, headers=bearer(tenant_token("acme")))

        assert (200, b"") == (answer.status_code, answer.content)


class TestWebSocket:
    """There are no WebSockets."""

    @pytest.mark.parametrize("path", [f"{BASE}_dash-ws-callback", f"{BASE}assets/kyros.js", "/"])
    @pytest.mark.parametrize("signed_in", [True, False])
    async def test_refused(self, app: ASGIApp, path: str, *, signed_in: bool) -> None:
        """No WebSocket is opened, with or without a token, wherever it points."""
        headers = [(b"authorization", f"Bearer {tenant_token('acme')}".encode())]
        scope = {"type": "websocket", "path": path, "headers": headers if signed_in else []}
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "websocket.connect"}

        async def send(message: Message) -> None:
            sent.append(message)

        await app(scope, receive, send)

        assert ["websocket.close"] == [message["type"] for message in sent]


class TestForwardedPrefix:
    """The page calls back to where the shell shows it, if that is who says so."""

    @pytest.mark.parametrize(
        "prefix",
        [
            "",
            "/",
            "/tenant/acme/dash/other/",
            "/tenant/acme/dash/sample",
            "tenant/acme/dash/sample/",
            "//evil.test/tenant/acme/dash/sample/",
            "https://evil.test/tenant/acme/dash/sample/",
            "/tenant/../dash/sample/",
            "/tenant/a/b/dash/sample/",
            "/tenant/ACME/dash/sample/",
            "/tenant/acme/dash/sample/\n",
            '/tenant/"><script>/dash/sample/',
            f"/tenant/{'a' * 65}/dash/sample/",
        ],
    )
    async def test_hostile(self, app: ASGIApp, prefix: str) -> None:
        """A prefix of any other form is refused, not used."""
        headers = {**bearer(tenant_token("acme")), "X-Forwarded-Prefix": prefix}

        assert 400 == await raw_status(app, BASE, headers)

    async def test_twice(self, http: httpx2.AsyncClient) -> None:
        """Two prefixes are refused: which one counts is a matter of opinion."""
        prefix = ("X-Forwarded-Prefix", "/tenant/acme/dash/sample/")
        headers = [*bearer(tenant_token("acme")).items(), prefix, prefix]
        assert 400 == (await http.get(BASE, headers=headers)).status_code

    async def test_without_token(self, http: httpx2.AsyncClient) -> None:
        """The prefix is not looked at before the token is verified."""
        answer = await http.get(BASE, headers={"X-Forwarded-Prefix": "hostile"})

        assert 401 == answer.status_code

    async def test_none(self, http: httpx2.AsyncClient) -> None:
        """Without a proxy the page calls back to where it is."""
        answer = await http.get(BASE, headers=bearer(tenant_token("acme")))

        assert BASE == page_config(answer.text)["requests_pathname_prefix"]

    async def test_page(self, http: httpx2.AsyncClient) -> None:
        """The page calls back to the path that the browser sees; files stay on the fixed one."""
        page = (await Browser(http, "sample", "acme").get()).text

        assert "/tenant/acme/dash/sample/" == page_config(page)["requests_pathname_prefix"]
        assert 'src="/tenant/' not in page
        assert 'href="/tenant/' not in page


async def raw_status(app: ASGIApp, path: str, headers: dict[str, str] | None = None) -> int:
    """Send what an HTTP client library would tidy up first."""
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [
            (name.lower().encode(), value.encode()) for name, value in (headers or {}).items()
        ],
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return int(sent[0]["status"])
