"""Check the running platform from outside, as a user would: a table of checks with times."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import requests
from rich.markup import escape
from rich.table import Table

from scripts.support import journey, settings
from scripts.support.journey import CheckFailed, Journey
from scripts.support.project import SERVICES
from scripts.support.terminal import Arguments, Problem, console, run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class Outcome:
    """How one check came out."""

    check: str
    milliseconds: float
    problem: str = ""


def main() -> int:
    """Run every check to the end; exit code 1 when one fails."""
    Arguments("smoke", "Check the running platform from outside, as a user would.").parse_args()
    values = settings.read()
    outcomes = check(values)
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
        return 1
    console.print(f"[green]All {len(outcomes)} checks passed[/]")
    return 0


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
