"""Say what is wrong on this machine, and how to mend it."""

from __future__ import annotations

from rich.table import Table

from scripts.support import checks
from scripts.support.checks import State
from scripts.support.terminal import Arguments, console, run

_STYLES = {State.OK: "green", State.NOTE: "yellow", State.WRONG: "red"}


def main() -> int:
    """Print a table of checks; exit code 1 when something is wrong."""
    Arguments("doctor", "Say what is wrong on this machine, and how to mend it.").parse_args()
    with console.status("Looking around"):
        findings = list(checks.everything())
    table = Table("Check", "State", "What", "Remedy")
    for found in findings:
        style = _STYLES[found.state]
        table.add_row(found.check, f"[{style}]{found.state}[/]", found.what, found.remedy)
    console.print(table)
    wrong = sum(found.state is State.WRONG for found in findings)
    if wrong:
        console.print(f"[red]{wrong} to mend before nox -s up[/]")
        return 1
    console.print("[green]Nothing is wrong[/]: nox -s up will work")
    return 0


if __name__ == "__main__":
    run(main)
