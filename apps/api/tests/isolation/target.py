"""A question that a tenant may ask for its own data, and how a credential is put into it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from isolation.wire import FORM, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from isolation.credentials import Expected
    from isolation.evidence import Shown
    from isolation.tokens import Kind, Presented
    from isolation.world import Tenant

ANY = "any"
DEFAULT_REFUSALS: dict[Expected, frozenset[int]] = {
    "unknown": frozenset({401}),
    "refused": frozenset({403}),
    "own": frozenset({401, 403}),
}


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
        default_factory=lambda: dict(DEFAULT_REFUSALS)
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
