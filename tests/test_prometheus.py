"""What watches production, as that starts it: Prometheus, and who collects traces."""

from __future__ import annotations

import json
import re
import urllib.request
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from scripts.support.ports import free_ports
from tests.production_stack import (
    TENANT,
    Production,
    docker,
    production_in,
    sees_the_dashboard,
)
from tests.stacks import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.stack

# Stands in for the official image where that cannot be had: the same user, paths and entry.
IMAGE = """
FROM python:3.11-slim
RUN apt-get update -qq && cd /tmp && apt-get download -qq prometheus \
    && dpkg-deb --fsys-tarfile prometheus_*.deb | tar --extract --directory / ./usr/bin/prometheus \
    && rm prometheus_*.deb \
    && mkdir --parents /prometheus /etc/prometheus && chown 65534:65534 /prometheus
USER 65534
WORKDIR /prometheus
ENTRYPOINT ["/usr/bin/prometheus"]
"""
# Stands in for Jaeger, of which no package has the program: says whose spans it is sent.
TRACES_IMAGE = r"""
FROM python:3.11-slim
COPY <<"PROGRAM" /collector.py
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
NAME = re.compile(rb"service\.name\W{1,8}(?:value\W+stringValue\W+)?([a-z][a-z-]+)")
class Collector(BaseHTTPRequestHandler):
    def do_POST(self):
        found = NAME.search(self.rfile.read1(65536))
        print(self.path, "spans of", found and found[1].decode(), flush=True)
        self.send_response(200)
        self.end_headers()
ThreadingHTTPServer(("0.0.0.0", 4318), Collector).serve_forever()
PROGRAM
USER 10001
ENTRYPOINT ["python", "/collector.py"]
"""
TRACING = {"api", "dash-risk-analysis", "shell-ui"}
COUNTING = {"api", "dash-app-clv", "dash-app-risk", "shell-ui"}
FETCHED = COUNTING | {"edge"}
PATIENCE = 90  # seconds; it looks every fifteen
STOPPED = "dash-app-clv"


def start_it_as_well(production: Production) -> None:
    """Ask for both, in .env as operators do."""
    images = {"PROMETHEUS_IMAGE": IMAGE, "TRACES_IMAGE": TRACES_IMAGE}
    for variable, image in images.items():
        name = f"{production.project}-{variable.lower()}"
        docker("build", "--quiet", "--tag", name, "-", stdin=image)
        production.values[variable] = name
    ports = free_ports(2)
    production.values |= {
        "COMPOSE_PROFILES": "metrics,traces",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://traces:4318",
        "PROMETHEUS_PORT": str(ports[0]),
        "TRACES_PORT": str(ports[1]),
    }
    production.write_env()


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    """A production with both."""
    folder = tmp_path_factory.mktemp("watched") / "kyros"
    with production_in(folder, start_it_as_well) as running:
        yield running
    images = (running.values[name] for name in ("PROMETHEUS_IMAGE", "TRACES_IMAGE"))
    docker("image", "rm", "--force", *images)


def ask(production: Production, path: str) -> Any:  # noqa: ANN401 - as the API answers
    """Return the data that Prometheus' API has at a path."""
    url = f"http://127.0.0.1:{production.values['PROMETHEUS_PORT']}/api/v1/{path}"
    with urllib.request.urlopen(url, timeout=5) as answer:
        return json.load(answer)["data"]


def health(production: Production) -> dict[str, set[str]]:
    """Return the health of the targets of each job."""
    found: dict[str, set[str]] = {}
    for target in ask(production, "targets")["activeTargets"]:
        found.setdefault(target["labels"]["job"], set()).add(target["health"])
    return found


def values(production: Production, query: str, label: str) -> dict[str, float]:
    """Return what a query finds, by one label."""
    found = ask(production, f"query?query={quote(query)}")["result"]
    return {one["metric"][label]: float(one["value"][1]) for one in found}


def test_it_is_confined_and_runs(watched: Production) -> None:
    """It writes to its volume alone, as nobody, and was never started again."""
    found = watched.inspect("prometheus")
    assert found["HostConfig"]["ReadonlyRootfs"]
    assert found["State"]["Running"]
    assert 0 == found["RestartCount"]
    assert "65534" == found["Config"]["User"]
    flags = ask(watched, "status/flags")
    assert ("/prometheus", "30d") == (
        flags["storage.tsdb.path"],
        flags["storage.tsdb.retention.time"],
    )


def test_it_fetches_from_every_service(watched: Production) -> None:
    """Every target is there, and answers."""
    wait_for(lambda: health(watched) == {job: {"up"} for job in FETCHED}, PATIENCE)


def test_it_has_the_rules(watched: Production) -> None:
    """They are loaded, and can be evaluated."""

    def evaluated() -> bool:
        (group,) = ask(watched, "rules")["groups"]
        rules = group["rules"]
        assert {"KyrosServiceDown", "KyrosErrors", "KyrosAuditWaits"} <= {r["name"] for r in rules}
        assert "err" not in {rule["health"] for rule in rules}
        return {"ok"} == {rule["health"] for rule in rules}

    wait_for(evaluated, PATIENCE)


def test_it_knows_of_requests(watched: Production) -> None:
    """What people ask for shows up, of all that took part in the answer."""
    other = "customer-lifetime-value"
    watched.done("jobs", *f"admin dashboard assign {TENANT} {other}".split())
    member = watched.member()
    assert sees_the_dashboard(member)
    assert member.get(f"/tenant/{TENANT}/dash/{other}/").status_code == 200
    counted = "sum by (job) (kyros_http_requests_total)"
    # Its healthcheck and Prometheus only GET.
    edge = "sum by (job) (caddy_http_request_duration_seconds_count{method='POST'})"

    def known() -> bool:
        found = values(watched, counted, "job")
        return {name for name, count in found.items() if count > 0} == COUNTING and (
            values(watched, edge, "job").get("edge", 0) > 0
        )

    wait_for(known, PATIENCE)


def test_traces_arrive(watched: Production) -> None:
    """Of every service that takes part in an answer, though none has a way out."""
    assert sees_the_dashboard(watched.member())
    container = watched.container("traces")
    wait_for(
        lambda: TRACING <= set(re.findall(r"/v1/traces spans of (\S+)", docker("logs", container))),
        PATIENCE,
    )
    (line,) = re.findall(
        r'"service":"shell-ui".*_dash-update.*', docker("logs", watched.container("shell-ui"))
    )[-1:]
    assert '"trace_id":"' in line


def test_checks_do_not_mind_it(watched: Production) -> None:
    """Its page is for this machine alone, so an upgrade passes with it."""
    assert "All 8 checks passed" in watched.done("smoke", "--prod")


def test_it_notices_that_a_service_is_away(watched: Production) -> None:
    """The alert about it, and about no other, waits to be sent."""
    done = watched.compose("stop", STOPPED)
    assert done.returncode == 0, done.stderr

    def down() -> set[str]:
        alerts = ask(watched, "alerts")["alerts"]
        return {
            alert["labels"]["job"]
            for alert in alerts
            if alert["labels"]["alertname"] == "KyrosServiceDown"
        }

    wait_for(lambda: down() == {STOPPED}, PATIENCE)
    assert watched.compose("start", STOPPED).returncode == 0
    wait_for(lambda: down() == set(), PATIENCE)
