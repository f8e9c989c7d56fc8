"""Production for tests: a copy of the repository with a project, ports and secrets of its own."""

from __future__ import annotations

import json
import random
import socket
import ssl
import subprocess
import sys
import time
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from scripts.support import docker as docker_state
from scripts.support.journey import CheckFailed, count_traces, first_call
from scripts.support.outside import Edge
from scripts.support.ports import free_ports
from scripts.support.project import names
from tests.browsing import missing
from tests.stacks import clean_environment, make_copy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

EMAIL, PASSWORD = "anna@example.com", "an orange boat at dawn"
TENANT, DASHBOARD = "gamma", "risk-analysis"
EMBEDDED = f"/tenant/{TENANT}/dash/{DASHBOARD}/"
SIGN_INS_PER_ADDRESS = 5
SERVICES = names(production=True)
DOMAIN = "localhost"

# Run by a container: which of the addresses take a connection.
REACH = """
import socket, sys
for target in sys.argv[1:]:
    host, port = target.split(":")
    try:
        socket.create_connection((host, int(port)), 2).close()
        print(target, "open")
    except OSError:
        print(target, "shut")
"""

# Run by a container: a sign-in that fails, and the page that it leads to.
FAILED_SIGN_IN = """
import http.client, socket, ssl, urllib.parse
context = ssl._create_unverified_context()
connection = http.client.HTTPConnection("edge")
connection.sock = context.wrap_socket(
    socket.create_connection(("edge", 8443), 10), server_hostname="localhost"
)
body = urllib.parse.urlencode({"email": "x@example.com", "password": "wrong"})
form = "application/x-www-form-urlencoded"
headers = {"Host": "HOST", "Origin": "https://HOST", "Content-Type": form}
connection.request("POST", "/auth/sign-in", body, headers)
answer = connection.getresponse()
headers["Cookie"] = (answer.headers["Set-Cookie"] or "").partition(";")[0]
answer.read()
connection.request("GET", answer.headers["Location"], headers=headers)
print(connection.getresponse().read().decode())
"""


