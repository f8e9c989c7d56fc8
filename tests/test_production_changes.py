"""Production while it changes: another version, the one before again, more replicas."""

from __future__ import annotations

import json
import re
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Self

import pytest

from kyros_api.metadata import HEAD
from tests.production_stack import (
    EMAIL,
    EMBEDDED,
    PASSWORD,
    SERVICES,
    SIGN_INS_PER_ADDRESS,
    Production,
    docker,
    inspect,
    sees_nothing_after_signing_out,
    sees_the_dashboard,
)
from tests.stacks import make_copy, wait_for

if TYPE_CHECKING:
    from scripts.support.outside import Edge

pytestmark = pytest.mark.stack

METADATA = "apps/api/src/kyros_api/metadata"
A_WHILE = 6  # seconds; longer than a connection is kept that nobody uses
NEWER = "9001"
MIGRATION = f'''"""A table that only a newer version has."""

import sqlalchemy as sa
from alembic import op

revision = "{NEWER}"
down_revision = "{HEAD}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forwards."""
    op.create_table("newer", sa.Column("id", sa.String(36), primary_key=True))


def downgrade() -> None:
    """Go back."""
    op.drop_table("newer")
'''


def write_newer_version(production: Production, revision: str) -> None:
    """Make the checkout that of a version with another schema."""
    versions = production.folder / METADATA / "migrations/versions"
    (versions / f"{NEWER}_newer.py").write_text(MIGRATION, encoding="utf-8")
    head = production.folder / METADATA / "__init__.py"
    head.write_text(head.read_text().replace(f'HEAD = "{HEAD}"', f'HEAD = "{NEWER}"'))
    production.write_env(KYROS_REVISION=revision)


def write_this_version(production: Production) -> None:
    """Make the checkout what it was."""
    make_copy(production.folder)
    (production.folder / METADATA / f"migrations/versions/{NEWER}_newer.py").unlink()
    production.write_env()


def schema(production: Production) -> str:
    """Return the revision of the metadata."""
    said = docker("exec", production.container("api"), "kyros-api", "status", "--json")
    return str(json.loads(said.splitlines()[0])["revision"])


def revision(production: Production, service: str) -> str:
    """Return what a service's container says that it was built of."""
    return str(production.inspect(service)["Config"]["Labels"]["org.opencontainers.image.revision"])


def images(production: Production) -> dict[str, str]:
    """Return the image that each service runs on."""
    return {service: production.inspect(service)["Image"] for service in SERVICES}


# Run by a container of the api: how many requests of dashboards it has answered itself.
ANSWERED = "/api/dashboards/"
REPLICAS = 3


class Watch(threading.Thread):
    """Asks for the tenants' page all the time, as somebody who goes on working."""

    def __init__(self, member: Edge) -> None:
        super().__init__()
        self._member, self._over = member, threading.Event()
        self.longest, self.answers = 0.0, set[int]()

    def run(self) -> None:
        """Ask until told to stop, and note the longest time without a page."""
        last = time.monotonic()
        while not self._over.wait(0.2):
            try:
                status = self._member.get("/tenants").status_code
            except OSError:
                continue
            self.answers.add(status)
            if status < 400:
                self.longest = max(self.longest, time.monotonic() - last)
                last = time.monotonic()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()


def test_nothing_runs_that_could_be_upgraded(tmp_path_factory: pytest.TempPathFactory) -> None:
    """It says how to start it, and makes nothing."""
    other = Production(make_copy(tmp_path_factory.mktemp("upgrade") / "kyros"))
    other.done("keys")
    done = other.run("upgrade")
    assert done.returncode == 1
    assert "Production does not run here; start it with nox -s up -- --prod" in done.stderr
    assert "Building" not in done.stdout
    back = other.run("upgrade", "--back")
    assert back.returncode == 1
    assert "No version before is kept" in back.stderr


def test_an_upgrade(production: Production, member: Edge) -> None:
    """The schema and the services are the newer ones; who was signed in works on."""
    assert sees_the_dashboard(member)
    write_newer_version(production, "newer")
    password = production.folder / "password"
    password.write_text(PASSWORD)
    with Watch(production.member()) as watch:
        said = production.done("upgrade", "--email", EMAIL, "--password-file", str(password))
    assert "Upgraded from version 0123abc in" in said
    assert "All 9 checks passed" in said
    assert NEWER == schema(production)
    assert {"newer"} == {revision(production, service) for service in SERVICES}
    assert sees_the_dashboard(member)
    assert watch.answers, "nobody was answered"
    assert watch.longest < 60  # seconds; how long on this machine: see the log
    print(f"longest time without a page: {watch.longest:.1f} s")  # noqa: T201
    assert not [
        name
        for name in docker("exec", production.container("api"), "ls", "/app/data").split()
        if name.endswith(".zip")
    ]


