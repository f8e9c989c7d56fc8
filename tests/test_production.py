"""Production as it runs: what can be reached, what a container may do, where secrets are, TLS."""

from __future__ import annotations

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.production_stack import (
    EMAIL,
    EMBEDDED,
    FAILED_SIGN_IN,
    PASSWORD,
    REACH,
    SERVICES,
    SIGN_INS_PER_ADDRESS,
    Production,
    assert_confined,
    docker,
    sees_the_dashboard,
)

if TYPE_CHECKING:
    from scripts.support.outside import Edge

pytestmark = pytest.mark.stack

METRICS = ("api", "clv", "risk", "shell", "edge")  # each a network that Prometheus alone may join
GRACE = 5  # seconds for an orderly stop
by_service = pytest.mark.parametrize("service", SERVICES)


def test_a_person_signs_in_and_sees_a_dashboard(member: Edge) -> None:
    """The first tenant, made by the commands of docs/operations.md, works through the edge."""
    assert sees_the_dashboard(member)


def test_smoke_and_doctor_find_nothing(production: Production) -> None:
    """Both find by themselves that this is production, or are told."""
    password = production.folder / "password"
    password.write_text(PASSWORD)
    smoke = production.done("smoke", "--email", EMAIL, "--password-file", str(password))
    assert "All 9 checks passed" in smoke
    assert "all run" in production.done("doctor", "--prod")


def test_only_the_edge_is_published(production: Production) -> None:
    """Its HTTPS port for TCP and UDP, and its HTTP port, which leads there."""
    published = {
        (service, inside): bindings
        for service in SERVICES
        for inside, bindings in production.inspect(service)["NetworkSettings"]["Ports"].items()
        if bindings
    }
    https = [{"HostIp": "127.0.0.1", "HostPort": production.values["EDGE_HTTPS_PORT"]}]
    http = [{"HostIp": "127.0.0.1", "HostPort": production.values["EDGE_HTTP_PORT"]}]
    assert published == {
        ("edge", "8443/tcp"): https,
        ("edge", "8443/udp"): https,
        ("edge", "8080/tcp"): http,
    }


def test_only_who_must_talk_can(production: Production) -> None:
    """From the edge's networks the shell alone is there; dashboards do not meet each other."""
    targets = ["shell-ui:3000", "api:8000", "dash-app-clv:8050", "dash-app-risk:8051"]
    for service, port in (("api", 8000), ("dash-app-clv", 8050), ("dash-app-risk", 8051)):
        networks = production.inspect(service)["NetworkSettings"]["Networks"].values()
        targets += [f"{network['IPAddress']}:{port}" for network in networks]
    image = f"{production.project}-api"
    for network, expected in (("front", ["shell-ui:3000"]), ("outside", [])):
        name = f"{production.project}_{network}"
        said = docker("run", "--rm", "--network", name, image, "python", "-c", REACH, *targets)
        assert [line.split()[0] for line in said.splitlines() if "open" in line] == expected
    said = docker("exec", production.container("dash-app-clv"), "python", "-c", REACH, *targets)
    reached = {line.split()[0] for line in said.splitlines() if "open" in line}
    assert "api:8000" in reached
    assert not [target for target in reached if target.endswith(":8051")]


def test_no_way_out_but_the_edges(production: Production) -> None:
    """Every network is internal except the one that the edge alone is on."""
    listed = docker(
        "network",
        "ls",
        "--filter",
        f"label=com.docker.compose.project={production.project}",
        "--format",
        "{{.Name}} {{.Internal}}",
    )
    internal = dict(
        line.removeprefix(f"{production.project}_").split() for line in listed.splitlines()
    )
    inside = ["front", "clv", "risk", "database", *(f"metrics-{name}" for name in METRICS)]
    assert internal == {"outside": "false", **dict.fromkeys(inside, "true")}
    for service in SERVICES:
        networks = production.inspect(service)["NetworkSettings"]["Networks"]
        assert (f"{production.project}_outside" in networks) == (service == "edge")


