"""What uvicorn serves: ``uvicorn kyros_api.main:app``."""

from kyros_api.app import create_app
from kyros_api.metrics import SERVICE
from kyros_api.settings import ApiSettings
from kyros_shared_config import configure_logging, load_settings

_settings = load_settings(ApiSettings)
configure_logging(SERVICE, _settings.log_level, readable=_settings.is_development)
app = create_app(_settings)