def test_the_backup_before_it(production: Production) -> None:
    """It is of the schema before, whole, and for its owner alone."""
    (file,) = (production.folder / "backups").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert json.loads(archive.read("manifest.json"))["schema_revision"] == HEAD


def test_back_as_asked(production: Production, member: Edge) -> None:
    """The version before runs again, with its schema and all data."""
    said = production.done("upgrade", "--back")
    assert "Back: version 0123abc runs again" in said
    assert HEAD == schema(production)
    assert {"0123abc"} == {revision(production, service) for service in SERVICES}
    assert sees_the_dashboard(member)


def test_an_upgrade_that_does_not_pass_goes_back(production: Production, member: Edge) -> None:
    """The one before runs again, on the very same images; the reason is told in a table."""
    before = images(production)
    write_newer_version(production, "worse")
    caddyfile = production.folder / "apps/edge/Caddyfile"
    text = caddyfile.read_text(encoding="utf-8")
    caddyfile.write_text(re.sub(r"(?m)^\s*Alt-Svc .*$", "", text), encoding="utf-8")
    assert caddyfile.read_text(encoding="utf-8") != text
    done = production.run("upgrade")
    assert done.returncode == 1
    assert "HTTP/3 is not offered" in done.stdout
    assert "the version before runs again and nothing is lost" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stdout + done.stderr
    assert before == images(production)
    assert HEAD == schema(production)
    assert sees_the_dashboard(member)
    assert "All 8 checks passed" in production.done("smoke")


def test_an_upgrade_that_cannot_migrate(production: Production, member: Edge) -> None:
    """Nothing is replaced: the services did not notice."""
    before = {service: production.inspect(service)["Id"] for service in SERVICES}
    write_newer_version(production, "broken")
    broken = MIGRATION.replace('op.create_table("newer"', 'op.create_table("users"')
    versions = production.folder / METADATA / "migrations/versions"
    (versions / f"{NEWER}_newer.py").write_text(broken, encoding="utf-8")
    done = production.run("upgrade")
    write_this_version(production)
    assert done.returncode == 1
    assert "could not be migrated and is as it was: table users already exists" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert HEAD == schema(production)
    assert sees_the_dashboard(member)
    assert before == {service: production.inspect(service)["Id"] for service in SERVICES}


def answered(production: Production, number: int) -> int:
    """Return how many questions of dashboards one container of the api has answered."""
    return docker("logs", production.container("api", number)).count(ANSWERED)


def test_three_replicas_of_the_api(production: Production, member: Edge) -> None:
    """They share the work, and one that is killed is missed by nobody."""
    production.write_env(API_REPLICAS=str(REPLICAS))
    production.up()
    numbers = range(1, REPLICAS + 1)
    states = [inspect(production.container("api", number))["State"] for number in numbers]
    assert ["healthy"] * REPLICAS == [state["Health"]["Status"] for state in states]

    # Each connection stays with one of them: many at once are many connections, and after a while
    # without any there are others.
    def all_work() -> bool:
        time.sleep(A_WHILE)
        with ThreadPoolExecutor(4 * REPLICAS) as crowd:
            pages = list(crowd.map(member.get, [f"{EMBEDDED}_dash-layout"] * 4 * REPLICAS))
        assert {200} == {page.status_code for page in pages}
        return all(answered(production, number) for number in numbers)

    wait_for(all_work, seconds=90)
    assert sees_the_dashboard(member)
    with Watch(member) as watch:
        docker("kill", "--signal=KILL", production.container("api", 2))
        assert sees_the_dashboard(member)
        time.sleep(A_WHILE)
    assert {200, 307} >= watch.answers, watch.answers
    assert watch.longest < A_WHILE


def test_all_replicas_count_failed_sign_ins_together(production: Production) -> None:
    """As many fail in all as would with one."""
    edge = production.edge()

    def attempt(number: int) -> str:
        form = {"email": f"nobody-{number}@example.com", "password": "wrong"}
        answer = edge.post("/auth/sign-in", data=form)
        return edge.get(answer.headers["Location"]).text

    refused = ["Too many" in attempt(number) for number in range(SIGN_INS_PER_ADDRESS + 2)]
    assert [False] * SIGN_INS_PER_ADDRESS + [True] * 2 == refused


def test_signing_out_counts_in_every_replica(production: Production, member: Edge) -> None:
    """The cookies of before open nothing, whichever container is asked."""
    assert sees_nothing_after_signing_out(production, member, 3 * REPLICAS)
