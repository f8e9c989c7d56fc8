"""What the tabs share: which part of the portfolio is meant, under which assumptions."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kyros_dash_app_risk import ids
from kyros_dash_app_risk.figures.common import Cut, accounts, exactly
from kyros_dash_kit import Choices, make_theme
from kyros_dash_kit.chart import rows
from kyros_dash_kit.formats import Money

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kyros_dash_kit import Answer, DataClient, Selection, Tenant, Theme

    Row = Mapping[str, Any]

_NOTHING_LOADED = (
    "No accounts are loaded for this organisation yet. Ask your administrator to load them."
)
_NOTHING_MATCHES = "No account matches these filters. Clear one of them above."
_ALL = "All accounts"


@dataclass(frozen=True)
class Portfolio:
    """The part of the portfolio that was chosen.

    Attributes:
        tenant: whose it is.
        theme: the colours.
        config: how this tenant's dashboard is set up.
        summary: the key numbers; those of the model are None where there is none.
        segments: a row for each value of each column that the portfolio can be cut by.
        amounts: a row for each range of exposure.
        selection: what was chosen.
    """

    tenant: Tenant
    theme: Theme
    config: Mapping[str, Any]
    summary: Row
    segments: Sequence[Row]
    amounts: Sequence[Row]
    selection: Selection

    @property
    def money(self) -> Money:
        """The currency of the portfolio."""
        return Money(str(self.config.get("currency", self.tenant.currency)))

    @property
    def has_model(self) -> bool:
        """Whether a model tells how likely defaults are."""
        return self.summary.get("mean_pd") is not None

    @property
    def empty(self) -> str:
        """Why there is nothing to show; empty when there is something."""
        if self.summary.get("accounts"):
            return ""
        narrowed = any(map(self.selection.get, (ids.PART, ids.BAND, ids.AMOUNT)))
        return _NOTHING_MATCHES if narrowed else _NOTHING_LOADED

    @property
    def titles(self) -> dict[str, str]:
        """What the portfolio can be cut by: title by column."""
        return {str(row["column"]): str(row["title"]) for row in self.segments}

    @property
    def part_name(self) -> str:
        """The part that was chosen, in words; empty for all of it."""
        column, _, value = (self.selection.get(ids.PART) or "").partition(":")
        return f"{self.titles.get(column, column)}: {value}" if column else ""

    def described(self) -> str:
        """Say in a line which accounts are shown."""
        shown = accounts(self.summary["accounts"])
        bands = self._bands()
        band = bands.get(self.selection.get(ids.BAND) or "", "")
        kept = [part for part in (self.part_name, band, self.selection.get(ids.AMOUNT)) if part]
        return f"{shown} with {'; '.join(kept)}" if kept else f"All {shown}"

    def choices(self) -> dict[str, Choices]:
        """Return what the filters offer that several tabs have."""
        titles = self.titles
        parts = {
            f"{row['column']}:{row['value']}": f"{titles[row['column']]}: {row['value']}"
            for row in self.segments
        }
        amounts = {str(row["name"]): str(row["name"]) for row in self.amounts}
        found = {
            ids.PART: Choices(parts, _ALL),
            ids.AMOUNT: Choices(amounts, "Any"),
            ids.BAND: Choices(self._bands() if self.has_model else {}, "Any"),
        }
        cuts = cuts_of(titles, self.selection)
        return {**found, ids.CUT: Choices(cuts, default=next(iter(cuts), None))}

    def _bands(self) -> dict[str, str]:
        warning, critical = self.thresholds.values()
        return {
            "low": f"Low: PD under {exactly(warning)}",
            "warning": f"Warning: PD {exactly(warning)} to {exactly(critical)}",
            "critical": f"Critical: PD from {exactly(critical)}",
        }

    @property
    def thresholds(self) -> dict[str, float]:
        """The default probabilities from which on an account is watched, the lower one first."""
        return {name: float(self.config[f"{name}_pd"]) for name in ("warning", "critical")}


def cuts_of(titles: Mapping[str, str], selection: Selection) -> dict[str, str]:
    """Return what can cut the chosen part: all of it has the same value of its own column."""
    part_column = (selection.get(ids.PART) or "").partition(":")[0]
    others = {column: title for column, title in titles.items() if column != part_column}
    return others or dict(titles)


def narrowed(selection: Selection) -> dict[str, str | None]:
    """Return the API's parameters for the part of the portfolio."""
    return {name: selection.get(name) for name in (ids.BAND, ids.PART, ids.AMOUNT)}


def lgd_of(selection: Selection) -> dict[str, str | None]:
    """Return the API's parameter for the loss given default: absent, it is the accounts' own."""
    chosen = selection.get(ids.LGD) is not None
    return {ids.LGD: f"{selection.number(ids.LGD) / 100:g}" if chosen else None}


def what_if(selection: Selection) -> dict[str, str | None]:
    """Return the API's parameters for the assumptions."""
    return {ids.STRESS: selection.get(ids.STRESS), **lgd_of(selection)}


async def ask(client: DataClient, selection: Selection) -> Portfolio:
    """Ask for what every tab needs."""
    tenant, summary, segments, amounts = await asyncio.gather(
        client.tenant(),
        client.view("summary", **narrowed(selection), **what_if(selection)),
        client.view("segments"),
        client.view("amounts"),
    )
    return Portfolio(
        tenant=tenant,
        theme=make_theme(selection.theme, tenant.primary_color),
        config=summary.config,
        summary=summary.row(),
        segments=rows(segments.columns),
        amounts=rows(amounts.columns),
        selection=selection,
    )


async def ask_cut(client: DataClient, selection: Selection) -> tuple[Cut, Answer] | None:
    """Ask for the segments of what the portfolio is cut by: the first column, unless chosen.

    Returns:
        what cuts, and its segments; None where this portfolio cannot be cut.
    """
    segments = await client.view("segments")
    titles = dict(zip(segments.columns["column"], segments.columns["title"], strict=True))
    cuts = cuts_of(titles, selection)
    chosen = selection.get(ids.CUT)
    if chosen is None or (chosen in titles and chosen not in cuts):
        chosen = next(iter(cuts), None)
    if chosen is None:
        return None
    answer = await client.view(
        "expected_loss", by=chosen, **narrowed(selection), **what_if(selection)
    )
    return Cut(chosen, titles.get(chosen, chosen)), answer
