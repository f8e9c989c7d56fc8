"""The ids of the page frame's components."""

from __future__ import annotations

from dataclasses import dataclass

PAGE = "kyros-page"
STATE = "kyros-state"
SHOWN = "kyros-shown"
CLOCK = "kyros-clock"
TABS = "kyros-tabs"
CONTENT = "kyros-content"
SUMMARY = "kyros-summary"
NOTICE = "kyros-notice-of-data"
NOTICE_TEXT = "kyros-notice-text"
NOTICE_FOLD = "kyros-notice-fold"
NOTICE_DETAILS = "kyros-notice-details"
FILTERS = "kyros-filters"
ACTIVE_FILTERS = "kyros-active-filters"
STATUS = "kyros-status"
STATUS_TITLE = "kyros-status-title"
STATUS_MESSAGE = "kyros-status-message"
RETRY = "kyros-retry"
CLEAR = "kyros-clear"


def tab(name: str) -> str:
    """Return the id of a tab in the bar."""
    return f"kyros-tab-{name}"


def tab_panel(name: str) -> str:
    """Return the id of what a tab shows."""
    return f"kyros-tab-panel-{name}"


def key_figures(name: str) -> str:
    """Return the id of a tab's or a panel's key figures."""
    return f"{name}-key-figures"


@dataclass(frozen=True, slots=True)
class ChartIds:
    """The ids of one chart's parts; a chart that is clicked and drawn has its own id."""

    chart: str

    @property
    def place(self) -> str:
        """All of it, hidden when a view does not have the chart."""
        return f"{self.chart}-place"

    @property
    def graph(self) -> str:
        """The drawing."""
        return self.chart

    @property
    def drawing(self) -> str:
        """What a screen reader is told of in place of the drawing."""
        return f"{self.chart}-drawing"

    @property
    def title(self) -> str:
        """The finding above it."""
        return f"{self.chart}-title"

    @property
    def note(self) -> str:
        """How to read it."""
        return f"{self.chart}-note"

    @property
    def csv(self) -> str:
        """The link to its numbers."""
        return f"{self.chart}-csv"


@dataclass(frozen=True, slots=True)
class TableIds:
    """The ids of one table's parts."""

    table: str

    @property
    def place(self) -> str:
        """All of it, hidden when a view does not have the table."""
        return f"{self.table}-place"

    @property
    def title(self) -> str:
        """What it shows."""
        return f"{self.table}-title"

    @property
    def note(self) -> str:
        """How to read it."""
        return f"{self.table}-note"

    @property
    def body(self) -> str:
        """The table itself."""
        return self.table

    @property
    def csv(self) -> str:
        """The link to its numbers."""
        return f"{self.table}-csv"


@dataclass(frozen=True, slots=True)
class PanelIds:
    """The ids of one panel's parts."""

    parameter: str

    @property
    def place(self) -> str:
        """All of it, hidden when nothing is chosen."""
        return f"{self.parameter}-panel"

    @property
    def title(self) -> str:
        """What was clicked."""
        return f"{self.parameter}-panel-title"

    @property
    def note(self) -> str:
        """What else there is to say."""
        return f"{self.parameter}-panel-note"

    @property
    def key_figures(self) -> str:
        """Its numbers."""
        return key_figures(f"{self.parameter}-panel")


@dataclass(frozen=True, slots=True)
class GridIds:
    """The ids of one grid's parts."""

    grid: str

    @property
    def place(self) -> str:
        """All of it."""
        return f"{self.grid}-place"

    @property
    def holder(self) -> str:
        """Where the grid is put when its scripts are there."""
        return f"{self.grid}-holder"

    @property
    def title(self) -> str:
        """What stands above it."""
        return f"{self.grid}-title"

    @property
    def count(self) -> str:
        """How many rows match."""
        return f"{self.grid}-count"

    @property
    def csv(self) -> str:
        """The link to all rows that match."""
        return f"{self.grid}-csv"
