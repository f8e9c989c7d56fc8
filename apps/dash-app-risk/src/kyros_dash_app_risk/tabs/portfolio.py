"""What the tabs share: the part of the portfolio that was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kyros_dash_app_risk import ids
from kyros_dash_app_risk.figures.common import Cut, accounts, exactly
from kyros_dash_kit import Choices
from kyros_dash_kit.formats import Money

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kyros_dash_kit import Selection, Tenant, Theme

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
    def cuts(self) -> dict[str, str]:
        """What can cut the chosen part: all of it has the same value of its own column."""
        others = {name: title for name, title in self.titles.items() if name != self._part_column}
        return others or self.titles

    @property
    def cut(self) -> Cut:
        """What the portfolio is cut by: the first column, unless one was chosen."""
        cuts = self.cuts
        chosen = self.selection.get(ids.CUT)
        column = chosen if chosen in cuts else next(iter(cuts), "")
        return Cut(column, cuts.get(column, column))

    @property
    def _part_column(self) -> str:
        return (self.selection.get(ids.PART) or "").partition(":")[0]

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
        if kept:
            return f"{shown} with {'; '.join(kept)}"
        return shown if self.summary["accounts"] == 1 else f"All {shown}"

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
        cuts = self.cuts
        return {**found, ids.CUT: Choices(cuts, default=next(iter(cuts), None))}

    def rests(self) -> dict[str, float]:
        """Return where the sliders stand that are not moved: the LGD as it is without a what-if."""
        own = self.summary.get("lgd") if self.selection.get(ids.LGD) is None else None
        return {ids.LGD: round((self.config["lgd"] if own is None else own) * 100, 1)}

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
