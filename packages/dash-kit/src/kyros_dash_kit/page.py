"""What a dashboard's page holds: charts, tables and grids on tabs, and what a reader can choose.

A dashboard says what is on its page (:class:`Page`) and how to load it (a coroutine from a
:class:`~kyros_dash_kit.view.Selection` to a :class:`~kyros_dash_kit.view.View`). One change is one
callback, one round trip. Everything the reader can choose is a parameter of the page's URL, so that
a view can be shared, and the browser's back button goes to the view before.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from kyros_dash_kit.view import Selection

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dash.development.base_component import Component

_LONGEST_VALUE = 200

Kind = Literal["text", "count", "number", "money", "percent", "date", "month"]


@dataclass(frozen=True, slots=True)
class Filter:
    """A drop-down whose value is a parameter of the page's URL.

    Attributes:
        parameter: its name in the URL, and the component's id.
        label: what stands above it.
        tabs: the tabs on which it is shown; empty for all.
    """

    parameter: str
    label: str
    tabs: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Slider:
    """A number that the reader moves; a parameter of the URL that is left out at its default.

    Attributes:
        parameter: its name in the URL, and the component's id.
        label: what stands above it.
        minimum: the least that can be chosen.
        maximum: the most.
        step: between two neighbours.
        default: where it stands at first.
        unit: what stands behind the number.
        tabs: the tabs on which it is shown; empty for all.
    """

    parameter: str
    label: str
    minimum: float
    maximum: float
    step: float
    default: float
    unit: str = ""
    tabs: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Hidden:
    """A parameter that is in the URL only: what was clicked or searched for.

    Attributes:
        parameter: its name in the URL.
    """

    parameter: str


Control = Filter | Slider | Hidden


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table or grid.

    Attributes:
        field: its name in the frame.
        title: its heading.
        kind: how its values are written.
        width: in pixels, the least of a grid's column; 0 leaves it to the grid.
        decimals: of ``number``, ``money`` and ``percent``; None for what suits the kind.
    """

    field: str
    title: str
    kind: Kind = "text"
    width: int = 0
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a chart. A chart that a view does not have is hidden.

    Attributes:
        chart: the chart's id.
        wide: whether it takes the whole width of a large screen.
        click: the parameter that takes a clicked point's ``customdata[0]``; clicking the same
            once more clears it.
        height: of the drawing, in pixels, unless the figure has its own.
    """

    chart: str
    wide: bool = False
    click: str | None = None
    height: int = 340


@dataclass(frozen=True, slots=True)
class TableSlot:
    """The place of a small table. A table that a view does not have is hidden.

    Attributes:
        table: the table's id.
        wide: whether it takes the whole width of a large screen.
    """

    table: str
    wide: bool = False


@dataclass(frozen=True, slots=True)
class GridSlot:
    """The place of a grid: many rows, read from the API page by page as the reader scrolls.

    Attributes:
        grid: the grid's id, the key of its rows in ``register_page(rows=…)``.
        columns: from left to right; rows are sorted by a click on a title.
        key: the field that tells rows apart.
        title: what stands above it.
        unit: what its rows are, for "23,570 customers".
        click: the parameter that takes the ``key`` of a clicked row.
        search: the parameter that takes what is typed into the search field; None for no field.
        search_label: what the search field asks for.
        height: in pixels.
        note: how to read it.
    """

    grid: str
    columns: Sequence[Column]
    key: str
    title: str = ""
    unit: str = "rows"
    click: str | None = None
    search: str | None = None
    search_label: str = "Search"
    height: int = 440
    note: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """Details of what was clicked, beneath it; a "Close" clears the parameter.

    Shown when the view has a :class:`~kyros_dash_kit.view.PanelView` for the parameter.

    Attributes:
        parameter: what was clicked.
        slots: its charts and tables, which are among the view's as all others are.
        key_figures: how many numbers it has.
    """

    parameter: str
    slots: Sequence[Slot | TableSlot] = ()
    key_figures: int = 0


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of the page.

    Attributes:
        id: its name in the URL, ``tab=<id>``; that of the first is left out.
        title: on the tab.
        slots: what it holds, in reading order.
        key_figures: how many there are above it.
    """

    id: str
    title: str
    slots: Sequence[Slot | TableSlot | GridSlot | Panel]
    key_figures: int = 0

    def everything(self) -> list[Slot | TableSlot | GridSlot]:
        """Return the slots, those of panels among them."""
        return [
            item
            for slot in self.slots
            for item in (slot.slots if isinstance(slot, Panel) else [slot])
        ]

    def notes(self) -> str:
        """Return the notes of its grids, which are there before any figure."""
        grids = (slot for slot in self.everything() if isinstance(slot, GridSlot))
        return " ".join(grid.note for grid in grids)

    def panels(self) -> list[Panel]:
        """Return the panels."""
        return [slot for slot in self.slots if isinstance(slot, Panel)]


