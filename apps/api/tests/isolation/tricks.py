"""The ways by which a client may try to choose a tenant that is not its own.

Whoever tries is signed in properly, for the attacker's tenant, and asks for what they may have;
the trick is to be given the victim's instead, or as well. Nothing that a client writes may choose
a tenant: each of these is refused, or changes nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from isolation.bodies import BODIES
from isolation.wire import FORM, Request

from kyros_api.dashboards.catalogue import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from isolation.attack import Attack
    from isolation.world import Tenant

    from kyros_api.dashboards.catalogue.specification import DashboardData


_WIDE_SLASH = quote("\N{FULLWIDTH SOLIDUS}")


@dataclass(frozen=True)
class Trick:
    """A family of tricks.

    Attributes:
        name: as the table calls it.
        why: what it tries, in a sentence.
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


def _paths(a: Attack) -> Iterator[Request]:
    """Write the whole path in other ways, with the victim somewhere in it."""
    path, theirs, v = a.request.path, a.target.request(a.victim).path, a.victim
    up = "/".join([".."] * path.count("/"))
    for written in (
        f"/{path}",
        path.replace("/", "//"),
        f"{path}/",
        f"/.{path}",
        f"/x/..{path}",
        path.upper(),
        f"/%2e{path}",
        path.replace("/", "%2f", 2),
        path.replace("/", "%5c"),
        f"/tenant/{v.slug}{path}",
        f"/{v.id}{path}",
        f"{path}/{v.id}",
        f"{path}/{up}{theirs}",
        f"{path}%2f{up.replace('/', '%2f')}{theirs.replace('/', '%2f')}",
        f"{path}/%2e%2e/%2e%2e/{v.id}",
        f"{path}/..;/{v.id}",
        f"{path};tenant_id={v.id}",
        f"{path}%3ftenant_id={v.id}",
        f"{path}%23{v.id}",
        f"{path}%00",
        f"{path}%00{v.id}",
        f"{path}%0d%0aX-Tenant-ID:%20{v.id}",
        f"http://{v.slug}.kyros.example{path}",
    ):
        yield replace(a.request, path=written)


def _path_parts(a: Attack) -> Iterator[Request]:
    """Write each part of the path that varies as something made of the victim."""
    template = a.target.route.split(" ")[1]
    own = {"tenant_id": a.attacker.id, **a.target.fields}
    for name, value in own.items():
        if f"{{{name}}}" in template:
            for written in _hostile_parts(value, a.victim):
                yield replace(a.request, path=template.format(**own | {name: written}))


def _hostile_parts(own: str, victim: Tenant) -> Iterator[str]:
    their = victim.id
    letter_by_letter = "".join(f"%{ord(letter):02x}" for letter in their)
    yield from (their, victim.slug, their.upper(), letter_by_letter)
    yield from (letter_by_letter.replace("%", "%25"), f"{their}%20", f"%20{their}", f"{their}%00")
    yield from (f"{own}%00{their}", f"{own},{their}", f"{own}%2c{their}", f"{own};{their}")
    yield from (f"{own}/../{their}", f"{own}%2f..%2f{their}", f"{own}%252f..%252f{their}")
    yield from (f"..%2f..%2f{their}%2f{own}", f"../../{their}/{own}", f"{their}%2f{own}")
    yield from (f"%2e%2e%2f%2e%2e%2f{their}%2f{own}", f"..%5c..%5c{their}%5c{own}")
    yield from (f"{own}%3ftenant_id={their}", f"{own}%26tenant_id={their}", f"{own}%20{their}")
    yield from ("..", ".", "%2e%2e", "*", "%25", "%5f", "me", "null", f"{own}'%20OR%20'1'='1")
    yield from (own.upper(), f"{own}.parquet", f"{own}%2f*", f"{own}{_WIDE_SLASH}{their}")


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
    Trick("query parameter", "Names the victim in a parameter.", _parameters),
    Trick("token in the address", "Sends a forged token as a parameter.", _tokens_in_address),
    Trick("file by parameter", "Says where the data should be read.", _storage_parameters),
    Trick("tenant header", "Names the victim, or its people, in a header.", _headers),
    Trick("proxy header", "Pretends that a proxy forwarded the victim.", _proxy_headers),
    Trick("cookie", "Names the victim in a cookie.", _cookies),
    Trick("filters", "Asks for the victim's rows in a filter.", _filters, changes=True),
    Trick("columns, sort, paging", "Asks for the victim's columns.", _columns, changes=True),
    Trick("view parameter", "Asks for the victim's segments.", _view_parameters, changes=True),
    Trick("path written otherwise", "Reaches for the victim by the path.", _paths, changes=True),
    Trick("part of the path", "Makes a part of it of the victim.", _path_parts, changes=True),
    Trick("another method", "Tries the other methods.", _methods, changes=True),
    Trick("method override", "Says in a header that the method is another.", _override),
    Trick("the victim's ETag", "Asks whether the victim's answer changed.", _conditional),
    Trick("unasked body", "Sends a body with the victim where none belongs.", _unasked_body),
    Trick("hostile body", "Names two tenants, or one in an odd way.", _hostile_body, changes=True),
)
