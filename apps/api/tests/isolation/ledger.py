"""What was tried, and what came of it: counted by trick and by route, and printed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import astuple, dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from isolation.wire import Request

Outcome = Literal["refused", "own", "leak"]
_COLUMNS = ("attempts", "refused", "own or none", "controls", "leaks")
_MOST = 20  # findings that are printed; the others are mostly the same again


@dataclass
class Count:
    """The numbers of a line, in the order of the table's columns."""

    attempts: int = 0
    refused: int = 0
    own: int = 0
    controls: int = 0
    leaks: int = 0


@dataclass(frozen=True)
class Finding:
    """Something that must not be, and the request by which it can be seen again."""

    row: str
    route: str
    what: str
    request: str

    def __str__(self) -> str:
        """Say it in a sentence, then how to repeat it."""
        return f"{self.row}, at {self.route}: {self.what}\n    {self.request}"


@dataclass
class Ledger:
    """Every attempt of a run.

    Attributes:
        rows: counts by credential or trick.
        routes: the same attempts by route.
        findings: leaks and missing refusals; the proof holds when there is none.
        faults: what keeps the run from proving anything, such as a control without its data.
        noticed: of each check that was taken out, which attempt noticed.
    """

    rows: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    routes: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    findings: list[Finding] = field(default_factory=list)
    faults: list[Finding] = field(default_factory=list)
    noticed: dict[str, str] = field(default_factory=dict)

    def attempt(
        self, row: str, route: str, request: Request, status: int, wrong: str | None
    ) -> None:
        """Count an attempt by what came of it; ``wrong`` says what must not be, if anything."""
        for count in (self.rows[row], self.routes[route]):
            count.attempts += 1
            count.leaks += wrong is not None
            count.refused += wrong is None and status >= 300
            count.own += wrong is None and status < 300
        if wrong is not None:
            self.findings.append(Finding(row, route, wrong, str(request)))

    def control(self, row: str, route: str, request: Request, problem: str | None) -> None:
        """Count a control, which was shown the data; or note why it was not."""
        if problem is not None:
            self.faults.append(Finding(row, route, f"the control {problem}", str(request)))
            return
        for count in (self.rows[row], self.routes[route]):
            count.controls += 1

    def include(self, other: Ledger) -> None:
        """Add everything of another ledger to this one."""
        for mine, theirs in ((self.rows, other.rows), (self.routes, other.routes)):
            for name, count in theirs.items():
                mine[name] = _sum([mine[name], count])
        self.findings += other.findings
        self.faults += other.faults
        self.noticed |= other.noticed

    def lines(self, failed_tests: int = 0) -> Iterator[str]:
        """Yield the tables, what was found, and the verdict."""
        for title, counts in (("credential or trick", self.rows), ("route", self.routes)):
            if counts:
                yield from _table(title, counts)
                yield ""
        if self.noticed:
            width = max(map(len, self.noticed))
            yield f"{'check taken out':{width}}  noticed by"
            yield "-" * (width + 40)
            yield from (f"{name:{width}}  {by}" for name, by in self.noticed.items())
            yield ""
        yield from map(str, [*self.faults, *self.findings][:_MOST])
        yield self.verdict(failed_tests)

    def verdict(self, failed_tests: int = 0) -> str:
        """Return the one sentence that counts."""
        total = _sum(self.rows.values())
        tried = f"{total.attempts:,} attempts at other tenants' data"
        if self.findings or self.faults or failed_tests:
            return (
                f"NOT PROVEN: {len(self.findings):,} leaks or missing refusals, "
                f"{len(self.faults):,} failed controls and {failed_tests} failed tests, in {tried}."
            )
        if not total.attempts or not total.controls:
            return f"NOTHING PROVEN: {tried}, {total.controls:,} controls."
        return (
            f"PROVEN: {tried}; {total.refused:,} were refused, {total.own:,} were answered with "
            f"the caller's own data or none, {total.leaks} leaked. {total.controls:,} controls "
            "showed that the data was there."
        )


def _sum(counts: Iterable[Count]) -> Count:
    return Count(*map(sum, zip(*map(astuple, counts), strict=True)))


def _table(title: str, counts: Mapping[str, Count]) -> Iterator[str]:
    width = max(len(title), *map(len, counts)) if counts else len(title)
    yield f"{title:{width}}" + "".join(f"{column:>13}" for column in _COLUMNS)
    yield "-" * (width + 13 * len(_COLUMNS))
    for name, count in (*counts.items(), ("total", _sum(counts.values()))):
        yield f"{name:{width}}" + "".join(f"{number:>13,}" for number in astuple(count))
