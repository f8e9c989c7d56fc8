"""The demo: who there is, and which real data set each tenant gets."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kyros_api.dashboards.catalogue import CATALOGUE
from kyros_api.seeding import sources
from kyros_api.storage.versions import demo_version

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kyros_api.seeding.sources import Source

CLV, RISK = "customer-lifetime-value", "risk-analysis"
ACME = "8e1b3d5b-7c9a-4e2f-b1d3-a5c7e9f12345"
BETA = "2450a2f8-3b7e-4eab-9b4a-1f73d9a0b1c4"


@dataclass(frozen=True)
class DemoTenant:
    """A customer organisation of the demo."""

    id: str
    slug: str
    name: str
    config: Mapping[str, Any]


@dataclass(frozen=True)
class Assignment:
    """A tenant has a dashboard, with this data and these settings of its own."""

    tenant_id: str
    dashboard_slug: str
    source: Source
    config: Mapping[str, Any]

    @property
    def version(self) -> str:
        """The name of what is made of the source: same in, same out."""
        data = CATALOGUE[self.dashboard_slug]
        source = self.source
        made_of = [source.sha256, source.sql, source.segments, source.variables, self.config]
        text = repr([*made_of, data.format, data.tables])
        return demo_version(hashlib.sha256(text.encode()).hexdigest())

    def folder(self, data_dir: Path) -> Path:
        """Return where its tables lie, complete or not at all."""
        return data_dir / "tenants" / self.tenant_id / self.dashboard_slug / self.version


@dataclass(frozen=True)
class DemoUser:
    """A person of the demo, and their role in each tenant."""

    id: str
    email: str
    roles: Mapping[str, str]


TENANTS = (
    DemoTenant(
        ACME, "acme-corp", "Acme Corporation", {"primary_color": "#0052cc", "currency": "USD"}
    ),
    DemoTenant(
        BETA, "beta-ind", "Beta Industries", {"primary_color": "#ff5722", "currency": "TWD"}
    ),
)

ASSIGNMENTS = (
    Assignment(ACME, CLV, sources.CDNOW, {"currency": "USD"}),
    Assignment(
        ACME,
        RISK,
        sources.GERMAN_CREDIT,
        {"currency": "DEM"},
    ),
    Assignment(
        BETA,
        RISK,
        sources.TAIWAN_CREDIT_CARD,
        {"currency": "TWD"},
    ),
)

USERS = (
    DemoUser("c1a5b7d2-3e4f-4a6b-8c9d-0e1f2a3b4c5d", "analyst@acme.com", {ACME: "viewer"}),
    DemoUser(
        "d2b6c8e3-4f5a-4b7c-9d0e-1f2a3b4c5d6e", "admin@acme.com", {ACME: "admin", BETA: "admin"}
    ),
    DemoUser("e3c7d9f4-5a6b-4c8d-8e1f-2a3b4c5d6e7f", "viewer@beta.com", {BETA: "viewer"}),
)
