"""Settings, tokens, the error form, log, metrics and traces that every Kyros service shares.

No web framework is imported here: what speaks ASGI does so by the protocol alone.
"""

from kyros_shared_config._asgi import RequestLogMiddleware, send_json
from kyros_shared_config._error_form import error_body
from kyros_shared_config._logging import configure_logging
from kyros_shared_config._metrics import (
    NO_ROUTE,
    SECONDS,
    CacheMetrics,
    count_denial,
    serving_metrics,
)
from kyros_shared_config._request_id import current_request_id
from kyros_shared_config._secrets import secret_problem
from kyros_shared_config._settings import (
    AuthMode,
    Environment,
    ServiceSettings,
    TokenSettings,
    load_settings,
    read_secret_file,
)
from kyros_shared_config._tokens import (
    CLOCKS_APART,
    Role,
    TenantClaims,
    TokenAuthority,
    TokenError,
    TokenExpiredError,
    TokenInvalidError,
    TokenLifetimes,
    TokenMissingError,
    TokenRevokedError,
    UserClaims,
    VerifiedUser,
    bearer_token,
)
from kyros_shared_config._tracing import sending_traces, traced, traced_call

__all__ = [
    "CLOCKS_APART",
    "NO_ROUTE",
    "SECONDS",
    "AuthMode",
    "CacheMetrics",
    "Environment",
    "RequestLogMiddleware",
    "Role",
    "ServiceSettings",
    "TenantClaims",
    "TokenAuthority",
    "TokenError",
    "TokenExpiredError",
    "TokenInvalidError",
    "TokenLifetimes",
    "TokenMissingError",
    "TokenRevokedError",
    "TokenSettings",
    "UserClaims",
    "VerifiedUser",
    "bearer_token",
    "configure_logging",
    "count_denial",
    "current_request_id",
    "error_body",
    "load_settings",
    "read_secret_file",
    "secret_problem",
    "send_json",
    "sending_traces",
    "serving_metrics",
    "traced",
    "traced_call",
]
