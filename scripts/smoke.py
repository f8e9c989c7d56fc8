"""Check the running platform from outside, as a user would: a table of checks with times."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import requests
from rich.markup import escape
from rich.table import Table

from scripts.support import journey, outside, production, settings
from scripts.support.journey import CheckFailed, Journey
from scripts.support.outside import Edge
from scripts.support.project import EDGE, SERVICES
from scripts.support.terminal import Arguments, Problem, console, run

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class Outcome:
    """How one check came out."""

    check: str
    milliseconds: float
    problem: str = ""


def main() -> int:
    """Run every check to the end; exit code 1 when one fails."""
    parser = Arguments("smoke", "Check the running platform from outside, as a user would.")
    parser.add_argument(
        "--prod", action="store_true", help="production, which is also found where it runs alone"
    )
    arguments = parse(parser)
    values = settings.read()
    if production.is_meant(asked=arguments.prod):
        outcomes = check_production(values, arguments.email, arguments.password_file)
    else:
        outcomes = check(values)
    return 0 if report(outcomes) else 1


def parse(parser: Arguments) -> Namespace:
    """Parse the command line, on which somebody may be named who signs in."""
    parser.add_argument("--email", help="in production: check that this person can sign in, too")
    parser.add_argument("--password-file", type=Path, help="with their password in its first line")
    arguments = parser.parse_args()
    if bool(arguments.email) != bool(arguments.password_file):
        parser.error("--email and --password-file belong together")
    return arguments


def report(outcomes: list[Outcome]) -> bool:
    """Print the checks as a table; returns whether all passed."""
    table = Table("Check", "Result")
    table.add_column("ms", justify="right")
    for outcome in outcomes:
        result = f"[red]{escape(outcome.problem)}[/]" if outcome.problem else "[green]ok[/]"
        table.add_row(outcome.check, result, f"{outcome.milliseconds:.0f}")
    console.print(table)
    failed = sum(bool(outcome.problem) for outcome in outcomes)
    if failed:
        console.print(
            f"[red]{failed} of {len(outcomes)} checks failed[/] (nox -s logs, nox -s doctor)"
        )
    else:
        console.print(f"[green]All {len(outcomes)} checks passed[/]")
    return not failed


def check(values: Mapping[str, str]) -> list[Outcome]:
    """Run the checks against the ports that the settings name.

    Raises:
        Problem: nothing at all answers.
    """
    user = Journey(values)
    outcomes = [_timed(f"{service.name} is healthy", user.healthy(service)) for service in SERVICES]
    if all("no answer" in outcome.problem for outcome in outcomes):
        raise Problem("Nothing is running on these ports; start it with nox -s up.")
    return outcomes + [_timed(name, step) for name, step in journey.steps(user)]


def check_production(
    values: Mapping[str, str], email: str | None, password_file: Path | None
) -> list[Outcome]:
    """Run the checks against the edge, with its own authority trusted where it has one.

    Raises:
        Problem: production does not run, or the password cannot be read.
    """
    production.require_running(EDGE)
    edge = Edge(values, None if values.get("ACME_EMAIL") else production.save_authority())
    steps = list(outside.steps(edge))
    if email and password_file:
        try:
            password = password_file.read_text(encoding="utf-8").partition("\n")[0]
        except (OSError, UnicodeDecodeError):
            raise Problem(f"{password_file} cannot be read; name a file with a password.") from None
        steps.append((f"{email} signs in", edge.sign_in(email, password)))
    return [_timed(name, step) for name, step in steps]


def _timed(name: str, step: Callable[[], None]) -> Outcome:
    began = time.perf_counter()
    try:
        step()
        problem = ""
    except CheckFailed as failure:
        problem = str(failure)
    except requests.Timeout:
        problem = "no answer in time"
    except requests.ConnectionError:
        problem = "no answer"
    except requests.RequestException as error:
        problem = f"an answer that is none ({type(error).__name__})"
    return Outcome(name, (time.perf_counter() - began) * 1000, problem)


if __name__ == "__main__":
    run(main)
