"""The ways by which a client may try to choose a tenant that is not its own.

Whoever tries is signed in properly, for the attacker's tenant, and asks for what they may have;
the trick is to be given the victim's instead, or as well. Nothing that a client writes may choose
a tenant: each of these is refused, or changes nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from isolation.bodies import BODIES
from isolation.paths import made_of_the_victim, written_otherwise
from isolation.wire import FORM, Request

from kyros_api.dashboards.catalogue import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from isolation.attack import Attack

    from kyros_api.dashboards.catalogue.specification import DashboardData


@dataclass(frozen=True)
class Trick:
    """A family of tricks.

    Attributes:
        name: as the table calls it.
        why: what it holds, in a sentence.
        make: each way of it.
        changes: whether the question is another one, so that the answer may be as well: still of
            the attacker's own data only. Where it is not, the answer must be the very same.
    """

    name: str
    why: str
    make: Callable[[Attack], Iterator[Request]]
    changes: bool = False


def _parameters(a: Attack) -> Iterator[Request]:
    for name in ("tenant_id", "tenant", "tenantId", "tenant_ids", "tenant-id", "X-Tenant-ID"):
        yield a.request.with_query(urlencode({name: a.victim.id}))
    for name in ("tenant_slug", "org", "organization", "account", "workspace", "slug"):
        yield a.request.with_query(urlencode({name: a.victim.slug}))
    for name in ("tenant_id[]", "tenant_id[$ne]", "scope[tenant_id]"):
        yield a.request.with_query(urlencode({name: a.victim.id}))
    both = urlencode([("tenant_id", a.attacker.id), ("tenant_id", a.victim.id)])
    yield a.request.with_query(both)
    yield a.request.with_query(
        urlencode({"user": a.victim.viewer.email, "sub": a.victim.viewer.id})
    )
    yield a.request.with_query(urlencode({"role": "admin", "is_admin": "true"}))


def _tokens_in_address(a: Attack) -> Iterator[Request]:
    for name in ("access_token", "token", "authorization", "jwt", "subject_token"):
        yield a.request.with_query(urlencode({name: a.forged}))


def _storage_parameters(a: Attack) -> Iterator[Request]:
    folder = f"../../{a.victim.id}"
    for name in ("data_version", "version", "path", "file", "folder", "table", "root", "source"):
        yield a.request.with_query(urlencode({name: folder}))
    if data := CATALOGUE.get(a.target.fields.get("slug", "")):
        slug = a.target.fields["slug"]
        for table in (data.rows_table, "segment_order", "value_0"):
            path = f"../../../{a.victim.id}/{slug}/*/{data.rows_table}.parquet"
            yield a.request.with_query(urlencode({table: path}))


def _headers(a: Attack) -> Iterator[Request]:
    v = a.victim
    for name in ("X-Tenant-ID", "X-Tenant", "Tenant", "Tenant-Id", "X-Kyros-Tenant", "X-Org-ID"):
        yield a.request.with_headers((name, v.id))
    for name in ("X-Tenant-Slug", "X-Organization", "X-Account", "X-Scope-OrgID"):
        yield a.request.with_headers((name, v.slug))
    for name in ("X-User-ID", "X-Forwarded-User", "X-Remote-User", "X-Authenticated-User"):
        yield a.request.with_headers((name, v.admin.email))
    yield a.request.with_headers(
        ("X-Tenant-ID", v.id), ("X-User-ID", v.admin.id), ("X-Role", "admin")
    )
    yield a.request.with_headers(("X-Access-Token", a.forged), ("X-Auth-Token", a.forged))
    yield a.request.with_headers(("Proxy-Authorization", f"Bearer {a.forged}"))


def _proxy_headers(a: Attack) -> Iterator[Request]:
    v, path = a.victim, a.target.request(a.victim).path
    for name in ("X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Uri", "X-Original-URI"):
        yield a.request.with_headers((name, path))
    for name in ("X-Forwarded-Prefix", "X-Script-Name", "X-Forwarded-Path"):
        yield a.request.with_headers((name, f"/tenant/{v.slug}/dash/risk-analysis"))
    for name in ("Host", "X-Forwarded-Host", "X-Forwarded-Server", "Origin", "X-Host"):
        yield a.request.with_headers((name, f"{v.slug}.kyros.example"))
    yield a.request.with_headers(("Forwarded", f"for=127.0.0.1;host={v.slug}.kyros.example"))
    yield a.request.with_headers(("X-Forwarded-For", "127.0.0.1"), ("X-Real-IP", "127.0.0.1"))
    yield a.request.with_headers(("Referer", f"https://kyros.example/tenant/{v.slug}/"))


def _cookies(a: Attack) -> Iterator[Request]:
    for cookie in (
        f"tenant_id={a.victim.id}",
        f"tenant={a.victim.slug}",
        f"tenant_id={a.attacker.id}; tenant_id={a.victim.id}",
        f"access_token={a.forged}",
        f"session={a.forged}; kyros_session={a.forged}",
        f"role=admin; user={a.victim.admin.email}",
    ):
        yield a.request.with_headers(("Cookie", cookie))


def _rows_asked_for(a: Attack) -> DashboardData | None:
    return None if "view" in a.target.fields else CATALOGUE.get(a.target.fields.get("slug", ""))


def _filters(a: Attack) -> Iterator[Request]:
    data = _rows_asked_for(a)
    if data is None:
        return
    key, file = data.key, f"../../{a.victim.id}/*/*/{data.rows_table}.parquet"
    for wanted in (
        {"tenant_id": a.victim.id},
        {"tenant": [a.attacker.id, a.victim.id]},
        {key: f"' OR tenant_id = '{a.victim.id}"},
        {key: f"') OR 1=1 UNION ALL SELECT * FROM read_parquet('{file}') --"},
        {f"{key}\" = '' OR 1=1 --": 1},
        {key: {"gte": "", "tenant_id": a.victim.id}},
        {key: {"$ne": ""}},
        {key: {"ne": a.victim.id}},
        {key: [a.victim.id, "*", "%"]},
    ):
        yield a.request.with_query(urlencode({"filters": json.dumps(wanted)}))
    raw = f'{{"{key}": {{"ne": ""}}, "tenant_id": "{a.victim.id}"}} --'
    yield a.request.with_query(urlencode({"filters": raw}))


def _columns(a: Attack) -> Iterator[Request]:
    data = _rows_asked_for(a)
    if data is None:
        return
    key, file = data.key, f"../../{a.victim.id}/*/*/{data.rows_table}.parquet"
    for name in ("columns", "sort"):
        for value in (
            "*",
            "tenant_id",
            f"{a.victim.id}.{key}",
            f"{key}\" FROM read_parquet('{file}') --",
            f"(SELECT max({key}) FROM read_parquet('{file}'))",
            f"{key},filename",
            f"-{key}",
        ):
            yield a.request.with_query(urlencode({name: value}))
    for query in (
        "offset=100",
        "limit=1000",
        "limit=-1",
        "limit=1000&offset=-1",
        "offset=999999999",
    ):
        yield a.request.with_query(query)


def _view_parameters(a: Attack) -> Iterator[Request]:
    if "view" not in a.target.fields:
        return
    theirs = a.target.query(a.victim)
    yield replace(a.request, query=theirs)
    for name in ("by", "cohort"):
        for value in (
            a.victim.id,
            "education",
            "checking_account",
            "*",
            f"1997-01' OR tenant_id = '{a.victim.id}",
            f"x\" FROM read_parquet('../../{a.victim.id}/*/*/*.parquet') --",
        ):
            yield replace(a.request, query=urlencode({name: value}))


def _methods(a: Attack) -> Iterator[Request]:
    for method in ("HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "GET", "get"):
        if method != a.request.method:
            yield replace(a.request, method=method, path=a.target.request(a.victim).path)
            yield replace(a.request, method=method)


def _override(a: Attack) -> Iterator[Request]:
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        for method in ("DELETE", "PUT"):
            yield a.request.with_headers((name, method), ("X-Tenant-ID", a.victim.id))
    yield a.request.with_query(f"_method=DELETE&tenant_id={a.victim.id}")


def _conditional(a: Attack) -> Iterator[Request]:
    """Ask whether the victim's answer is still the same one: saying so would tell of it."""
    tag = a.tag or f'"{a.victim.id}"'
    for value in (tag, f"W/{tag.removeprefix('W/')}", f'"x", {tag}', tag.replace("-", "")):
        yield a.request.with_headers(("If-None-Match", value))
    yield a.request.with_headers(("If-Match", tag))
    yield a.request.with_headers(("If-Range", tag), ("Range", "bytes=0-20"))


