"""Production with its metadata on PostgreSQL, by the profile: who reaches it, what it bears."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from scripts.support.database_checks import OWN_URL
from scripts.support.project import POSTGRES, ROOT
from tests.production_stack import (
    EMAIL,
    PASSWORD,
    REACH,
    Production,
    assert_confined,
    docker,
    inspect,
    sees_nothing_after_signing_out,
    sees_the_dashboard,
)
from tests.stacks import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scripts.support.outside import Edge

pytestmark = pytest.mark.stack

REPLICAS = 2
PATIENCE = 60  # seconds until a server that was killed serves again


@pytest.fixture(scope="module")
def prepare() -> Callable[[Production], None]:
    """The two lines of docs/postgresql.md in .env, and two replicas of the api."""

    def write(production: Production) -> None:
        production.values |= {
            "COMPOSE_PROFILES": POSTGRES,
            "DATABASE_URL": OWN_URL,
            "API_REPLICAS": str(REPLICAS),
        }
        production.write_env()

    return write


def states(production: Production) -> list[str]:
    """Return since when each container of the api runs."""
    numbers = range(1, REPLICAS + 1)
    found = [inspect(production.container("api", number))["State"] for number in numbers]
    assert ["healthy"] * REPLICAS == [state["Health"]["Status"] for state in found]
    return [state["StartedAt"] for state in found]


def test_a_person_signs_in_and_sees_a_dashboard(production: Production, member: Edge) -> None:
    """What the commands of docs/operations.md made is in PostgreSQL, and nothing in a file."""
    assert sees_the_dashboard(member)
    query = ("--tuples-only", "--command", "SELECT email FROM users")
    said = docker("exec", production.container(POSTGRES), "psql", "--username=kyros", *query)
    assert EMAIL == said.strip()
    assert "tenant_metadata.db" not in docker(
        "exec", production.container("api"), "ls", "/app/data"
    )


def test_commands_know_it(production: Production) -> None:
    """Doctor, smoke, jobs and logs."""
    told = production.done("doctor", "--prod")
    assert "on PostgreSQL at postgres" in told
    assert "all run" in told
    password = production.folder / "password"
    password.write_text(PASSWORD)
    smoke = production.done("smoke", "--email", EMAIL, "--password-file", str(password))
    assert "All 9 checks passed" in smoke
    assert f"{OWN_URL}: 1 tenants" in production.done("jobs", "status")
    production.done("jobs", "backup", "/app/data/kyros.zip")
    entries = docker(
        *("exec", production.container("api"), "python", "-m", "zipfile"),
        *("--list", "/app/data/kyros.zip"),
    )
    assert "manifest.json" in entries


def test_what_the_container_may_do(production: Production) -> None:
    """As little as the others: no root, no capability, two folders in memory and its volume."""
    found = production.inspect(POSTGRES)
    host, config = found["HostConfig"], found["Config"]
    assert config["User"] == "postgres"
    assert docker("exec", production.container(POSTGRES), "id", "-u").strip() != "0"
    assert_confined(host)
    assert host["Memory"] == 1024**3
    assert host["NanoCpus"] == 10**9
    assert host["PidsLimit"] == 256
    assert host["RestartPolicy"]["Name"] == "unless-stopped"
    assert not host["PortBindings"]
    assert set(host["Tmpfs"]) == {"/tmp", "/var/lib/postgresql/data"}  # noqa: S108 - the container's
    mounts = {mount["Destination"]: mount for mount in found["Mounts"]}
    read = {"/run/secrets/postgres_password", "/usr/local/bin/start"}
    assert set(mounts) == {"/var/lib/postgresql", *read}
    assert not [path for path in read if mounts[path]["RW"]]


def test_a_beginning_that_was_cut_off(production: Production, tmp_path: Path) -> None:
    """Half of a database is not taken for one: it begins anew."""
    (tmp_path / "password").write_text("half-a-database")
    (tmp_path / "password").chmod(0o644)
    volume = f"{production.project}-half"
    made = production.inspect(POSTGRES)
    try:
        start = [
            *("run", "--rm", "--detach", "--user", "postgres", "--cap-drop", "ALL"),
            *("--volume", f"{volume}:/var/lib/postgresql"),
            *("--volume", f"{tmp_path / 'password'}:/password:ro"),
            *("--volume", f"{ROOT / 'ops/postgres/start.sh'}:/start:ro"),
            *("--env", "PGDATA=/var/lib/postgresql/kyros", "--env", "PGHOST=/tmp"),
            *("--env", "POSTGRES_USER=kyros", "--env", "POSTGRES_DB=kyros"),
            *("--env", "POSTGRES_PASSWORD_FILE=/password", "--entrypoint", "sh"),
        ]
        cut_off = docker(*start, made["Config"]["Image"], "/start").strip()
        look = ("exec", cut_off, "ls", "/var/lib/postgresql")
        wait_for(lambda: "kyros.making" in docker(*look), PATIENCE)
        docker("kill", cut_off)
        again = docker(*start, made["Config"]["Image"], "/start").strip()
        ask = ["docker", "exec", again, "psql", "--username=kyros", "--command=SELECT 1"]
        wait_for(
            lambda: subprocess.run(ask, capture_output=True, check=False).returncode == 0, PATIENCE
        )
        docker("kill", again)
    finally:
        docker("volume", "rm", "--force", volume)


def test_only_api_and_jobs_reach_it(production: Production) -> None:
    """It is on one network, with them alone, which has no way out; nobody else gets there."""
    networks = production.inspect(POSTGRES)["NetworkSettings"]["Networks"]
    database = f"{production.project}_database"
    assert {database} == set(networks)
    assert docker("network", "inspect", "--format", "{{.Internal}}", database).strip() == "true"
    template = "{{range .Containers}}{{.Name}} {{end}}"
    there = docker("network", "inspect", "--format", template, database).split()
    apis = {production.container("api", number) for number in range(1, REPLICAS + 1)}
    assert {production.container(POSTGRES), *apis} == set(there)
    assert {database} == set(production.inspect("jobs")["NetworkSettings"]["Networks"])
    targets = ["postgres:5432", f"{networks[database]['IPAddress']}:5432"]
    for network in ("front", "clv", "risk", "outside", "metrics-api"):
        name, image = f"{production.project}_{network}", f"{production.project}-api"
        said = docker("run", "--rm", "--network", name, image, "python", "-c", REACH, *targets)
        assert "open" not in said, network
    said = docker("exec", production.container("api"), "python", "-c", REACH, *targets)
    assert said.count("open") == len(targets)


def test_its_password_shows_nowhere(production: Production) -> None:
    """Neither in what Docker knows of containers, nor in an environment, nor in a log."""
    names = [production.container(name) for name in ("api", "jobs", POSTGRES)]
    shown = docker("inspect", *names) + "".join(docker("logs", name) for name in names)
    shown += "".join(docker("exec", name, "env") for name in (names[0], names[-1]))
    assert not [secret for secret in production.secrets() if secret in shown]


def test_signing_out_counts_in_every_replica(production: Production) -> None:
    """The cookies of before open nothing, whichever container is asked."""
    assert sees_nothing_after_signing_out(production, production.member(), 4 * REPLICAS)


def test_a_server_that_is_killed(production: Production, member: Edge) -> None:
    """It comes back by itself, and the api goes on with it, without a restart."""
    before = states(production)
    docker("exec", production.container(POSTGRES), "sh", "-c", "kill -9 -1 || true")

    def serves() -> bool:
        state = production.inspect(POSTGRES)["State"]
        return {"running", "healthy"} <= {state["Status"], state["Health"]["Status"]}

    wait_for(lambda: production.inspect(POSTGRES)["RestartCount"] == 1, PATIENCE)
    wait_for(serves, PATIENCE)
    assert sees_the_dashboard(member)
    assert sees_the_dashboard(production.member())
    assert before == states(production)


def test_an_upgrade_leaves_it_alone(production: Production, member: Edge) -> None:
    """The backup before it has the metadata, and the server goes on; the api is replaced."""
    before = production.inspect(POSTGRES)["Id"]
    production.write_env(KYROS_VERSION="9.9.9")
    assert "Backup: backups/before-upgrade-" in production.done("upgrade")
    assert before == production.inspect(POSTGRES)["Id"]
    assert sees_the_dashboard(member)


def test_a_rotation_leaves_it_alone(production: Production, member: Edge) -> None:
    """New keys are none of its business; its container and password stay."""
    file = production.folder / "secrets/postgres_password"
    before = production.inspect(POSTGRES)["Id"], file.read_text()
    production.done("keys", "--rotate")
    assert "All 6 services are healthy" in production.up()
    assert before == (production.inspect(POSTGRES)["Id"], file.read_text())
    assert sees_the_dashboard(member)


def test_down_and_up_again(production: Production, member: Edge) -> None:
    """The metadata stay: who was signed in still is; `jobs` starts the server when it needs it."""
    assert "Stopped (production)" in production.done("down")
    listed = docker("ps", "--all", "--format", "{{.Names}}")
    assert not re.findall(rf"^{production.project}-.*", listed, re.MULTILINE)
    assert "gamma" in production.done("jobs", "admin", "tenant", "list")
    production.up()
    assert sees_the_dashboard(member)
