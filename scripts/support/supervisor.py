"""Run the four services side by side, their output prefixed by service, until told to stop."""

from __future__ import annotations

import os
import sys

from honcho.manager import SYSTEM_PRINTER_NAME, Manager
from honcho.printer import Message, Printer

from scripts.support import local, settings


class _Quiet(Printer):  # type: ignore[misc] # honcho has no types
    """A printer that leaves out empty lines, and honcho's own about processes and signals."""

    def write(self, message: Message) -> None:
        if message.name != SYSTEM_PRINTER_NAME and message.data.strip():
            super().write(message)


def main() -> None:
    """Start the services and stay until SIGTERM or SIGINT."""
    manager = Manager(printer=_Quiet(sys.stdout))
    for process in local.processes(settings.read(), os.environ):
        manager.add_process(process.name, process.command, env=process.env, cwd=process.folder)
    manager.loop()
    sys.exit(manager.returncode)


if __name__ == "__main__":
    main()
