"""What every Kyros dashboard shares; a dashboard adds its layout, figures and callbacks."""

from kyros_dash_kit._app import Dashboard, create_dash_app
from kyros_dash_kit._client import Answer, DataClient, Tenant
from kyros_dash_kit._page_callback import register_page
from kyros_dash_kit._settings import DashSettings
from kyros_dash_kit.chart import Chart
from kyros_dash_kit.page import (
    Column,
    Filter,
    GridSlot,
    Hidden,
    Page,
    Panel,
    Slider,
    Slot,
    Tab,
    TableSlot,
)
from kyros_dash_kit.rows import RowsPage, RowsQuery
from kyros_dash_kit.theme import Figure, Theme, make_theme
from kyros_dash_kit.view import Choices, KeyFigure, Notice, PanelView, Selection, TableView, View

__version__ = "0.1.0"  # Dash puts it into the names of the scripts that we serve

__all__ = [
    "Answer",
    "Chart",
    "Choices",
    "Column",
    "DashSettings",
    "Dashboard",
    "DataClient",
    "Figure",
    "Filter",
    "GridSlot",
    "Hidden",
    "KeyFigure",
    "Notice",
    "Page",
    "Panel",
    "PanelView",
    "RowsPage",
    "RowsQuery",
    "Selection",
    "Slider",
    "Slot",
    "Tab",
    "TableSlot",
    "TableView",
    "Tenant",
    "Theme",
    "View",
    "create_dash_app",
    "make_theme",
    "register_page",
]