class Production:
    """Production in a folder of its own, driven by the commands that operators use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.project = f"kyros-test-{uuid.uuid4().hex[:8]}"
        https, http = free_ports(2)
        self.values = {
            "COMPOSE_PROJECT_NAME": self.project,
            "EDGE_ADDRESS": "127.0.0.1",
            "EDGE_HTTPS_PORT": str(https),
            "EDGE_HTTP_PORT": str(http),
            "KYROS_REVISION": "0123abc",
            "SIGN_IN_LIMIT_PER_ADDRESS": f"{SIGN_INS_PER_ADDRESS}/15 minutes",
        }
        self.write_env()

    def write_env(self, **more: str) -> None:
        """Write .env anew."""
        lines = [f"{name}={value}\n" for name, value in (self.values | more).items()]
        (self.folder / ".env").write_text("".join(lines), encoding="utf-8")

    def run(
        self, module: str, *arguments: str, stdin: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command of scripts/ in the copy."""
        return subprocess.run(
            [sys.executable, "-m", f"scripts.{module}", *arguments],
            check=False,
            capture_output=True,
            text=True,
            input=stdin or "",
            cwd=self.folder,
            env=clean_environment(),
        )

    def done(self, module: str, *arguments: str, stdin: str | None = None) -> str:
        """Run a command that has to succeed; returns what it printed."""
        answer = self.run(module, *arguments, stdin=stdin)
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout

    def up(self) -> str:
        """Start it, and wait until it is healthy."""
        return self.done("up", "--prod", "--detach")

    def populate(self, tenant: str = TENANT, email: str = EMAIL, book: str | None = None) -> None:
        """Make a tenant with a person and data, as docs/operations.md says."""
        file = self.folder / f"{tenant}.csv"
        file.write_text(book or accounts(), encoding="utf-8")
        file.chmod(0o644)
        self.done(
            "jobs",
            *f"admin tenant add --name {tenant.title()} --slug {tenant} --currency EUR".split(),
        )
        # As the session does it, in one container: each would take some seconds.
        further = " && ".join(
            f"kyros-api admin {line}"
            for line in (
                f"dashboard assign {tenant} {DASHBOARD}",
                f"user add {email}",
                f"role grant {email} {tenant} admin",
            )
        )
        done = self.compose("run", "--rm", "--no-deps", "-T", "jobs", "sh", "-c", further)
        assert done.returncode == 0, done.stderr
        self.done("jobs", *f"admin user set-password {email} --stdin".split(), stdin=PASSWORD)
        self.done("jobs", *f"ingest --tenant {tenant} --dashboard {DASHBOARD}".split(), str(file))

    def compose(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Compose on this project."""
        files = ("--file", "docker-compose.yml", "--file", "docker-compose.prod.yml")
        return subprocess.run(
            ["docker", "compose", *files, *arguments],
            check=False,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=clean_environment(),
        )

    def edge(self) -> Edge:
        """Return a new visitor of the edge, who trusts its authority."""
        return Edge(self.values, str(self.folder / ".kyros/edge-ca.crt"))

    def member(self, email: str = EMAIL) -> Edge:
        """Return a visitor who has signed in."""
        edge = self.edge()
        attempts = (
            5  # a busy machine may be too slow to answer in time, which is not what is tested
        )
        for attempt in range(1, attempts + 1):
            try:
                edge.sign_in(email, PASSWORD)()
                break
            except CheckFailed:
                if attempt == attempts:
                    raise
                time.sleep(2)
        return edge

    @contextmanager
    def half_a_sign_in(self) -> Iterator[Callable[[], str]]:
        """Send the first half of a sign-in; yields what sends the rest and returns the answer."""
        edge = self.edge()
        body = urlencode({"email": EMAIL, "password": PASSWORD}).encode()
        head = (
            f"POST /auth/sign-in HTTP/1.1\r\nHost: {edge.domain}:{edge.port}\r\n"
            f"Origin: {edge.origin}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        context = ssl.create_default_context(cafile=str(self.folder / ".kyros/edge-ca.crt"))
        with (
            socket.create_connection(("127.0.0.1", edge.port), 30) as plain,
            context.wrap_socket(plain, server_hostname=DOMAIN) as line,
        ):
            line.sendall(head.encode() + body[:10])
            time.sleep(0.5)  # until the shell has it

            def finish() -> str:
                line.sendall(body[10:])
                return line.recv(4096).decode("latin-1")

            yield finish

    def container(self, service: str, number: int = 1) -> str:
        """Return a container's name."""
        return f"{self.project}-{service}-{number}"

    def inspect(self, service: str) -> dict[str, Any]:
        """Return what Docker knows of a service's container."""
        return inspect(self.container(service))

    def secrets(self) -> list[str]:
        """Return every secret there is."""
        texts = [path.read_text().strip() for path in (self.folder / "secrets").iterdir()]
        return [text for text in texts if text]

    def remove(self) -> None:
        """Stop it and delete everything that it made."""
        self.run("down", "--prod", "--volumes", "--yes")
        self.compose("down", "--volumes", "--remove-orphans", "--rmi", "local")


@contextmanager
def production_in(
    folder: Path, prepare: Callable[[Production], None] = lambda _: None
) -> Iterator[Production]:
    """Run a production with a tenant, a person and data for the length of a block.

    Args:
        folder: a new one, for the copy of the repository.
        prepare: what is done before it is started.
    """
    found = docker_state.inspect()
    if not found.usable:
        missing(found.reason)
    running = Production(make_copy(folder))
    try:
        prepare(running)
        running.done("keys")
        running.up()
        running.populate()
        yield running
    finally:
        running.remove()


def sees_the_dashboard(member: Edge) -> bool:
    """Whether a person gets the dashboard's page, and figures with data in them."""
    page = member.get(EMBEDDED)
    callbacks = member.get(f"{EMBEDDED}_dash-dependencies").json()
    answer = member.post(f"{EMBEDDED}_dash-update-component", json=first_call(callbacks))
    return "_dash-config" in page.text and count_traces(answer.json()) > 0


def sees_nothing_after_signing_out(production: Production, member: Edge, asks: int) -> bool:
    """Sign somebody out, and ask so often with the cookies of before, by connections of its own."""
    cookies = member.session.cookies.copy()
    assert member.post("/auth/sign-out", data={"next": ""}).status_code == 303
    copy = production.edge()
    copy.session.cookies.update(cookies)
    pages = [copy.get(f"{EMBEDDED}_dash-layout") for _ in range(asks)]
    return {page.status_code for page in pages} == {401}


def inspect(container: str) -> dict[str, Any]:
    """Return what Docker knows of a container."""
    found: dict[str, Any] = json.loads(docker("inspect", container))[0]
    return found


def docker(*arguments: str, stdin: str = "") -> str:
    """Run the engine's command; returns what it said."""
    done = subprocess.run(
        ["docker", *arguments], check=False, capture_output=True, text=True, input=stdin
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def assert_confined(host: dict[str, Any]) -> None:
    """Hold what the engine was told of a container to what every one of production's may do."""
    assert host["ReadonlyRootfs"]
    assert host["CapDrop"] == ["ALL"]
    assert not host["CapAdd"]
    assert not host["Privileged"]
    assert "no-new-privileges:true" in host["SecurityOpt"]
    assert host["Init"]
    assert host["LogConfig"]["Config"] == {"max-file": "5", "max-size": "10m"}


def accounts(*regions: str) -> str:
    """Return a small book of accounts, of two regions."""
    chance = random.Random(1)  # noqa: S311 - made-up accounts
    lines = ["account_id,exposure,defaulted,region,income"]
    for number in range(600):
        income = chance.randint(800, 4000)
        defaulted = chance.random() < (0.3 if income < 1800 else 0.1)
        region, exposure = chance.choice(regions or ("north", "south")), chance.randint(100, 9000)
        lines.append(f"A{number},{exposure},{'yes' if defaulted else 'no'},{region},{income}")
    return "\n".join(lines) + "\n"