def _unasked_body(a: Attack) -> Iterator[Request]:
    """Send a body where none is asked for."""
    if a.request.method != "GET":
        return
    content = {"tenant_id": a.victim.id, "tenant": a.victim.slug, "token": a.forged}
    yield a.request.with_json(content)
    yield a.request.with_json([a.victim.id])
    yield replace(a.request.with_headers(FORM), body=urlencode(content).encode())


def _hostile_body(a: Attack) -> Iterator[Request]:
    """Send what the route asks for in shapes that name the victim as well."""
    make = BODIES.get(a.target.route)
    if make is None:
        return
    for body in make(a):
        yield replace(a.request, body=body)


TRICKS = (
    Trick("query parameter", "The victim's id, slug or people in a parameter.", _parameters),
    Trick(
        "token in the address", "A token forged for the victim in a parameter.", _tokens_in_address
    ),
    Trick("file by parameter", "A path to the victim's files in a parameter.", _storage_parameters),
    Trick("tenant header", "The victim's id, slug or people in a header.", _headers),
    Trick("proxy header", "Headers by which a proxy would speak of the victim.", _proxy_headers),
    Trick("cookie", "The victim's id, slug or forged token in a cookie.", _cookies),
    Trick("filters", "The victim, its files and SQL in a filter.", _filters, changes=True),
    Trick(
        "columns, sort, paging",
        "The victim, its files and SQL in a column's name; pages beyond the own.",
        _columns,
        changes=True,
    ),
    Trick(
        "view parameter",
        "What the victim would choose in a view, and SQL.",
        _view_parameters,
        changes=True,
    ),
    Trick(
        "path written otherwise",
        "`..`, `//`, codes, other cases and the victim's path after the own.",
        written_otherwise,
        changes=True,
    ),
    Trick(
        "part of the path",
        "The victim in place of, or beside, each part of the path that varies.",
        made_of_the_victim,
        changes=True,
    ),
    Trick(
        "another method",
        "The other methods, at the own address and at the victim's.",
        _methods,
        changes=True,
    ),
    Trick("method override", "A header or parameter that names another method.", _override),
    Trick(
        "the victim's ETag",
        "Whether the victim's answer is still the one with this tag.",
        _conditional,
    ),
    Trick("unasked body", "A body that names the victim where none belongs.", _unasked_body),
    Trick(
        "hostile body",
        "The body that is asked for, naming the victim as well, or oddly.",
        _hostile_body,
        changes=True,
    ),
)
