"""Prometheus as production starts it: that it runs there, is told everything, and notices."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from scripts.support.ports import free_ports
from tests.production_stack import TENANT, Production, production_in, sees_the_dashboard
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
COUNTING = {"api", "dash-app-clv", "dash-app-risk", "shell-ui"}
FETCHED = COUNTING | {"edge"}
PATIENCE = 90  # seconds; it looks every fifteen
STOPPED = "dash-app-clv"


def start_it_as_well(production: Production) -> None:
    """Ask for Prometheus, in .env as operators do."""
    name = f"{production.project}-prometheus-image"
    command = ["docker", "build", "--quiet", "--tag", name, "-"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, input=IMAGE)
    assert done.returncode == 0, done.stderr
    (port,) = free_ports(1)
    production.values |= {
        "COMPOSE_PROFILES": "metrics",
        "PROMETHEUS_IMAGE": name,
        "PROMETHEUS_PORT": str(port),
    }
    production.write_env()


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    """A production with Prometheus."""
    folder = tmp_path_factory.mktemp("watched") / "kyros"
    with production_in(folder, start_it_as_well) as running:
        yield running
    subprocess.run(
        ["docker", "image", "rm", "--force", running.values["PROMETHEUS_IMAGE"]], check=True
    )


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
