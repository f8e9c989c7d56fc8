"""Paths that reach for the victim."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isolation.attack import Attack
    from isolation.wire import Request
    from isolation.world import Tenant

_WIDE_SLASH = quote("\N{FULLWIDTH SOLIDUS}")


def written_otherwise(a: Attack) -> Iterator[Request]:
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


def made_of_the_victim(a: Attack) -> Iterator[Request]:
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
