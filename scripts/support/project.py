"""The services, where they are found, and the folders of this checkout."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".kyros"  # what the commands keep between runs; ignored by git
DATA = ROOT / "data"
DATABASE = DATA / "tenant_metadata.db"
SHELL_UI = ROOT / "apps" / "shell-ui"


class Engine(StrEnum):
    """What runs the services."""

    DOCKER = "docker"
    LOCAL = "local"


@dataclass(frozen=True)
class Service:
    """One service: its name in Compose, and the variable that moves its port."""

    name: str
    port_variable: str
    default_port: int

    @property
    def package(self) -> str:
        """The Python package of a service that is written in Python."""
        return f"kyros_{self.name.replace('-', '_')}"

    def port(self, settings: Mapping[str, str]) -> int:
        """Return the port on this machine."""
        return int(settings.get(self.port_variable) or self.default_port)

    def url(self, settings: Mapping[str, str]) -> str:
        """Return the address on this machine."""
        return f"http://127.0.0.1:{self.port(settings)}"


API = Service("api", "API_PORT", 8000)
CLV = Service("dash-app-clv", "DASH_CLV_PORT", 8050)
RISK = Service("dash-app-risk", "DASH_RISK_PORT", 8051)
SHELL = Service("shell-ui", "SHELL_UI_PORT", 3000)
# Each dashboard's service, by the dashboard's slug.
DASHBOARDS = {"customer-lifetime-value": CLV, "risk-analysis": RISK}
SERVICES = (API, *DASHBOARDS.values(), SHELL)
JOBS = "jobs"  # in Docker: begins before the api, prepares data, and ends
EDGE = "edge"  # in production: the only one that is reached from outside
POSTGRES = "postgres"  # in Docker, by the profile of that name: the metadata's server
WATCHERS = ("prometheus", "traces")  # in production, by profiles; reached from this machine alone


def addresses(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the variables by which services on this machine find each other."""
    dashboards = [f"{slug}={service.url(settings)}" for slug, service in DASHBOARDS.items()]
    return {"API_URL": API.url(settings), "DASHBOARD_URLS": ",".join(dashboards)}


def names(*, production: bool = False) -> tuple[str, ...]:
    """Return the services that are built here and run on, in the order they start."""
    return (*(service.name for service in SERVICES), *([EDGE] if production else []))


def expected(settings: Mapping[str, str], *, production: bool = False) -> tuple[str, ...]:
    """Return all whose health counts in Docker, in the order they start."""
    own_server = POSTGRES in profiles(settings)
    return (*([POSTGRES] if own_server else []), *names(production=production))


def profiles(settings: Mapping[str, str]) -> set[str]:
    """Return the profiles of Compose that are on."""
    return {name.strip() for name in settings.get("COMPOSE_PROFILES", "").split(",")} - {""}


def open_url(settings: Mapping[str, str]) -> str:
    """Return the address for the browser; `localhost` reads better than the number."""
    return f"http://localhost:{SHELL.port(settings)}"
