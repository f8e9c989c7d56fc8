"""What browsers and proxies may keep, and what a page may load."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING

import pytest

from kyros_dash_kit import create_dash_app
from kyros_dash_kit.sample import DASHBOARD
from kyros_dash_kit.testing import Browser, FakeApi, make_settings, page_config, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx2


IMMUTABLE = "public, max-age=31536000, immutable"


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


@pytest.fixture
def browser(http: httpx2.AsyncClient) -> Browser:
    """A reader of the first tenant."""
    return Browser(http, "sample", "acme")


class TestPrivate:
    """What belongs to a tenant."""

    @pytest.mark.parametrize("path", ["", "_dash-layout", "_dash-dependencies"])
    async def test_headers(self, browser: Browser, path: str) -> None:
        """Nothing private is kept anywhere, or framed by another site."""
        headers = (await browser.get(path)).headers

        assert "no-store" == headers["Cache-Control"]
        assert "nosniff" == headers["X-Content-Type-Options"]
        assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]

    async def test_inline_scripts(self, browser: Browser) -> None:
        """The policy allows the page's own inline scripts by their hash, and no others."""
        page = await browser.get()
        scripts = re.findall(
            r"<script(?![^>]*(?:src|json))[^>]*>(.*?)</script>", page.text, re.DOTALL
        )
        policy = page.headers["Content-Security-Policy"]

        assert scripts
        for script in scripts:
            digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy
        assert "unsafe-eval" not in policy
        assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]

    async def test_own_host_only(self, browser: Browser) -> None:
        """The page loads nothing from another host."""
        page = (await browser.get()).text

        assert [] == re.findall(r'(?:src|href)="(?:https?:)?//', page)

    async def test_no_advertisements(self, browser: Browser) -> None:
        """The page offers no WebSocket, no reload, and no version of Python."""
        config = page_config((await browser.get()).text)

        assert set() == {"websocket", "hot_reload", "python_version"} & config.keys()


class TestStatic:
    """What is the same for everybody."""

    async def test_every_file_of_the_page(self, browser: Browser) -> None:
        """What a page names is kept for good, and sent compressed."""
        page = (await browser.get()).text
        files = re.findall(r'(?:src|href)="(/dash/sample/[^"]+\.(?:js|css)[^"]*)"', page)

        assert any("plotly" in file for file in files)
        for file in files:
            answer = await browser.http.get(file)
            assert (IMMUTABLE, "gzip") == (
                answer.headers["Cache-Control"],
                answer.headers["Content-Encoding"],
            )

    async def test_first_load(self, browser: Browser) -> None:
        """All that a page loads is at most 2 MB on the wire."""
        page = (await browser.get()).text
        files = re.findall(r'(?:src|href)="(/dash/sample/[^"]+)"', page)

        sizes = [int((await browser.http.get(file)).headers["Content-Length"]) for file in files]

        assert sum(sizes) <= 2_000_000

    async def test_without_fingerprint(self, browser: Browser) -> None:
        """A file asked for by its plain name is asked for again, and not sent again."""
        path = "/dash/sample/assets/kyros.css"
        first = await browser.http.get(path)
        second = await browser.http.get(path, headers={"If-None-Match": first.headers["ETag"]})

        assert ("no-cache", 304, b"") == (
            first.headers["Cache-Control"],
            second.status_code,
            second.content,
        )

    async def test_without_gzip(self, browser: Browser) -> None:
        """Who cannot unpack gets the plain file."""
        path = "/dash/sample/assets/kyros.js"
        plain = await browser.http.get(path, headers={"Accept-Encoding": "identity"})
        packed = await browser.http.get(path, headers={"Accept-Encoding": "gzip"})

        assert "Content-Encoding" not in plain.headers
        assert plain.content == packed.content
        assert "gzip" == packed.headers["Content-Encoding"]

    async def test_old_fingerprint(self, browser: Browser) -> None:
        """A page that was open before an update still gets its scripts."""
        path = "/dash/sample/_dash-component-suites/dash/dcc/async-graph.v1_0_0m1.js"

        assert 200 == (await browser.http.get(path)).status_code


class TestDevelopment:
    """What differs while developing."""

    async def test_reload(self, api: FakeApi) -> None:
        """In development the page asks whether to reload, and assets are read anew."""
        settings = make_settings("development")
        async with running(create_dash_app(DASHBOARD, settings, transport=api.transport)) as http:
            browser = Browser(http, "sample", "acme")
            config = page_config((await browser.get()).text)
            answer = (await browser.get("_reload-hash")).json()

        assert 500 == config["hot_reload"]["interval"]
        assert answer["reloadHash"]


class TestLog:
    """One line a request, and nothing secret in it."""

    async def test_request(self, browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
        """The line says who asked for what under which id, and holds no token."""
        answer = await browser.http.get(
            "/dash/sample/", headers={**browser.headers, "X-Request-ID": "from-the-shell"}
        )

        fields = caplog.records[-1].__dict__
        assert "from-the-shell" == answer.headers["X-Request-ID"]
        assert ("from-the-shell", "acme", 200, "/dash/sample/") == (
            fields["request_id"],
            fields["tenant"],
            fields["status"],
            fields["path"],
        )
        assert browser.headers["Authorization"].split()[1] not in str(fields)
