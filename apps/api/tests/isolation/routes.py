"""Every route, and how to ask it for a tenant's data.

The list of routes comes from the application itself. A route that is not described here fails the
proof, and so does a description of a route that is gone: nothing can be forgotten.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi.routing import iter_route_contexts
from isolation.target import ANY, DEFAULT_REFUSALS, Target, as_password, in_form
from isolation.world import ACME, BETA, CLV, GAMMA, RISK, TENANTS, Tenant

from kyros_api.dashboards.catalogue import CATALOGUE
from kyros_api.dashboards.catalogue.specification import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI
    from isolation.evidence import Shown

_STANDARD = "urn:ietf:params:oauth"
_BOTH: frozenset[Shown] = frozenset({"word", "number"})
# Views that aggregate until no text, or no sum, is left; the others show both.
_NUMBERS_ONLY = {
    CLV: "summary segments value_distribution concentration recency_frequency frequency_fit"
    " holdout customer_purchases",
    RISK: "summary exposure score_distribution stress_curve discrimination calibration",
}
_NUMBER: frozenset[Shown] = frozenset({"number"})
_SHOWN_BY_VIEWS: dict[tuple[str, str], frozenset[Shown]] = {
    **{(slug, view): _NUMBER for slug, some in _NUMBERS_ONLY.items() for view in some.split()},
    (CLV, "customer_alive"): frozenset({"id", "rows"}),
    (RISK, "segments"): frozenset({"word"}),
}
# Of each tenant's accounts: a segment column, its first value, an amount, and one account.
_GERMAN = ("checking_account", "0 to 199 DM", "Under 1,000", "G0002")
_TAIWAN = ("credit_limit_band", "100,000 to 199,999", "Under 2,000", "T0004")
_ACCOUNTS = {ACME: _GERMAN, GAMMA: _GERMAN, BETA: _TAIWAN}


def mark(tenant: Tenant) -> str:
    """Return what each text of the tenant's data begins with."""
    return f"{tenant.marker}-g1"


_DATA = "GET /api/dashboards/{slug}/data"
_VIEW = "GET /api/dashboards/{slug}/views/{view}"
_FORMATS = {
    "JSON": "application/json",
    "CSV": "text/csv",
    "Arrow": "application/vnd.apache.arrow.stream",
}


def _key_of_own_rows(slug: str, tenant: Tenant) -> str:
    """Ask for the tenant's rows by what only they have, in their key."""
    key = CATALOGUE[slug].key
    filters = json.dumps({key: {"gte": mark(tenant), "lt": f"{mark(tenant)}~"}})
    return urlencode({"columns": key, "sort": f"-{key}", "limit": 3, "filters": filters})


def _rows() -> Iterator[Target]:
    for slug in CATALOGUE:
        whole = partial(Target, _DATA, fields={"slug": slug}, dashboard=slug)
        for name, media_type in _FORMATS.items():
            yield whole(
                f"{slug} as {name}",
                query=lambda _: "limit=10",
                headers=(("Accept", media_type),),
                shows=_BOTH,
                brief=(slug, name) != (RISK, "JSON"),
            )
        yield whole(f"{slug}, by key", query=partial(_key_of_own_rows, slug), brief=True)


def _views() -> Iterator[Target]:
    """Give each view of the catalogue, and each with every parameter that it takes."""
    for slug, data in CATALOGUE.items():
        for name, view in data.views.items():
            fields = {"slug": slug, "view": name}
            shown = _SHOWN_BY_VIEWS.get((slug, name), _BOTH)
            whole = partial(Target, _VIEW, fields=fields, dashboard=slug, shows=shown)
            required = [key for key, kind in view.parameters.items() if isinstance(kind, Text)]
            optional = sorted(view.parameters.keys() - set(required))
            yield whole(
                f"{slug}, {name}",
                query=partial(_values, required),
                brief=True,
            )
            for key in optional:
                chosen = partial(_values, [*required, key])
                yield whole(f"{slug}, {name} of a {key}", query=chosen, brief=True)


