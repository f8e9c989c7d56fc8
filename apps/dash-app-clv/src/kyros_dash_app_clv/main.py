"""The ASGI application: ``uvicorn kyros_dash_app_clv.main:app``."""

from kyros_dash_app_clv import callbacks, ids
from kyros_dash_app_clv.layout import PAGE
from kyros_dash_kit import Dashboard, DashSettings, create_dash_app
from kyros_shared_config import load_settings

DASHBOARD = Dashboard(
    slug=ids.SLUG, title=PAGE.title, layout=PAGE.layout(), register=callbacks.register
)

app = create_dash_app(DASHBOARD, load_settings(DashSettings))
