"""The ids of the page frame's components."""

from __future__ import annotations

from dataclasses import dataclass

PAGE = "kyros-page"
URL = "kyros-url"
STATE = "kyros-state"
CLOCK = "kyros-clock"
CONTENT = "kyros-content"
SUMMARY = "kyros-summary"
KEY_FIGURES = "kyros-key-figures"
STATUS = "kyros-status"
STATUS_TITLE = "kyros-status-title"
STATUS_MESSAGE = "kyros-status-message"
RETRY = "kyros-retry"


@dataclass(frozen=True, slots=True)
class ChartIds:
    """The ids of one chart's parts."""

    chart: str

    @property
    def graph(self) -> str:
        """The drawing."""
        return self.chart

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
