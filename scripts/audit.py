"""Look for known flaws in what is locked and in the images that were built.

Exit code 0: everything was checked, and nothing is known. 1: flaws are known. 3: none is known in
what could be checked, and something could not be: silence of a data base is no good news.
"""

from __future__ import annotations

from collections import Counter

from rich.markup import escape
from rich.table import Table

from scripts.support import flaws
from scripts.support.terminal import Arguments, console, run

KNOWN, UNCHECKED = 1, 3


def main() -> int:
    """Check all that can be checked, and say of the rest that it was not."""
    Arguments("audit", "Look for known flaws in dependencies and images.").parse_args()
    results = []
    for check in (flaws.python_packages, flaws.node_packages, flaws.images):
        with console.status("Asking what is known"):
            results += check()
    table = Table("What", "State", "Found")
    for result in results:
        colour = {"clean": "green", "flawed": "red"}.get(result.state, "yellow")
        table.add_row(result.what, f"[{colour}]{result.state}[/]", escape(result.found))
    console.print(table)
    states = Counter(result.state for result in results)
    if states["flawed"]:
        console.print("[red]Flaws are known[/]: update what is named (uv lock --upgrade-package)")
        return KNOWN
    if states["not checked"]:
        console.print(
            f"[yellow]{states['not checked']} of {len(results)} could not be checked[/], "
            "see above: this is no all-clear"
        )
        return UNCHECKED
    console.print("[green]No flaw is known[/] in anything of it")
    return 0


if __name__ == "__main__":
    run(main)
