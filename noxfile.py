"""Every task of this repository is a session here: `nox -l` lists them, `nox -s NAME` runs one.

Arguments for the task itself come after two dashes: `nox -s up -- --detach`; `nox -s up -- --help`
lists them. A session installs a dependency group of pyproject.toml as uv.lock has it and calls a
module of `scripts/`; whatever needs a decision is decided there, where it is typed and tested.
"""

from __future__ import annotations

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["lint", "types", "tests"]

PATIENCE = 20.0  # seconds for an orderly stop; Nox kills a child 0.5 s after Ctrl-C unless told so


def install(session: nox.Session, *selection: str) -> None:
    """Install a selection of uv.lock into the session's environment, and nothing else."""
    place = session.virtualenv.location
    env = {"UV_PROJECT_ENVIRONMENT": place}
    session.run_install(
        "uv", "sync", "--quiet", "--frozen", f"--python={place}", *selection, env=env
    )


def call(session: nox.Session, module: str, *arguments: str) -> None:
    """Run a module of scripts/ with the session's arguments, and time to stop after Ctrl-C."""
    session.run(
        *("python", "-m", f"scripts.{module}", *arguments, *session.posargs),
        env={"UV": nox.virtualenv.UV},
        interrupt_timeout=PATIENCE,
        terminate_timeout=PATIENCE,
    )


@nox.session
def up(session: nox.Session) -> None:
    """Run the platform and print the URL to open (-- --detach, --engine docker|local, --prod)."""
    install(session, "--only-group=ops")
    call(session, "up")


@nox.session
def down(session: nox.Session) -> None:
    """Stop the platform (-- --volumes also deletes its data, after saying what goes)."""
    install(session, "--only-group=ops")
    call(session, "down")


@nox.session
def seed(session: nox.Session) -> None:
    """Load the demo tenants and their data from data/source/; safe to repeat, all or nothing."""
    install(session, "--no-dev", "--package=kyros-api", "--extra=models")
    session.run("kyros-api", "seed", *session.posargs)


@nox.session
def ingest(session: nox.Session) -> None:
    """Put a tenant's own data in place from a CSV or Parquet file (-- --help tells how)."""
    install(session, "--no-dev", "--package=kyros-api", "--extra=models")
    session.run("kyros-api", "ingest", *session.posargs, stderr=None, interrupt_timeout=PATIENCE)


@nox.session
def backup(session: nox.Session) -> None:
    """Write metadata and all tenants' data to one file, while everything runs (-- FILE)."""
    install(session, "--no-dev", "--package=kyros-api")
    session.run("kyros-api", "backup", *session.posargs, stderr=None, interrupt_timeout=PATIENCE)


@nox.session
def restore(session: nox.Session) -> None:
    """Put a backup in place of what is there, once it is verified (-- FILE, --check)."""
    install(session, "--no-dev", "--package=kyros-api")
    session.run("kyros-api", "restore", *session.posargs, stderr=None, interrupt_timeout=PATIENCE)


@nox.session
def upgrade(session: nox.Session) -> None:
    """Bring production to this checkout's version: backup, migration, checks; back if it fails."""
    install(session, "--only-group=ops")
    call(session, "upgrade")


@nox.session
def openapi(session: nox.Session) -> None:
    """Write the API's description anew from its routes, and the shell's types from that."""
    install(session, "--no-dev", "--package=kyros-api")
    session.run("kyros-api", "openapi", "--write", "apps/api/openapi.json")
    install(session, "--only-group=ops")
    session.run("python", "-m", "scripts.shell_ui", "api-types")


@nox.session
def admin(session: nox.Session) -> None:
    """Administer tenants, users, roles and dashboards (-- --help lists the commands)."""
    install(session, "--no-dev", "--package=kyros-api")
    # Errors stay apart from what --json prints; nox would join the two.
    session.run("kyros-api", "admin", *session.posargs, stderr=None, interrupt_timeout=PATIENCE)


@nox.session(name="secrets")
def make_secrets(session: nox.Session) -> None:
    """Make production's secrets in secrets/ (-- --rotate makes new ones and signs nobody out)."""
    install(session, "--only-group=ops")
    call(session, "keys")


@nox.session
def jobs(session: nox.Session) -> None:
    """Administer production, and put tenants' data in place (-- admin ..., -- ingest ...)."""
    install(session, "--only-group=ops")
    call(session, "jobs")


@nox.session
def chaos(session: nox.Session) -> None:
    """Break a production of its own while people work, and print what came of each fault."""
    install(session)
    session.run("pytest", "tests/chaos", "--long", "-q", *session.posargs)


@nox.session
def smoke(session: nox.Session) -> None:
    """Check the running platform from outside, as a user would."""
    install(session, "--only-group=ops")
    call(session, "smoke")


@nox.session
def build(session: nox.Session) -> None:
    """Build the images (-- api that one alone, -- --prod production's, attested where possible)."""
    install(session, "--only-group=ops")
    call(session, "build")


@nox.session
def logs(session: nox.Session) -> None:
    """Follow the logs of the running platform (-- api follows that service alone)."""
    install(session, "--only-group=ops")
    call(session, "logs")


@nox.session
def doctor(session: nox.Session) -> None:
    """Say what is wrong on this machine, and how to mend it."""
    install(session, "--only-group=ops")
    call(session, "doctor")


@nox.session(name="lint-docker")
def lint_docker(session: nox.Session) -> None:
    """Check every Dockerfile (hadolint) and every combination of the compose files."""
    install(session, "--only-group=docker")
    call(session, "lint_docker")


@nox.session
def audit(session: nox.Session) -> None:
    """Look for known flaws in dependencies and images; fails also when not all can be checked."""
    install(session, "--only-group=audit")
    call(session, "audit")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and format (ruff, ESLint), and that uv.lock and the API's types are current."""
    install(session, "--only-group=lint", "--only-group=ops")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("uv", "lock", "--check", "--quiet", external=True)
    call(session, "shell_ui", "lint")


@nox.session
def types(session: nox.Session) -> None:
    """Check types: mypy over all Python, tsc over the shell."""
    install(session)
    session.run("mypy")
    call(session, "shell_ui", "types")


@nox.session
def tests(session: nox.Session) -> None:
    """Run every test: units, the shell's, and the real stack (-- PATH or -k NAME for some)."""
    install(session)
    session.run("pytest", *session.posargs, env={"UV": nox.virtualenv.UV})


@nox.session
def isolation(session: nox.Session) -> None:
    """Prove that no request gets another tenant's data, and print the table of attempts."""
    install(session)
    session.run("pytest", "apps/api/tests/isolation", "--quiet", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure what is claimed about speed and memory, and compare (half an hour)."""
    install(session)
    session.run("python", "-m", "benchmarks.api_speed")
    session.run("python", "-m", "benchmarks.views_speed")
    session.run("python", "-m", "benchmarks.ingest_speed")
    session.run("python", "-m", "benchmarks.dashboards_speed")
    session.run("python", "-m", "benchmarks.shell_speed")
    session.run("python", "-m", "benchmarks.proxy_speed")