@pytest.mark.parametrize("service", [*SERVICES, "jobs"])
def test_what_a_container_may_do(production: Production, service: str) -> None:
    """Next to nothing: no root, no capability, nothing to write, bounds on everything."""
    found = production.inspect(service)
    host, config = found["HostConfig"], found["Config"]
    assert re.fullmatch(r"[1-9]\d+(:[1-9]\d+)?", config["User"])
    assert_confined(host)
    assert 0 < host["Memory"] <= 2 * 1024**3
    assert 0 < host["NanoCpus"] <= 10**9
    assert 0 < host["PidsLimit"] <= 256
    mounts = {mount["Destination"]: mount for mount in found["Mounts"]}
    assert not [path for path, mount in mounts.items() if mount["Type"] == "bind" and mount["RW"]]
    assert {path for path, mount in mounts.items() if mount["Type"] == "bind"} == {
        path for path in mounts if path.startswith("/run/secrets/")
    }
    if service != "jobs":
        assert found["State"]["Health"]["Status"] == "healthy"
        assert config["StopTimeout"] == GRACE


@by_service
def test_images_bring_no_tool_and_say_what_they_are_of(
    production: Production, service: str
) -> None:
    """No package manager, no compiler; source, revision and version as labels."""
    own = {"shell-ui": "npm npx yarn corepack", "edge": ""}.get(service, "pip pip3 wheel")
    look = f"for tool in {own} uv gcc make git; do command -v $tool; done; true"
    assert docker("exec", production.container(service), "sh", "-c", look) == ""
    labels = production.inspect(service)["Config"]["Labels"]
    prefix = "org.opencontainers.image."
    assert labels[f"{prefix}revision"] == "0123abc"
    assert re.fullmatch(r"\d+\.\d+\.\d+", labels[f"{prefix}version"])
    assert f"{prefix}source" in labels


def test_no_secret_shows(production: Production) -> None:
    """Neither in an environment, nor in an image, nor in a log."""
    secrets = production.secrets()
    assert len(secrets) >= 2
    containers = [production.container(name) for name in (*SERVICES, "jobs")]
    images = [f"{production.project}-{name}" for name in (*SERVICES, "jobs")]
    shown = docker("inspect", *containers) + docker("image", "inspect", *images)
    shown += "".join(docker("history", "--no-trunc", image) for image in images)
    shown += "".join(docker("logs", name) for name in containers)
    shown += "".join(docker("exec", production.container(name), "env") for name in SERVICES)
    assert not [secret for secret in secrets if secret in shown]
    assert PASSWORD not in shown


def test_the_shells_headers_pass_untouched(production: Production) -> None:
    """What the shell says of security arrives once, and as it said it."""
    ask = (
        "fetch('http://127.0.0.1:3000/health', { headers: { 'x-forwarded-proto': 'https' } })"
        ".then((answer) => { for (const [name, value] of answer.headers) "
        "console.log(name + '\\t' + value); });"
    )
    said = docker("exec", production.container("shell-ui"), "node", "-e", ask)
    own = dict(line.split("\t") for line in said.splitlines())
    seen = {k.lower(): v for k, v in production.edge().get("/health").headers.items()}
    security = [name for name in own if re.search("security|policy|content-type|cache", name)]
    assert "strict-transport-security" in security
    assert {name: own[name] for name in security} == {name: seen[name] for name in security}


def test_a_page_by_http2_compressed(production: Production) -> None:
    """Both kinds of compression that the edge and the shell know; other names find nothing."""
    edge = production.edge()
    assert edge.handshake() == "h2"
    for kind in ("gzip", "zstd"):
        answer = edge.get("/sign-in", headers={"Accept-Encoding": kind}, stream=True)
        assert answer.headers["Content-Encoding"] == kind
    assert edge.get("/sign-in", headers={"Host": "elsewhere.example"}).status_code == 421


def test_a_body_that_is_too_large(production: Production, member: Edge) -> None:
    """Refused by the length that it tells, and by counting when it tells none."""
    told = production.edge().post("/auth/sign-in", data=b"x" * 2_000_000)
    assert told.status_code == 413
    assert told.json()["error"]["code"] == "PAYLOAD_TOO_LARGE"
    assert "Strict-Transport-Security" in told.headers
    counted = member.post(
        f"{EMBEDDED}_dash-update-component",
        data=(b"x" * 100_000 for _ in range(20)),
        headers={"Content-Type": "application/json"},
    )
    assert counted.status_code == 413