def _values(parameters: list[str], tenant: Tenant) -> str:
    column, part, amount, account = _ACCOUNTS.get(tenant, ("none",) * 4)
    known = {
        "cohort": f"{mark(tenant)} 1997-01",
        "customer": f"{mark(tenant)} 00001",
        "horizon": "52",
        "rate": "10",
        "segment": "high",
        "by": column,
        "part": f"{column}:{mark(tenant)} {part}",
        "amount": f"{mark(tenant)} {amount}",
        "account": f"{mark(tenant)} {account}",
        "band": "critical",
        "stress": "2",
        "lgd": "1",
    }
    missing = [key for key in parameters if key not in known]
    assert not missing, (
        f"a view has a new parameter: say in `_values` of routes.py what {missing[0]!r} should be"
    )
    return urlencode({key: known[key] for key in parameters})


def _described() -> Iterator[Target]:
    public = partial(Target, kind=None, shows=frozenset(), brief=True)
    yield public("GET /health", steady=False)
    yield public("GET /health/db", steady=False)
    # Its examples are of the demo, whose ids stand in the source for everybody to read.
    demo = (ACME.id, ACME.slug, BETA.id, BETA.slug)
    yield public("GET /openapi.json", known=demo)
    yield public("GET /api/auth/options")
    yield public(
        "POST /api/auth/mock-login",
        body=lambda tenant: {"email": tenant.viewer.email},
        steady=False,
        closed=True,
    )
    yield Target(
        "POST /api/auth/login",
        kind="password",
        body=lambda tenant: {"email": tenant.viewer.email},
        carry=as_password,
        names_tenant=True,
        steady=False,
        brief=True,  # every password takes a tenth of a second, on purpose
        tricks=frozenset({"hostile body"}),
        refusals=dict.fromkeys(DEFAULT_REFUSALS, frozenset({400, 401})),
    )
    # It takes a token and tells nothing; whom it signs out: test_sign_out.py.
    yield public("POST /api/auth/logout", steady=False)
    yield Target("GET /api/me", kind="user", brief=True)
    yield Target("GET /api/me/dashboards", kind="user", shows=frozenset({"id"}), brief=True)
    yield Target(
        "POST /api/token/exchange",
        kind="user",
        body=lambda tenant: {"tenant_id": tenant.id},
        names_tenant=True,
        steady=False,
    )
    yield Target(
        "POST /api/token",
        kind="user",
        form=lambda tenant: {
            "grant_type": f"{_STANDARD}:grant-type:token-exchange",
            "subject_token_type": f"{_STANDARD}:token-type:access_token",
            "audience": tenant.id,
        },
        carry=in_form,
        names_tenant=True,
        steady=False,
        brief=True,
        refusals=dict.fromkeys(DEFAULT_REFUSALS, frozenset({400})),
    )
    yield Target("GET /api/tenant/{tenant_id}", names_tenant=True, shows=_BOTH)
    yield Target(
        "GET /api/tenant/{tenant_id}/dashboards",
        names_tenant=True,
        dashboard=ANY,
        shows=_BOTH,
        brief=True,
    )
    yield Target(
        "GET /api/tenant/{tenant_id}/audit",
        query=lambda _: "search=proof.mark&limit=5",
        names_tenant=True,
        admin=True,
        shows=_BOTH,
        steady=False,
        brief=True,
    )
    for slug in CATALOGUE:
        yield Target(
            "GET /api/dashboards/{slug}/access",
            slug,
            fields={"slug": slug},
            dashboard=slug,
            shows=frozenset({"id"}),
            steady=False,  # it says who asks, and in which role
            brief=True,
        )
    yield from _rows()
    yield from _views()


TARGETS = tuple(_described())


def routes_of(app: FastAPI) -> set[str]:
    """Return "METHOD /path" of each route that the application has."""
    return {
        f"{method} {context.path}"
        for context in iter_route_contexts(app.routes)
        for method in (context.methods or {"ANY"}) - {"HEAD"}
    }


def gaps(app: FastAPI) -> list[str]:
    """Return a sentence for each route that the proof does not cover, or that is gone."""
    described = {target.route for target in TARGETS}
    routes = routes_of(app)
    new = [
        f"{route} is not in the proof: describe in `_described` of routes.py how to ask it for a "
        "tenant's data, and what it shows."
        for route in sorted(routes - described)
    ]
    gone = [
        f"{route} is in the proof and not in the application: remove it from routes.py."
        for route in sorted(described - routes)
    ]
    unseen = [
        f"no tenant of the proof has the dashboard {slug}: give it to two in world.py."
        for slug in CATALOGUE
        if sum(slug in tenant.dashboards for tenant in TENANTS) < 2  # one must be another's
    ]
    return new + gone + unseen
