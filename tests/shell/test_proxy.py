"""Dashboards through the shell: what never gets through, and what browsers are told."""

from __future__ import annotations

import re
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import requests

from scripts.support.project import RISK, SHELL

if TYPE_CHECKING:
    from benchmarks.production import Platform
    from tests.shell.conftest import Platforms
    from tests.shell.people import Person

pytestmark = [pytest.mark.stack, pytest.mark.browser]

HOME = "/tenant/acme-corp/dash/risk-analysis/"
POLICY = re.compile(r"script-src 'self' 'nonce-[\w+/=]+' 'strict-dynamic';")
SIGNED_TOKEN = re.compile(rb"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+")


@pytest.mark.parametrize(
    "target",
    [
        f"{HOME}../../../../tenants",
        f"{HOME}%2e%2e/%2e%2e/health",
        f"{HOME}%2fhealth",
        f"{HOME}/health",
        f"{HOME}..%5chealth",
        f"{HOME}\\..\\health",
        f"{HOME}%00",
        "/tenant/acme-corp/dash/risk-analysis%2f..%2fcustomer-lifetime-value/",
        "/tenant/acme-corp/./dash/risk-analysis/",
        "/%74enant/acme-corp/dash/risk-analysis/",
        "/dash/risk-analysis/_dash-layout",
        "/dash/risk-analysis/assets/%2e%2e/_dash-layout",
        "http://127.0.0.1/tenant/acme-corp/dash/risk-analysis/",
    ],
)
def test_hostile_paths(person: Person, platform: Platform, target: str) -> None:
    """A path that means something else further in is a 4xx, and no dashboard's answer."""
    person.sign_in("analyst@acme.com")
    cookie = "; ".join(f"{one['name']}={one['value']}" for one in person.context.cookies())
    before = platform.log(RISK).count("\n")
    status = _raw(platform, target, f"Cookie: {cookie}")
    assert status in {400, 404}
    assert platform.log(RISK).count("\n") == before


@pytest.mark.parametrize("signed_in", [True, False], ids=["signed in", "nobody"])
@pytest.mark.parametrize(
    "target", [HOME, f"{HOME}_dash-update-component", "/tenants", "/nowhere", "/_next/hmr"]
)
def test_a_websocket_is_refused(
    person: Person, platform: Platform, target: str, *, signed_in: bool
) -> None:
    """In words and closed, for it is never left open; no dashboard hears of it."""
    upgrade = ["Upgrade: websocket", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {'A' * 24}"]
    if signed_in:
        person.sign_in("analyst@acme.com")
        cookies = person.context.cookies()
        upgrade.append("Cookie: " + "; ".join(f"{one['name']}={one['value']}" for one in cookies))
    before = platform.log(RISK).count("\n")
    assert _raw(platform, target, *upgrade, connection="Upgrade") == 400
    assert platform.log(RISK).count("\n") == before
    assert requests.get(f"{platform.url()}/health", timeout=30).status_code == 200


def _raw(platform: Platform, target: str, *headers: str, connection: str = "close") -> int:
    """Send a request line that no library would; returns the status, once all is said."""
    address = ("127.0.0.1", SHELL.port(platform.ports))
    with socket.create_connection(address, timeout=30) as wire:
        host = urlsplit(platform.url()).netloc
        always = [f"GET {target} HTTP/1.1", f"Host: {host}", f"Connection: {connection}"]
        wire.sendall("\r\n".join([*always, *headers, "", ""]).encode("latin-1"))
        with wire.makefile("rb") as answer:
            return int(answer.read().split(maxsplit=2)[1])


@pytest.mark.parametrize(
    "path",
    ["/sign-in", "/nowhere", "/%zz", "/health", "/icon.svg", "//x", HOME, "/dash/risk-analysis/x"],
)
def test_security_headers(platform: Platform, path: str) -> None:
    """Every answer carries them, whoever made it; one policy, and HSTS behind TLS alone."""
    url = platform.url() + path
    plain = requests.get(url, allow_redirects=False, timeout=30)
    behind_tls = {"X-Forwarded-Proto": "https"}
    tls = requests.get(url, headers=behind_tls, allow_redirects=False, timeout=30)
    for answer in (plain, tls):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "camera=()" in answer.headers["Permissions-Policy"]
        assert answer.headers["Content-Security-Policy"].count("frame-ancestors 'self'") == 1
        assert "unsafe-inline'; script" not in answer.headers["Content-Security-Policy"]
        assert "X-Powered-By" not in answer.headers
    assert "Strict-Transport-Security" not in plain.headers
    assert "max-age=" in tls.headers["Strict-Transport-Security"]


def test_pages_have_a_nonce_of_their_own(platform: Platform) -> None:
    """The policy of a page names a nonce, and never the same one twice."""
    policies = [
        requests.get(platform.url() + "/sign-in", timeout=30).headers["Content-Security-Policy"]
        for _ in range(2)
    ]
    assert all(POLICY.search(policy) for policy in policies)
    assert policies[0] != policies[1]


def test_the_bundle_tells_nothing(platforms: Platforms, platform: Platform) -> None:
    """What browsers are given names no secret, no setting and no service behind the shell."""
    folders = [platforms.build / ".next" / "static", platforms.build / "public"]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert sum(path.suffix == ".js" for path in files) > 1
    settings = platform.env(SHELL)
    words = {"API_URL", "DASHBOARD_URLS", "SESSION_SECRET_KEY", "JWT_SECRET_KEY", "TRUSTED_PROXIES"}
    words |= {settings["SESSION_SECRET_KEY"], settings["API_URL"], "api:8000", ":8050", ":8051"}
    words |= {"/api/token", "/api/me", "/api/tenant", "server-only", "Bearer "}
    for path in files:
        content = path.read_bytes()
        found = [word for word in words if word.encode() in content]
        assert found == [], path.name
        assert not SIGNED_TOKEN.search(content), path.name
