"""What a page shows of one selection."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kyros_dash_kit._client import DataClient, Tenant
    from kyros_dash_kit.chart import Chart
    from kyros_dash_kit.page import Column

    Frame = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Selection:
    """What the reader chose; from the URL, hence to be trusted in nothing.

    Attributes:
        theme: ``light`` or ``dark``.
        values: by parameter; without those that were left open.
        tab: the tab that is open, one of the page's.
        defaults: where the sliders stand that were not moved.
    """

    theme: str
    values: Mapping[str, str]
    tab: str = ""
    defaults: Mapping[str, float] = field(default_factory=dict)

    def get(self, parameter: str) -> str | None:
        """Return the value chosen for a parameter, None when it was left open."""
        return self.values.get(parameter)

    def number(self, parameter: str) -> float:
        """Return where a slider stands.

        Raises:
            KeyError: the page has no slider of this name.
        """
        default = self.defaults[parameter]
        return float(self.values.get(parameter, default))


@dataclass(frozen=True, slots=True)
class Choices:
    """What a filter offers.

    Attributes:
        options: label by value.
        open_label: what an open filter stands for.
        default: the value that an open filter shows as chosen, and that is left out of the URL;
            such a filter cannot be cleared.
    """

    options: Mapping[str, str]
    open_label: str = ""
    default: str | None = None


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One large number: what it is, and what it says beside.

    Attributes:
        label: what it is.
        value: the number, as it is written.
        note: what it says beside.
        interval: how sure it is: ``95 %: 9,100 to 9,900``.
        hint: how it is to be understood, which is shown on request.
    """

    label: str
    value: str
    note: str = ""
    interval: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class TableView:
    """A small table.

    Attributes:
        title: what it shows.
        columns: from left to right; the first names the row.
        frame: the numbers.
        note: how to read it.
        currency: of its amounts.
    """

    title: str
    columns: Sequence[Column]
    frame: Frame
    note: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class PanelView:
    """The head of a panel.

    Attributes:
        title: what was clicked.
        key_figures: its numbers, from left to right.
        note: what else there is to say.
    """

    title: str
    key_figures: Sequence[KeyFigure] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What the reader must know before reading on; nothing is shown without a text.

    Attributes:
        text: a short sentence.
        details: the rest of it, which is folded; one remark a line.
    """

    text: str = ""
    details: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """What the open tab shows of one selection.

    Attributes:
        tenant: whose data it is.
        summary: one line that says what the data covers.
        key_figures: from left to right.
        charts: by id; the place of one that is not here is hidden.
        tables: likewise.
        panels: likewise, by parameter.
        choices: by filter; one that is not here keeps what it offered before.
        rests: where this tenant's sliders stand when they are not moved; one that is not here
            stands at its default.
        notice: what the reader must know before reading on, such as why a model is missing.
        empty: why there is nothing to show; when set, nothing else is shown.
    """

    tenant: Tenant
    summary: str = ""
    key_figures: Sequence[KeyFigure] = ()
    charts: Mapping[str, Chart] = field(default_factory=dict)
    tables: Mapping[str, TableView] = field(default_factory=dict)
    panels: Mapping[str, PanelView] = field(default_factory=dict)
    choices: Mapping[str, Choices] = field(default_factory=dict)
    rests: Mapping[str, float] = field(default_factory=dict)
    notice: Notice = field(default_factory=Notice)
    empty: str = ""


Load = Callable[["DataClient", Selection], Awaitable[View]]
