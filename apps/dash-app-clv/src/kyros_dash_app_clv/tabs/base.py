"""What every tab needs, whichever is open."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kyros_dash_app_clv.chosen import choices
from kyros_dash_app_clv.figures.parts import times
from kyros_dash_kit import Notice, View, make_theme
from kyros_dash_kit.chart import rows
from kyros_dash_kit.formats import Money, day
from kyros_dash_kit.model_card import warned, warnings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kyros_dash_app_clv.chosen import Chosen
    from kyros_dash_kit import Answer, DataClient, Tenant, Theme

EMPTY = "No purchases are loaded for this organisation yet. Ask your administrator to load them."
NO_MODEL = "The model could not be fitted to these purchases, so nothing is said of what is to come"


@dataclass(frozen=True, slots=True)
class Base:
    """What every tab needs.

    Attributes:
        tenant: whose data it is.
        theme: the colours.
        money: the currency.
        summary: the row of the view ``summary``; empty when no purchases are loaded.
        cohorts: the answer of the view ``cohorts``, at the usual horizon and rate.
        dataset: the row of the view ``dataset``.
        card: the answer of the view ``model_card``.
    """

    tenant: Tenant
    theme: Theme
    money: Money
    summary: Mapping[str, Any]
    cohorts: Answer
    dataset: Mapping[str, Any]
    card: Answer

    @property
    def loaded(self) -> bool:
        """Whether there are purchases at all."""
        return self.customers_of(None) > 0

    @property
    def modelled(self) -> bool:
        """Whether it is known who is still active, and how often they will buy."""
        return any(value is not None for value in self.cohorts.columns.get("active", []))

    @property
    def valued(self) -> bool:
        """Whether it is known what customers will spend."""
        return any(value is not None for value in self.cohorts.columns.get("value", []))

    def customers_of(self, cohort: str | None) -> int:
        """Return how many customers a cohort has; all there are without one."""
        return sum(
            row["customers"]
            for row in rows(self.cohorts.columns)
            if cohort in {None, row["cohort"]}
        )

    def view(self, *, warn: bool = False, **parts: Any) -> View:  # noqa: ANN401
        """Return what the page shows.

        Args:
            warn: whether the tab's figures are those that the model card warns of.
            parts: the tab's own.
        """
        if not self.loaded:
            return View(self.tenant, empty=EMPTY)
        return View(
            self.tenant,
            summary=self._about(),
            notice=self._notice(warn=warn),
            choices=choices(self.cohorts.columns["cohort"]),
            **parts,
        )

    def _about(self) -> str:
        title, first, last = (
            self.dataset.get("title"),
            self.summary.get("first_date"),
            self.summary.get("last_date"),
        )
        words = [str(title)] if title else []
        if self.summary.get("orders"):
            words.append(
                f"{times(self.summary['orders'], 'purchase')} from {day(first)} to {day(last)}"
            )
        if loaded := self.dataset.get("loaded_at"):
            words.append(f"loaded on {day(loaded)}")
        return ", ".join(words)

    def _notice(self, *, warn: bool) -> Notice:
        if self.modelled:
            return warned(self.card.columns) if warn else Notice()
        return Notice(f"{NO_MODEL}.", "\n".join(warnings(self.card.columns)))


async def ask_base(client: DataClient, chosen: Chosen, **narrowed: str | None) -> Base:
    """Ask for what every tab needs.

    Args:
        client: the way to data.
        chosen: what the reader chose.
        narrowed: the parameters of the summary.
    """
    tenant, summary, cohorts, dataset, card = await asyncio.gather(
        client.tenant(),
        client.view("summary", **narrowed),
        client.view("cohorts"),  # the same whatever is chosen: the API has it at hand
        client.view("dataset"),
        client.view("model_card"),
    )
    return Base(
        tenant=tenant,
        theme=make_theme(chosen.theme, tenant.primary_color),
        money=Money(str(summary.config.get("currency") or tenant.currency)),
        summary=summary.row(),
        cohorts=cohorts,
        dataset=dataset.row(),
        card=card,
    )
