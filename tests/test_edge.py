"""The edge alone, on a real engine: a certificate by ACME from an authority, and HTTP/3.

The authority is another Caddy, which has one built in. As on the Internet it reaches the edge by
ports 80 and 443 of the address that the edge's name leads to: here that of the network's gateway.
"""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import uuid
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aioquic.asyncio.client import connect
from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration

from scripts.support import docker as docker_state
from tests.browsing import missing
from tests.production_stack import docker
from tests.stacks import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aioquic.quic.events import QuicEvent

pytestmark = pytest.mark.stack

EDGE = Path(__file__).parents[1] / "apps" / "edge"
DOMAIN, AUTHORITY = "kyros.test", "acme.test"
AUTHORITY_FILE = f"{AUTHORITY} {{\n\ttls internal\n\tacme_server\n}}\n"
ROOT = "/data/caddy/pki/authorities/local/root.crt"
PATIENCE = 90  # seconds for a certificate
PAGE = "a page of the shell"
SHELL = f"""
from http.server import BaseHTTPRequestHandler, HTTPServer
class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{PAGE}")
HTTPServer(("0.0.0.0", 3000), Page).serve_forever()
"""


@dataclass
class Site:
    """An edge whose certificate is to come from an authority.

    Attributes:
        address: at which its ports 80 and 443 are.
        root: a file with the authority's own certificate.
        container: in which it runs.
    """

    address: str
    root: Path
    container: str

    def certificate(self) -> dict[str, object] | None:
        """Return the edge's certificate, verified as browsers do; None while there is none."""
        context = ssl.create_default_context(cafile=str(self.root))
        try:
            with (
                socket.create_connection((self.address, 443), 10) as plain,
                context.wrap_socket(plain, server_hostname=DOMAIN) as secure,
            ):
                return dict(secure.getpeercert() or {})
        except OSError:
            return None


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An edge, an authority, and a shell of one page, on a network of their own."""
    found = docker_state.inspect()
    if not found.usable:
        missing(found.reason)
    folder, name = tmp_path_factory.mktemp("edge"), f"kyros-test-{uuid.uuid4().hex[:8]}"
    with ExitStack() as stack:
        docker("build", "--quiet", "--tag", name, str(EDGE))
        stack.callback(docker, "image", "rm", "--force", name)
        docker("network", "create", name)
        stack.callback(docker, "network", "rm", name)
        (network,) = json.loads(docker("network", "inspect", name))
        address = network["IPAM"]["Config"][0]["Gateway"]

        def run(service: str, alias: str, *options: str) -> str:
            container = f"{name}-{service}"
            stack.callback(docker, "rm", "--force", "--volumes", container)
            joined = ("--network", name, "--network-alias", alias)
            docker("run", "--detach", "--name", container, *joined, *options)
            return container

        (folder / "Caddyfile").write_text(AUTHORITY_FILE, encoding="utf-8")
        its_file = ("--volume", f"{folder / 'Caddyfile'}:/etc/caddy/Caddyfile:ro")
        leads = ("--add-host", f"{DOMAIN}:{address}")
        authority = run("authority", AUTHORITY, *its_file, *leads, "caddy:2")
        wait_for(lambda: "root" in docker("exec", authority, "ls", "-R", "/data"), 30)
        root = folder / "root.crt"
        root.write_text(docker("exec", authority, "cat", ROOT), encoding="utf-8")
        root.chmod(0o644)
        run("shell", "shell-ui", "python:3.11-slim", "python", "-c", SHELL)
        edge = run("edge", "edge", *_as_in_production(address), *_trusting(root), name)
        yield Site(address, root, edge)


def _as_in_production(address: str) -> list[str]:
    """Return the ports and variables that docker-compose.prod.yml would give it."""
    variables = {
        "KYROS_DOMAIN": DOMAIN,
        "EDGE_TLS": "acme",
        "ACME_EMAIL": "operator@kyros.test",
        "ACME_CA": f"https://{AUTHORITY}/acme/local/directory",
        "EDGE_PUBLIC_PORT": "443",
        "METRICS_HOST": "edge",
        "METRICS_PORT": "9100",
    }
    ports = ("80:8080", "443:8443/tcp", "443:8443/udp")
    return [
        *("--cap-drop", "ALL", "--read-only", "--security-opt", "no-new-privileges"),
        *("--tmpfs", "/tmp", "--volume", "/state"),  # noqa: S108 - in the container
        *(part for port in ports for part in ("--publish", f"{address}:{port}")),
        *(part for pair in variables.items() for part in ("--env", "=".join(pair))),
    ]


def _trusting(root: Path) -> list[str]:
    """Return what makes it speak to an authority that is not a public one."""
    return [
        "--volume",
        f"{root}:/etc/authority.crt:ro",
        "--env",
        "SSL_CERT_FILE=/etc/authority.crt",
    ]


def test_a_certificate_by_acme(site: Site) -> None:
    """The edge gets one by itself, for its name, from the authority that the variable names."""
    try:
        wait_for(lambda: site.certificate() is not None, PATIENCE)
    except AssertionError:
        pytest.fail(docker("logs", site.container)[-3000:])
    certificate = site.certificate()
    assert certificate is not None
    assert (("DNS", DOMAIN),) == certificate["subjectAltName"]
    assert "Caddy Local Authority" in str(certificate["issuer"])


class _Visitor(QuicConnectionProtocol):
    """Asks for one page by HTTP/3."""

    def ask(self, path: str) -> asyncio.Future[tuple[dict[bytes, bytes], bytes]]:
        """Send the request; its headers and body come with the answer's end."""
        self._http = H3Connection(self._quic)
        self._headers: dict[bytes, bytes] = {}
        self._body = b""
        self._answer: asyncio.Future[tuple[dict[bytes, bytes], bytes]] = self._loop.create_future()
        request = {":method": "GET", ":scheme": "https", ":authority": DOMAIN, ":path": path}
        stream = self._quic.get_next_available_stream_id()
        headers = [(name.encode(), value.encode()) for name, value in request.items()]
        self._http.send_headers(stream, headers, end_stream=True)
        self.transmit()
        return self._answer

    def quic_event_received(self, event: QuicEvent) -> None:
        """Take what comes."""
        if not hasattr(self, "_http"):
            return  # of the handshake
        for part in self._http.handle_event(event):
            if isinstance(part, HeadersReceived):
                self._headers.update(part.headers)
            if isinstance(part, DataReceived):
                self._body += part.data
            if isinstance(part, HeadersReceived | DataReceived) and part.stream_ended:
                self._answer.set_result((self._headers, self._body))


async def test_a_page_by_http3(site: Site) -> None:
    """Over UDP, with the same certificate, by the port that Alt-Svc names."""
    wait_for(lambda: site.certificate() is not None, PATIENCE)
    quic = QuicConfiguration(alpn_protocols=H3_ALPN, server_name=DOMAIN, cafile=str(site.root))
    visiting = connect(site.address, 443, configuration=quic, create_protocol=_Visitor)
    async with asyncio.timeout(30), visiting as visitor:
        assert isinstance(visitor, _Visitor)
        headers, body = await visitor.ask("/")
    assert (b"200", PAGE) == (headers[b":status"], body.decode())
    assert b'h3=":443"; ma=86400' == headers[b"alt-svc"]
