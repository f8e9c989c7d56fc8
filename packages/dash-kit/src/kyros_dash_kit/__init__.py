"""What every Kyros dashboard shares; a dashboard adds its layout, figures and callbacks."""

from kyros_dash_kit._app import Dashboard, create_dash_app
from kyros_dash_kit._client import Answer, DataClient, Tenant
from kyros_dash_kit._page_callback import register_page
from kyros_dash_kit._settings import DashSettings
from kyros_dash_kit.chart import Chart
from kyros_dash_kit.page import Choices, Filter, KeyFigure, Page, Selection, Slot, View
from kyros_dash_kit.theme import Figure, Theme, make_theme

__all__ = [
    "Answer",
    "Chart",
    "Choices",
    "DashSettings",
    "Dashboard",
    "DataClient",
    "Figure",
    "Filter",
    "KeyFigure",
    "Page",
    "Selection",
    "Slot",
    "Tenant",
    "Theme",
    "View",
    "create_dash_app",
    "make_theme",
    "register_page",
]
