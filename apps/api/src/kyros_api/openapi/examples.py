"""A real request and its answer for each operation: the demo's, and a test holds them to be true.

Views have theirs in the catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kyros_api.dashboards.catalogue import CATALOGUE
from kyros_api.metadata import HEAD
from kyros_api.seeding import demo
from kyros_api.tokens.standard import GRANT_TYPE, TOKEN_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class OperationExample:
    """What is asked and what is answered; of a long list its first items.

    Attributes:
        answer: the body, as JSON.
        given: parameters, by name.
        body: of the request.
        csv: the same answer, where it also comes as CSV.
    """

    answer: Mapping[str, Any]
    given: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    csv: str | None = None


_AT = "2026-05-04T09:12:45.318207Z"
_TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJkMmI2YzhlMyJ9.c2lnbmF0dXJl"  # noqa: S105
_ADMIN = next(user for user in demo.USERS if user.email == "admin@acme.com")
_ACME, _BETA = demo.TENANTS


def _my_tenant(tenant: demo.DemoTenant) -> dict[str, Any]:
    return {
        "id": tenant.id,
        "name": tenant.name,
        "slug": tenant.slug,
        "role": _ADMIN.roles[tenant.id],
        "config_json": tenant.config,
    }


def dashboard_config(slug: str) -> dict[str, Any]:
    """Return a dashboard's configuration as Acme has it."""
    own: Mapping[str, Any] = next(
        (
            assignment.config
            for assignment in demo.ASSIGNMENTS
            if (assignment.tenant_id, assignment.dashboard_slug) == (_ACME.id, slug)
        ),
        {},
    )
    return {**CATALOGUE[slug].config, **own}


def view_example(slug: str, name: str) -> OperationExample:
    """Return what Acme is answered by a view of the catalogue."""
    declared = CATALOGUE[slug].views[name].example
    return OperationExample(
        {
            "tenant_id": _ACME.id,
            "dashboard_slug": slug,
            "view": name,
            "columns": declared.columns,
            "meta": {"config": dashboard_config(slug), "data_version": "46e287ec0569f947"},
        },
        declared.given,
    )


def _token(lifetime: int) -> dict[str, Any]:
    return {"access_token": _TOKEN, "token_type": "Bearer", "expires_in": lifetime}


def view_operation(slug: str, name: str) -> str:
    """Return the operation id of a view of the catalogue."""
    words = f"get-{slug}-{name}".replace("_", "-").split("-")
    return words[0] + "".join(word.capitalize() for word in words[1:])


EXAMPLES: Mapping[str, OperationExample] = {
    "getHealth": OperationExample({"status": "ok", "timestamp": _AT}),
    "getDatabaseHealth": OperationExample(
        {"status": "ok", "timestamp": _AT, "revision": HEAD, "tenants": len(demo.TENANTS)}
    ),
    "getSignInOptions": OperationExample(
        {
            "mode": "demo",
            "demo_users": [
                {
                    "email": _ADMIN.email,
                    "description": "Admin of Acme Corporation and Beta Industries",
                }
            ],
        }
    ),
    "signIn": OperationExample(
        _token(3600), body={"email": _ADMIN.email, "password": "correct horse battery staple"}
    ),
    "signInAsDemoUser": OperationExample(_token(3600), body={"email": _ADMIN.email}),
    "signOut": OperationExample({"signed_out": True}),
    "getMe": OperationExample(
        {
            "user_id": _ADMIN.id,
            "email": _ADMIN.email,
            "tenants": [_my_tenant(_ACME), _my_tenant(_BETA)],
        }
    ),
    "getMyDashboards": OperationExample(
        {
            "tenants": [
                {"tenant_id": _ACME.id, "dashboards": 2},
                {"tenant_id": _BETA.id, "dashboards": 1},
            ]
        }
    ),
    "exchangeToken": OperationExample(_token(1800), body={"tenant_id": _ACME.id}),
    "exchangeTokenByStandard": OperationExample(
        {**_token(1800), "issued_token_type": TOKEN_TYPES[0], "scope": "admin"},
        body={
            "grant_type": GRANT_TYPE,
            "subject_token": _TOKEN,
            "subject_token_type": TOKEN_TYPES[0],
            "audience": _ACME.id,
        },
    ),
    "getTenant": OperationExample(
        {
            "id": _ACME.id,
            "name": _ACME.name,
            "slug": _ACME.slug,
            "is_active": True,
            "config_json": _ACME.config,
            "created_at": _AT,
        },
        {"tenant_id": _ACME.id},
    ),
    "listDashboards": OperationExample(
        {
            "dashboards": [
                {
                    "slug": demo.CLV,
                    "title": CATALOGUE[demo.CLV].title,
                    "description": CATALOGUE[demo.CLV].description,
                    "config_json": dashboard_config(demo.CLV),
                }
            ]
        },
        {"tenant_id": _ACME.id},
    ),
    "listAuditEvents": OperationExample(
        {
            "tenant_id": _ACME.id,
            "total": 412,
            "next_before": 411,
            "events": [
                {
                    "id": 411,
                    "at": _AT,
                    "actor": _ADMIN.email,
                    "action": "token.exchange",
                    "outcome": "allowed",
                    "request_id": "5d0c8f3a",
                    "details": {},
                }
            ],
        },
        {"tenant_id": _ACME.id, "limit": 1},
    ),
    "getAccess": OperationExample(
        {"tenant_id": _ACME.id, "user_id": _ADMIN.id, "role": "admin"}, {"slug": demo.CLV}
    ),
    "getRows": OperationExample(
        {
            "tenant_id": _ACME.id,
            "dashboard_slug": demo.CLV,
            "total": 7951,
            "data": [
                {"customer_id": "07592", "cohort": "1997-01", "total_spend": 13990.93},
                {"customer_id": "14048", "cohort": "1997-02", "total_spend": 8976.33},
            ],
        },
        {
            "slug": demo.CLV,
            "filters": '{"cohort": ["1997-01", "1997-02"], "orders": {"gte": 2}}',
            "columns": "customer_id,cohort,total_spend",
            "sort": "-total_spend",
            "limit": 2,
        },
        csv='"customer_id","cohort","total_spend"\r\n'
        '"07592","1997-01",13990.93\r\n"14048","1997-02",8976.33\r\n',
    ),
    "getView": OperationExample(
        view_example(demo.RISK, "expected_loss").answer,
        {
            "slug": demo.RISK,
            "view": "expected_loss",
            "parameters": view_example(demo.RISK, "expected_loss").given,
        },
    ),
    **{
        view_operation(slug, name): view_example(slug, name)
        for slug, dashboard in CATALOGUE.items()
        for name in dashboard.views
    },
}
