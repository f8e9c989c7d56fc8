"""How commands speak: one sentence for what is wrong, exit codes, arguments."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, NoReturn

from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from collections.abc import Callable

console = Console(highlight=False, soft_wrap=True)
errors = Console(highlight=False, soft_wrap=True, stderr=True)

INTERRUPTED = 130  # the shell's own code for a command that Ctrl-C ended


class Problem(Exception):  # noqa: N818 - what the person reads is a problem, not an error of ours
    """Something the person can mend: the message is one sentence with the remedy."""


class Arguments(argparse.ArgumentParser):
    """An argument parser that answers a mistake with one sentence and exit code 2."""

    def __init__(self, session: str, description: str) -> None:
        """Describe the command as people call it: through its session."""
        super().__init__(prog=f"nox -s {session} --", description=description, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and where the list is."""
        sentence = escape(message[0].upper() + message[1:])
        errors.print(f"[red]{sentence}[/]; {self.prog} --help lists what it takes.")
        raise SystemExit(2)


def run(command: Callable[[], int]) -> NoReturn:
    """Run a command's `main`; a Problem becomes a sentence on stderr and exit code 1."""
    try:
        code = command()
    except Problem as problem:
        errors.print(f"[red]{escape(str(problem))}[/]")
        code = 1
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.exit(code)
