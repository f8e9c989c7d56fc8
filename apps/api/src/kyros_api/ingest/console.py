"""What ingesting shows while it runs, and at its end."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from kyros_api.command_line import as_called

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kyros_api.ingest.run import Ingested
    from kyros_api.ingest.summary import Measure


class Steps:
    """Shows the step that runs, and leaves a line for each that is done.

    On a terminal it moves; elsewhere there is a line when a step is done.
    """

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description:<32}", markup=False),
            BarColumn(bar_width=24),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
        )
        self._task = self._bar.add_task("Making ready", total=None)
        self._step = "Making ready"
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, kind: object, *_rest: object) -> None:
        if kind is None:
            self._finish()
        self._bar.stop()

    def begin(self, step: str) -> None:
        """Say what begins, and that what ran before is done."""
        self._finish()
        self._step, self._began = step, time.monotonic()
        self._bar.reset(self._task, description=step, total=None)

    def progress(self, done: int, total: int) -> None:
        """Say how far the step is."""
        self._bar.update(self._task, completed=done, total=total)

    def _finish(self) -> None:
        took = time.monotonic() - self._began
        self._console.print(Text(f"{self._step:<34} {took:6.1f} s"))


def print_ingested(ingested: Ingested, *, dry_run: bool) -> None:
    """Print what is in place now, or would be."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 200
    place, loading, result = ingested
    what = "would see" if dry_run else "sees now"
    console.print(Text(f"\n{place.tenant} {what} {loading.title} on {place.dashboard}"))
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_row("File", Text(f"{loading.reading.file.name} ({loading.form})"))
    for name, text in result.facts:
        table.add_row(name, Text(text))
    if loading.checked and loading.checked.skipped:
        skipped = ", ".join(
            f"{count.rows:,} {count.column}:{count.rule}" for count in loading.checked.skipped
        )
        table.add_row(
            "Rows left out",
            Text(f"{loading.checked.skipped_count:,} of {loading.checked.rows:,} ({skipped})"),
        )
    if loading.mapped and loading.mapped.unused:
        table.add_row("Columns not used", Text(", ".join(loading.mapped.unused)))
    console.print(table)
    _print_measures(console, "Model", result.parameters)
    _print_measures(console, "How good it is", result.metrics)
    warnings = [f"Warning: {warning}" for warning in result.warnings]
    for text in [*_of_variables(ingested), *loading.notes, *warnings]:
        console.print(Text(text))
    _print_end(console, ingested, dry_run=dry_run)


def _of_variables(ingested: Ingested) -> list[str]:
    """Say what the score was made of where nobody has said what it may be made of."""
    variables = ingested.result.variables
    if not variables or ingested.loading.options.variables:
        return []
    told = (
        f"No --variable was named, so the score was made of every attribute that fits: {variables}."
    )
    remedy = (
        "Where one must not decide by some of them (depending on the law sex, nationality or age), "
        "repeat with --variable for each of the others."
    )
    return [told, remedy]


def _print_measures(console: Console, heading: str, measures: Sequence[Measure]) -> None:
    if not measures:
        return
    table = Table(box=SIMPLE, pad_edge=False)
    table.add_column(heading)
    table.add_column("Value", justify="right")
    table.add_column("95 % interval", justify="right")
    for measure in measures:
        interval = ""
        if measure.lower is not None and measure.upper is not None:
            interval = f"{measure.lower:,.4g} to {measure.upper:,.4g}"
        value = "" if measure.value is None else f"{measure.value:,.4g}"
        table.add_row(Text(measure.name), value, interval)
    console.print(table)


def _print_end(console: Console, ingested: Ingested, *, dry_run: bool) -> None:
    place = ingested.place
    if dry_run:
        console.print("Nothing was changed: leave --dry-run out to put this in place.")
        return
    options = f"--tenant {place.tenant} --dashboard {place.dashboard}"
    if place.previous is None:
        console.print("There were no data before these.")
    else:
        console.print(Text(as_called(f"Undo with: kyros-api ingest {options} --undo")))