def test_a_rotation_signs_nobody_out(production: Production, member: Edge) -> None:
    """Sessions and tokens of before go on; two rotations in one session's time are refused."""
    before = production.secrets()
    production.done("keys", "--rotate")
    production.up()
    assert sees_the_dashboard(member)
    assert sees_the_dashboard(production.member())
    assert set(before) < set(production.secrets())
    again = production.run("keys", "--rotate")
    assert again.returncode == 1
    assert "sign everybody out with --revoke." in again.stderr
    assert len(again.stderr.splitlines()) == 1


def test_failed_sign_ins_count_by_the_real_address(production: Production) -> None:
    """Addresses that a client makes up do not help it, and it shuts out nobody else."""
    edge = production.edge()

    def attempt(number: int) -> str:
        answer = edge.post(
            "/auth/sign-in",
            data={"email": f"nobody-{number}@example.com", "password": "wrong"},
            headers={"X-Forwarded-For": f"203.0.113.{number}"},
        )
        return edge.get(answer.headers["Location"]).text

    pages = [attempt(number) for number in range(SIGN_INS_PER_ADDRESS + 1)]
    assert "Too many" not in pages[0]
    assert "Too many" in pages[-1]
    host = edge.origin.removeprefix("https://")
    network, image = f"{production.project}_outside", f"{production.project}-api"
    said = docker(
        "run",
        "--rm",
        "--network",
        network,
        image,
        "python",
        "-c",
        FAILED_SIGN_IN.replace("HOST", host),
    )
    assert "Too many" not in said
    assert "sign" in said.lower()


@pytest.mark.parametrize("service", ["shell-ui", "edge"])
def test_a_stop_lets_a_request_finish(production: Production, service: str) -> None:
    """Who is being answered is answered, and the stop takes less than its five seconds."""
    with ThreadPoolExecutor() as pool, production.half_a_sign_in() as finish:
        began = time.monotonic()
        stopping = pool.submit(docker, "stop", production.container(service))
        time.sleep(1)
        answer = finish()
        stopping.result()
        took = time.monotonic() - began
    assert re.match(r"HTTP/1.1 (303|429) ", answer), answer
    assert took < GRACE
    assert production.inspect(service)["State"]["ExitCode"] in {0, 143}
    docker("start", production.container(service))
    wait = threading.Event()
    while production.inspect(service)["State"]["Health"]["Status"] != "healthy":
        assert not wait.wait(0.5)


PUBLISHED = "change-me-change-me-change-me-change-me"


@pytest.mark.parametrize(
    ("service", "variable", "value", "expected"),
    [
        ("api", "AUTH_MODE", "demo", "AUTH_MODE=demo lets anybody in without a password"),
        ("api", "JWT_SECRET_KEY", PUBLISHED, "JWT_SECRET_KEY is a published value"),
        ("dash-app-risk", "JWT_SECRET_KEY", "a1b2c3", "JWT_SECRET_KEY is too short"),
        ("shell-ui", "SESSION_SECRET_KEY", PUBLISHED, "SESSION_SECRET_KEY is a published value"),
    ],
)
def test_the_services_refuse_as_well(
    production: Production, service: str, variable: str, value: str, expected: str
) -> None:
    """Whoever starts them by hand gets the same sentence, and no service."""
    options = ("--rm", "--no-deps", "-T", "--env", f"{variable}={value}")
    done = production.compose("run", *options, service)
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert expected in said
    assert "Traceback" not in said
    assert value == "demo" or value not in said


def test_down_finds_production_and_keeps_its_data(production: Production) -> None:
    """Without an option: it is what runs here."""
    assert "Stopped (production)" in production.done("down")
    volumes = docker("volume", "ls", "--quiet", "--filter", f"name={production.project}")
    assert f"{production.project}_data" in volumes.split()
