"""Say what is wrong on this machine, and how to mend it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from rich.table import Table

from scripts.support import checks, database_checks, docker, production_checks, settings
from scripts.support.checks import State
from scripts.support.project import expected
from scripts.support.terminal import Arguments, Problem, console, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.support.checks import Finding

_STYLES = {State.OK: "green", State.NOTE: "yellow", State.WRONG: "red"}


def main() -> int:
    """Print a table of checks; exit code 1 when something is wrong."""
    parser = Arguments("doctor", "Say what is wrong on this machine, and how to mend it.")
    parser.add_argument("--prod", action="store_true", help="look at it as production would")
    production = parser.parse_args().prod
    with console.status("Looking around"):
        findings = list(_production() if production else _development())
    table = Table("Check", "State", "What", "Remedy")
    for found in findings:
        style = _STYLES[found.state]
        table.add_row(found.check, f"[{style}]{found.state}[/]", found.what, found.remedy)
    console.print(table)
    wrong = sum(found.state is State.WRONG for found in findings)
    if wrong:
        console.print(
            f"[red]{wrong} to mend before nox -s up{' -- --prod' if production else ''}[/]"
        )
        return 1
    command = "nox -s up -- --prod" if production else "nox -s up"
    console.print(f"[green]Nothing is wrong[/]: {command} will work")
    return 0


def _development() -> Iterator[Finding]:
    """Yield everything about this machine, and whether lines of .env go together."""
    yield from checks.everything()
    with suppress(Problem):  # that .env cannot be read is among the findings
        in_docker = docker.inspect().usable
        yield from database_checks.everywhere(settings.read(), docker_runs_it=in_docker)


def _production() -> Iterator[Finding]:
    """Yield what production is refused for, and which of its services run."""
    yield checks.engine()
    values = settings.read()
    yield from production_checks.everything(values)
    running = docker.running_services(production=True)
    away = [name for name in expected(values, production=True) if name not in running]
    if not away:
        yield checks.ok("services", "all run")
    elif running:
        remedy = "nox -s up -- --prod --detach starts them, nox -s logs tells why"
        yield checks.note("services", f"not running: {', '.join(away)}", remedy)
    else:
        yield checks.note("services", "none runs", "nox -s up -- --prod --detach starts them")


if __name__ == "__main__":
    run(main)
