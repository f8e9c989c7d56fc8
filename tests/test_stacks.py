"""The real platform in each engine: one command starts it; it heals, reloads, keeps apart."""

from __future__ import annotations

import os
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psutil
import pytest
import requests

from scripts.support import ports
from scripts.support.journey import ADMIN, Browser
from scripts.support.project import API, DASHBOARDS, SERVICES, SHELL, Engine, Service
from scripts.support.waiting import is_healthy
from tests.stacks import Stack, in_docker, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.stack

EDITS = {
    API: ("apps/api/src/kyros_api/openapi/document.py", "Kyros API", "Kyros API, edited"),
    **{
        dashboard: (
            f"apps/{dashboard.name}/src/kyros_{dashboard.name.replace('-', '_')}/layout.py",
            'title="',
            'title="Edited: ',
        )
        for dashboard in DASHBOARDS.values()
    },
    SHELL: (
        "apps/shell-ui/app/sign-in/_components/sign-in-panel.tsx",
        "Sign in</h1>",
        "Edited</h1>",
    ),
}
SLUGS = {service: slug for slug, service in DASHBOARDS.items()}
by_service = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


def signed_in(stack: Stack) -> Browser:
    """Return a session of a person who belongs to both tenants."""
    browser = Browser(stack.url(SHELL))
    browser.sign_in(ADMIN)
    return browser


def test_smoke_passes(stack: Stack) -> None:
    """Every check from outside holds right after `up`."""
    done = stack.run("smoke")
    assert done.returncode == 0, done.stdout
    assert "checks passed" in done.stdout


def test_up_again_changes_nothing(stack: Stack) -> None:
    """A second `up` finds its own ports taken by itself, and is content."""
    done = stack.run("up", "--detach", "--engine", stack.engine)
    assert done.returncode == 0, done.stderr


def test_ports_are_on_loopback_only(stack: Stack) -> None:
    """Nothing is published to the network."""
    listening = {
        str(found.laddr[:1])
        for found in psutil.net_connections("tcp")
        if found.status == psutil.CONN_LISTEN
        and found.laddr[1:] in {(service.port(stack.values),) for service in SERVICES}
    }
    assert listening == {"('127.0.0.1',)"}


def test_smoke_fails_while_a_service_is_away_and_passes_again(stack: Stack) -> None:
    """The api's absence shows, and that it is back."""
    with away(stack, API):
        during = stack.run("smoke")
    assert during.returncode == 1, during.stdout
    assert "no answer" in during.stdout
    assert stack.heals()
    after = stack.run("smoke")
    assert after.returncode == 0, after.stdout


def test_a_killed_api_comes_back(stack: Stack) -> None:
    """It is so quick that its absence can be missed; every step works afterwards."""
    kill(stack, API)
    assert stack.heals()
    after = stack.run("smoke")
    assert after.returncode == 0, after.stdout


@pytest.mark.parametrize("service", [*DASHBOARDS.values(), SHELL], ids=lambda service: service.name)
def test_a_killed_service_comes_back(stack: Stack, service: Service) -> None:
    """Whichever it is, nobody has to start it again."""
    kill(stack, service)
    wait_for(lambda: not is_healthy(stack.url(service)), seconds=10)
    assert stack.heals(service)


@contextmanager
def away(stack: Stack, service: Service) -> Iterator[None]:
    """Keep a service from running, in the manner of its engine."""
    if stack.engine is Engine.DOCKER:
        stack.compose("stop", service.name)
        try:
            yield
        finally:
            stack.compose("start", service.name)
        return
    keeper = psutil.Process(group(stack, service)).parent()
    assert keeper is not None
    keeper.suspend()  # or it would start the service again at once
    try:
        kill(stack, service)
        yield
    finally:
        keeper.resume()


def kill(stack: Stack, service: Service) -> None:
    """Kill a service in the manner of its engine."""
    if stack.engine is Engine.DOCKER:
        # All that runs in the container; `docker kill` would count as a stop by hand.
        stack.compose("exec", "-T", service.name, "sh", "-c", "kill -9 -1")
    else:
        os.killpg(group(stack, service), signal.SIGKILL)


def group(stack: Stack, service: Service) -> int:
    """Return the process group of a local service, by its port."""
    process = ports.process_on(service.port(stack.values))
    assert process is not None
    return os.getpgid(process.pid)


@by_service
def test_a_source_edit_shows(
    stack: Stack, service: Service, record_property: Callable[[str, object], None]
) -> None:
    """An edit is visible without a restart."""
    browser = signed_in(stack)
    assert "dited" not in seen(stack, browser, service)
    stack.edit(*EDITS[service])
    took = wait_for(lambda: "dited" in seen(stack, browser, service), seconds=30)
    record_property(f"reload {stack.engine} {service.name}", f"{took:.1f} s")


