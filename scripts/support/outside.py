"""What production must show to whoever is outside, step by step, with every answer checked."""

from __future__ import annotations

import socket
import ssl
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter

from scripts.support import production, production_checks
from scripts.support.journey import expect, require
from scripts.support.project import EDGE, SERVICES, WATCHERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_PATIENCE = 30
_TOO_LARGE = 2_000_000


class _ByName(HTTPAdapter):
    """Connects to this machine, and asks for the name that its certificate is for."""

    def __init__(self, name: str) -> None:
        self._name = name
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - requests' own
        super().init_poolmanager(
            *arguments, **options, server_hostname=self._name, assert_hostname=self._name
        )


class Edge:
    """The edge of this machine, as somebody outside sees it.

    Args:
        values: the settings.
        authority: a file with the certificate that the edge's own must lead to; without one, that
            of a public authority must do.
    """

    def __init__(self, values: Mapping[str, str], authority: str | None = None) -> None:
        self.domain = production.domain(values)
        self.port = production_checks.port(values, "EDGE_HTTPS_PORT")
        self.http_port = production_checks.port(values, "EDGE_HTTP_PORT")
        self.origin = production.url(values)
        self._authority = authority
        self._values = values
        self.session = self.visitor()

    def visitor(self) -> requests.Session:
        """Return a session of somebody who has not been here yet."""
        session = requests.Session()
        session.mount("https://", _ByName(self.domain))
        session.verify = self._authority or True
        session.trust_env = False
        session.headers["Host"] = self.origin.removeprefix("https://")
        return session

    def get(self, path: str, **options: Any) -> requests.Response:  # noqa: ANN401 - requests' own
        """Ask for a page, without following redirects."""
        return self._ask("GET", path, **options)

    def post(self, path: str, **options: Any) -> requests.Response:  # noqa: ANN401 - requests' own
        """Send a form as a page of the shell would."""
        headers = {"Origin": self.origin} | options.pop("headers", {})
        return self._ask("POST", path, headers=headers, **options)

    def _ask(self, method: str, path: str, **options: Any) -> requests.Response:  # noqa: ANN401
        url = f"https://127.0.0.1:{self.port}{path}"
        return self.session.request(
            method, url, timeout=_PATIENCE, allow_redirects=False, **options
        )

    def handshake(self) -> str | None:
        """Return the protocol that is spoken after a handshake, such as h2."""
        context = ssl.create_default_context(cafile=self._authority)
        context.set_alpn_protocols(["h2", "http/1.1"])
        with (
            socket.create_connection(("127.0.0.1", self.port), _PATIENCE) as plain,
            context.wrap_socket(plain, server_hostname=self.domain) as secure,
        ):
            return secure.selected_alpn_protocol()

    # --- The checks -------------------------------------------------------------------------------

    def healthy(self) -> None:
        """The shell answers through the edge, over TLS with a certificate that holds."""
        require(
            expect(self.get("/health"), 200).json().get("status") == "ok", "its status is not ok"
        )

    def http2(self) -> None:
        """Browsers get HTTP/2, and are told of HTTP/3."""
        require(self.handshake() == "h2", "no HTTP/2")
        told = self.get("/health").headers.get("Alt-Svc", "")
        require(f'h3=":{self.port}"' in told, "HTTP/3 is not offered")

    def redirected(self) -> None:
        """Plain HTTP leads to HTTPS and says nothing else."""
        url = f"http://127.0.0.1:{self.http_port}/sign-in"
        headers = {"Host": self.domain}
        answer = requests.get(url, headers=headers, timeout=_PATIENCE, allow_redirects=False)
        location = expect(answer, HTTPStatus.PERMANENT_REDIRECT).headers["Location"]
        require(location == f"{self.origin}/sign-in", f"it leads to {location}")

    def headers(self) -> None:
        """The shell's security headers arrive, with HSTS."""
        answer = expect(self.get("/sign-in"), 200)
        for name in ("Strict-Transport-Security", "Content-Security-Policy", "Referrer-Policy"):
            require(name in answer.headers, f"{name} is missing")
        require("Server" not in answer.headers, "it tells what it is made of")

    def compressed(self) -> None:
        """Pages come compressed."""
        answer = expect(self.get("/sign-in", headers={"Accept-Encoding": "gzip"}), 200)
        require(answer.headers.get("Content-Encoding") == "gzip", "not compressed")

    def limited(self) -> None:
        """A body that is too large is refused."""
        answer = self.post("/auth/sign-in", data=b"x" * _TOO_LARGE)
        expect(answer, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

    def no_demo(self) -> None:
        """Nobody gets in without a password."""
        answer = self.post("/auth/sign-in", data={"email": "admin@acme.com"})
        require("kyros_session=" not in answer.headers.get("Set-Cookie", ""), "a demo user got in")
        expect(self.get("/tenants"), HTTPStatus.SEE_OTHER, HTTPStatus.TEMPORARY_REDIRECT)

    def unpublished(self) -> None:
        """No other service can be reached: nothing of production has a port but the edge.

        Who watches it has one of this machine alone, and only if it was asked for.
        """
        open_ports = production.published_ports() - set(WATCHERS)
        require(open_ports == {EDGE}, f"published: {', '.join(sorted(open_ports))}")

    def sign_in(self, email: str, password: str) -> Callable[[], None]:
        """Return the check that a person gets in and sees their tenants."""

        def step() -> None:
            answer = self.post("/auth/sign-in", data={"email": email, "password": password})
            expect(answer, HTTPStatus.SEE_OTHER)
            cookie = answer.headers.get("Set-Cookie", "")
            require("kyros_session=" in cookie, "not let in")
            require("Secure" in cookie, "the session cookie may travel without TLS")
            expect(self.get("/tenants"), 200, HTTPStatus.TEMPORARY_REDIRECT)

        return step


def steps(edge: Edge) -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield each check with the name it has in the table."""
    yield "healthy through the edge, TLS holds", edge.healthy
    yield "HTTP/2, and HTTP/3 on offer", edge.http2
    yield "HTTP leads to HTTPS", edge.redirected
    yield "security headers", edge.headers
    yield "compression", edge.compressed
    yield "a body that is too large is refused", edge.limited
    yield "nobody gets in without a password", edge.no_demo
    yield f"only the edge is published (of {len(SERVICES) + 1})", edge.unpublished