@dataclass(frozen=True)
class Page:
    """What a dashboard's page holds.

    Attributes:
        title: the dashboard's name.
        question: what it answers.
        filters: what the reader can choose, from left to right.
        tabs: at least one; a bar of tabs is shown when there are more.
        glossary: what its terms mean, by the term as it is written; each has a hint where it first
            stands on a tab: in the summary, a key figure, a note, a table.
    """

    title: str
    question: str
    filters: Sequence[Control]
    tabs: Sequence[Tab]
    glossary: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what could not work.

        Raises:
            ValueError: saying what.
        """
        check(self)

    @property
    def parameters(self) -> list[str]:
        """The parameters of the URL, ``tab`` and ``theme`` aside."""
        return [item.parameter for item in self.filters]

    @property
    def grids(self) -> list[GridSlot]:
        """The grids of all tabs."""
        return [
            slot for tab in self.tabs for slot in tab.everything() if isinstance(slot, GridSlot)
        ]

    def layout(self) -> Component:
        """Build the components, the same for every tenant and selection."""
        from kyros_dash_kit._layout import build_layout  # noqa: PLC0415 - it builds what is here

        return build_layout(self)

    def selection(self, state: object) -> Selection:
        """Read what the browser sent; what is not of the expected form is left out."""
        given = state if isinstance(state, dict) else {}
        tabs = [tab.id for tab in self.tabs]
        return Selection(
            theme="dark" if given.get("theme") == "dark" else "light",
            values={
                item.parameter: value
                for item in self.filters
                if (value := _value(item, given)) is not None
            },
            tab=given["tab"] if given.get("tab") in tabs else tabs[0],
            defaults={
                item.parameter: item.default for item in self.filters if isinstance(item, Slider)
            },
        )


def _value(item: Control, given: Mapping[str, object]) -> str | None:
    value = given.get(item.parameter)
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_VALUE:
        return None
    return value if not isinstance(item, Slider) or _is_on(item, value) else None


def _is_on(slider: Slider, value: str) -> bool:
    try:
        number = float(value)
    except ValueError:
        return False
    return math.isfinite(number) and slider.minimum <= number <= slider.maximum


def check(page: Page) -> None:
    """Refuse a page that could not work.

    Raises:
        ValueError: saying what.
    """
    if not page.tabs:
        raise ValueError("A page needs a tab.")
    slots = [slot for tab in page.tabs for slot in tab.everything()]
    used = [slot.click for slot in slots if isinstance(slot, Slot | GridSlot) and slot.click]
    used += [slot.search for slot in slots if isinstance(slot, GridSlot) and slot.search]
    used += [panel.parameter for tab in page.tabs for panel in tab.panels()]
    if unknown := sorted({*used} - {*page.parameters}):
        raise ValueError(f"Add Hidden({unknown[0]!r}) or a filter of this name to the page.")
    names = [*page.parameters, *(tab.id for tab in page.tabs), *map(name_of, slots)]
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"{doubled[0]!r} is the name of two things on the page.")
    for grid in page.grids:
        if grid.key not in {column.field for column in grid.columns}:
            raise ValueError(
                f"The grid {grid.grid!r} has no column {grid.key!r}, which is its key."
            )
    if reserved := {"tab", "theme"} & {*page.parameters}:
        raise ValueError(f"{min(reserved)!r} has a meaning of its own in the URL.")


def name_of(slot: Slot | TableSlot | GridSlot) -> str:
    """Return the id of what a slot holds."""
    if isinstance(slot, Slot):
        return slot.chart
    return slot.table if isinstance(slot, TableSlot) else slot.grid
