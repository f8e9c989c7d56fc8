"""Every route, and how to ask it for a tenant's data.

The list of routes comes from the application itself. A route that is not described here fails the
proof, and so does a description of a route that is gone: nothing can be forgotten.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi.routing import iter_route_contexts
from isolation.wire import FORM, Request
from isolation.world import ACME, BETA, CLV, GAMMA, RISK, TENANTS, Tenant

from kyros_api.dashboards.catalogue import CATALOGUE
from kyros_api.dashboards.catalogue.specification import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from fastapi import FastAPI
    from isolation.credentials import Expected
    from isolation.evidence import Shown
    from isolation.tokens import Kind, Presented

ANY = "any"
_STANDARD = "urn:ietf:params:oauth"
_DEFAULT_REFUSALS: dict[Expected, frozenset[int]] = {
    "unknown": frozenset({401}),
    "refused": frozenset({403}),
    "own": frozenset({401, 403}),
}
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


def _no_query(_tenant: Tenant) -> str:
    return ""


def in_header(request: Request, presented: Presented) -> Request | None:
    """Present a credential in the ``Authorization`` header."""
    return request.with_headers(*(("Authorization", each) for each in presented.authorization))


def in_form(request: Request, presented: Presented) -> Request | None:
    """Present a token among the fields of a form; what is no token cannot be."""
    if presented.token is None and presented.authorization:
        return None
    given = "" if presented.token is None else f"&{urlencode({'subject_token': presented.token})}"
    return replace(request, body=request.body + given.encode())


def as_password(request: Request, presented: Presented) -> Request | None:
    """Present a password, beside the email that the body has already."""
    return request.with_json({**json.loads(request.body), "password": presented.token})


@dataclass(frozen=True)
class Target:
    """One way to ask a route for a tenant's data.

    Attributes:
        route: method and path, as the application has it.
        about: which data, where a route has several.
        kind: of the credential that it takes; None where it takes none and tells of no tenant.
        fields: the path's parts besides the tenant.
        query: for a tenant.
        headers: besides the credential.
        body: for a tenant, sent as JSON.
        form: for a tenant, sent as a form.
        carry: puts a credential into a request; None when this one cannot be put there.
        names_tenant: whether the address or body says which tenant is meant.
        admin: whether only admins may ask.
        dashboard: that a tenant must have; ``ANY`` of them, or none is needed.
        shows: what the right answer shows of its tenant.
        steady: whether the same question has the same answer, byte for byte.
        known: names of tenants that it tells everybody.
        closed: whether it answers nobody with the settings of production.
        brief: whether one way of each trick will do, because others of its route get them all.
        tricks: the only ones that are tried, where each takes long; all without it.
        refusals: the statuses by which it does what is expected of it.
    """

    route: str
    about: str = ""
    kind: Kind | None = "tenant"
    fields: Mapping[str, str] = field(default_factory=dict)
    query: Callable[[Tenant], str] = _no_query
    headers: tuple[tuple[str, str], ...] = ()
    body: Callable[[Tenant], object] | None = None
    form: Callable[[Tenant], dict[str, str]] | None = None
    carry: Callable[[Request, Presented], Request | None] = in_header
    names_tenant: bool = False
    admin: bool = False
    dashboard: str | None = None
    shows: frozenset[Shown] = frozenset({"word"})
    steady: bool = True
    known: tuple[str, ...] = ()
    closed: bool = False
    brief: bool = False
    tricks: frozenset[str] | None = None
    refusals: Mapping[Expected, frozenset[int]] = field(
        default_factory=lambda: dict(_DEFAULT_REFUSALS)
    )

    @property
    def name(self) -> str:
        """Return what it is called in a sentence."""
        return f"{self.route} ({self.about})" if self.about else self.route

    def has_data_of(self, tenant: Tenant) -> bool:
        """Say whether the tenant has anything here."""
        if self.dashboard == ANY:
            return bool(tenant.dashboards)
        return self.dashboard is None or self.dashboard in tenant.dashboards

    def request(self, tenant: Tenant) -> Request:
        """Return the request for the tenant's data, without a credential."""
        method, path = self.route.split(" ")
        address = path.format(tenant_id=tenant.id, **self.fields)
        headers = (("Accept-Encoding", "gzip"), *self.headers)
        request = Request(method, address, self.query(tenant), headers)
        if self.form:
            form = urlencode(self.form(tenant)).encode()
            return replace(request.with_headers(FORM), body=form)
        return request.with_json(self.body(tenant)) if self.body else request


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
        refusals=dict.fromkeys(_DEFAULT_REFUSALS, frozenset({400, 401})),
    )
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
        refusals=dict.fromkeys(_DEFAULT_REFUSALS, frozenset({400})),
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