def seen(stack: Stack, browser: Browser, service: Service) -> str:
    """Return what shows a service's edit."""
    try:
        if service is API:
            return requests.get(f"{stack.url(API)}/openapi.json", timeout=10).text
        if service is SHELL:
            return requests.get(f"{stack.url(SHELL)}/sign-in", timeout=20).text
        return browser.get(f"/tenant/acme-corp/dash/{SLUGS[service]}/_dash-layout").text
    except requests.RequestException:
        return ""


def test_two_tenants_in_one_session_stay_apart(stack: Stack) -> None:
    """Two tabs on two tenants, asking at the same time, each get their own."""
    browser = signed_in(stack)
    tenants = ["acme-corp", "beta-ind"] * 8

    def page(tenant: str) -> str:
        return browser.get(f"/tenant/{tenant}/dash/risk-analysis/").text

    with ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(page, tenants))
    for tenant, text in zip(tenants, pages, strict=True):
        other = "beta-ind" if tenant == "acme-corp" else "acme-corp"
        assert tenant in text
        assert other not in text


def assert_gated(stack: Stack) -> None:
    """A container started once the api's was healthy, not merely started."""
    good = inspect(
        stack, API, "{{range .State.Health.Log}}{{if eq .ExitCode 0}}{{.Start}}\n{{end}}{{end}}"
    )
    first = comparable(good.splitlines()[0])
    for service in (*DASHBOARDS.values(), SHELL):
        assert comparable(inspect(stack, service, "{{.State.StartedAt}}")) > first


def comparable(moment: str) -> str:
    """Return a moment as Docker writes it in a form that sorts: `2026-01-01 10:00:00.5`."""
    return moment.replace("T", " ")[:23]


def inspect(stack: Stack, service: Service, template: str) -> str:
    """Ask Docker about a service's container."""
    name = f"{stack.project}-{service.name}-1"
    return subprocess.run(
        ["docker", "inspect", "--format", template, name],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


@in_docker
@pytest.mark.parametrize("service", [API.name, *(service.name for service in DASHBOARDS.values())])
def test_the_base_file_alone_refuses_to_start_without_secrets(stack: Stack, service: str) -> None:
    """Production settings, no secret: one sentence, and no service."""
    done = stack.compose(
        *("--env-file", "/dev/null", "--project-name", stack.project),
        *("--file", "docker-compose.yml", "run", "--rm", "--no-deps", "-T", service),
    )
    assert done.returncode != 0
    assert "JWT_SECRET_KEY is missing" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@in_docker
def test_the_service_holds_nothing_that_fits(stack: Stack) -> None:
    """What fits models is in the image of jobs, which is the service's image and more."""
    find = (
        "import importlib.util as u; "
        "print([n for n in ('kyros_api', 'kyros_analytics', 'pandas', 'scipy') if u.find_spec(n)])"
    )
    base = ("--env-file", "/dev/null", "--project-name", stack.project, "--file")
    run = ("docker-compose.yml", "run", "--rm", "--no-deps", "-T")
    service = stack.compose(*base, *run, "api", "python", "-c", find)
    assert service.stdout == "['kyros_api']\n", service.stderr
    jobs = stack.compose(*base, *run, "jobs", "python", "-c", find)
    assert jobs.stdout == "['kyros_api', 'kyros_analytics', 'pandas', 'scipy']\n", jobs.stderr


@in_docker
def test_plain_compose_needs_no_secrets(stack: Stack) -> None:
    """`docker compose up` on a fresh clone: the api makes the secrets that all four share."""
    made = stack.folder / ".env"
    kept = made.read_text(encoding="utf-8")
    secrets = {"JWT_SECRET_KEY": "", "SESSION_SECRET_KEY": "", "KYROS_UID": "", "KYROS_GID": ""}
    try:
        stack.set_variables(secrets)
        done = stack.compose("up", "--detach", "--wait", "--no-build")
        assert done.returncode == 0, done.stderr
        assert_gated(stack)
        browser = signed_in(stack)
        assert browser.get("/tenant/acme-corp/dash/risk-analysis/").status_code == 200
    finally:
        made.write_text(kept, encoding="utf-8")


def test_down_leaves_nothing_running(stack: Stack) -> None:
    """`down` frees every port; `up` brings all back, with the data that was there."""
    assert stack.run("down").returncode == 0
    assert not [service for service in SERVICES if ports.problem(service.port(stack.values))]
    stack.up()
    assert stack.run("smoke").returncode == 0
