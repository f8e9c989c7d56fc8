"""The proof, proved: each check that keeps tenants apart is taken out, and the proof must notice.

A mutation changes a fresh application in memory, never a file. It names the row of the table that
must find it. One that can no longer be applied, because the code has moved on, is an error as well:
then it is to be written anew, where the check is now.
"""

# ruff: noqa: ANN401 - a function that stands in for another takes and returns what that does

from __future__ import annotations

import asyncio
import sys
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

import jwt
from isolation.proof import RIGHT
from isolation.tokens import RETIRED_SECRET
from sqlalchemy import select
from starlette.requests import Request

from kyros_api.audit import queries as audit_queries
from kyros_api.auth import queries as auth_queries
from kyros_api.dashboards import cache
from kyros_api.dependencies import services_of
from kyros_api.me import queries as me_queries
from kyros_api.metadata.tables import audit_log
from kyros_api.storage.tenant_data import TenantFolder
from kyros_api.tenants import access
from kyros_api.tenants import queries as tenant_queries

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    import pytest
    from sqlalchemy import Connection

    Function = Callable[..., Any]


class MutationLostError(AssertionError):
    """What a mutation changes is no longer there."""


@dataclass(frozen=True)
class Mutation:
    """A check that is taken out.

    Attributes:
        name: what is out.
        row: the credential or trick that must find it.
        apply: takes it out.
        settings: of the application, where they are what is wrong.
    """

    name: str
    row: str
    apply: Callable[[pytest.MonkeyPatch], None] = lambda _patch: None
    settings: Mapping[str, object] = field(default_factory=dict)


def replace_function(
    patch: pytest.MonkeyPatch, owner: Any, name: str, make: Callable[[Function], Function]
) -> None:
    """Put another function in the place of one, wherever the API imported it.

    Raises:
        MutationLostError: there is no such function any more.
    """
    original = getattr(owner, name, None)
    if not callable(original):
        place = getattr(owner, "__name__", owner)
        raise MutationLostError(
            f"{place} has no {name} any more: find where the check is now, and mend mutations.py"
        )
    changed = make(original)
    patch.setattr(owner, name, changed)
    for module in [module for key, module in sys.modules.items() if key.startswith("kyros_")]:
        for alias, value in list(vars(module).items()):
            if value is original:
                patch.setattr(module, alias, changed)


def _decode_with(
    change: Callable[[str, dict[str, Any]], None],
) -> Callable[[pytest.MonkeyPatch], None]:
    """Change what the API asks of PyJWT when it verifies a token."""

    def make(original: Function) -> Function:
        def decode(token: str, key: str, **asked: Any) -> Any:
            asked["options"] = dict(asked.get("options", {}))
            change(token, asked)
            return original(token, key, **asked)

        return decode

    return lambda patch: replace_function(patch, jwt, "decode", make)


def _no_signature(_token: str, asked: dict[str, Any]) -> None:
    # Without a signature PyJWT would look at nothing else either, unless it is told to.
    checks = ("verify_exp", "verify_nbf", "verify_iat", "verify_aud", "verify_iss")
    asked["options"] |= {"verify_signature": False, **dict.fromkeys(checks, True)}


def _none_allowed(token: str, asked: dict[str, Any]) -> None:
    if str(jwt.get_unverified_header(token)["alg"]).lower() == "none":
        _no_signature(token, asked)


def _any_audience(_token: str, asked: dict[str, Any]) -> None:
    asked.pop("audience")
    asked["options"] |= {"verify_aud": False, "strict_aud": False}


def _any_issuer(_token: str, asked: dict[str, Any]) -> None:
    asked.pop("issuer")
    asked["options"]["verify_iss"] = False


def _any_algorithm(_token: str, asked: dict[str, Any]) -> None:
    asked["algorithms"] = ["HS256", "HS384", "HS512"]


def _no_expiry(_token: str, asked: dict[str, Any]) -> None:
    asked["options"]["verify_exp"] = False


def _path_unchecked(patch: pytest.MonkeyPatch) -> None:
    """Do not tell the check which tenant the path names."""

    def make(original: Function) -> Function:
        async def enter(request: Request, *args: Any, **kwargs: Any) -> Any:
            return await original(Request({**request.scope, "path_params": {}}), *args, **kwargs)

        return enter

    replace_function(patch, access, "enter_tenant", make)


def _tenant_from(
    read: Callable[[Request], str | None],
) -> Callable[[pytest.MonkeyPatch], None]:
    """Let the caller choose another tenant after all checks were passed."""

    def make(original: Function) -> Function:
        async def enter(request: Request, find: Function, *args: Any) -> Any:
            scope, row = await original(request, find, *args)
            chosen = read(request)
            if chosen is None:
                return scope, row
            read_row = services_of(request).metadata.read
            theirs = await read_row(find, chosen, scope.user_id, "no session", *args)
            return (scope._replace(tenant_id=chosen), theirs) if theirs else (scope, row)

        return enter

    return lambda patch: replace_function(patch, access, "enter_tenant", make)


_file: ContextVar[str | None] = ContextVar("file", default=None)


def _file_from_parameter(patch: pytest.MonkeyPatch) -> None:
    """Let a parameter, of the name of a table, say where that is read."""

    def take(original: Function) -> Function:
        async def enter(request: Request, *args: Any) -> Any:
            given = dict(parse_qsl(request.scope["query_string"].decode()))
            _file.set(given.pop("accounts", None))
            if _file.get() is not None:  # another limit, so that no kept answer is given
                request.scope["query_string"] = urlencode(given | {"limit": 9}).encode()
                vars(request).pop("_query_params", None)  # what was read of it before
            return await original(request, *args)

        return enter

    def make(original: Function) -> Function:
        def table(self: TenantFolder, name: str) -> Any:
            chosen = _file.get()
            return original(self, name) if chosen is None else str(self.path / chosen)

        return table

    replace_function(patch, access, "enter_tenant", take)
    replace_function(patch, TenantFolder, "table", make)


def _everybody_is_a_member(patch: pytest.MonkeyPatch) -> None:
    def make(original: Function) -> Function:
        def find(connection: Connection, *args: Any) -> Any:
            row = original(connection, *args)
            return row and SimpleNamespace(**row._asdict() | {"role": row.role or "viewer"})

        return find

    replace_function(patch, tenant_queries, "find_standing", make)
    replace_function(patch, tenant_queries, "find_dashboard_standing", make)


def _exchange_without_grant(patch: pytest.MonkeyPatch) -> None:
    def make(original: Function) -> Function:
        def find(connection: Connection, user_id: str, tenant_id: str) -> Any:
            stranger = auth_queries.Membership(user_id, "somebody@kyros.example", "viewer")
            return original(connection, user_id, tenant_id) or stranger

        return find

    replace_function(patch, auth_queries, "find_membership", make)


def _of_every_tenant(owner: Any, name: str, key: str) -> Callable[[pytest.MonkeyPatch], None]:
    """Take the condition on the tenant, or the person, out of a query that lists things."""

    def make(original: Function) -> Function:
        def find(connection: Connection, _wanted: str) -> Any:
            ids = connection.exec_driver_sql(f"SELECT id FROM {key}").scalars().all()
            return [item for one in ids for item in original(connection, one)]

        return find

    return lambda patch: replace_function(patch, owner, name, make)


def _shared_cache(patch: pytest.MonkeyPatch) -> None:
    """Leave the tenant out of the key, and of what is looked at on the way out."""

    def make(original: Function) -> Function:
        def answer(self: cache.ResultCache, subject: cache.Subject, *args: Any) -> Awaitable[Any]:
            result: Awaitable[Any] = original(self, subject._replace(tenant_id="anybody"), *args)
            return result

        return answer

    replace_function(patch, cache.ResultCache, "answer", make)


def _any_tag(patch: pytest.MonkeyPatch) -> None:
    replace_function(patch, cache, "is_known", lambda _: lambda _etag, given: given is not None)


def _whole_log(patch: pytest.MonkeyPatch) -> None:
    replace_function(patch, audit_queries, "select_lines", lambda _: lambda _id: select(audit_log))


def _admin_by_token(patch: pytest.MonkeyPatch) -> None:
    """Believe the role in the token, whatever the database says."""

    def make(original: Function) -> Function:
        async def enter(request: Request, *args: Any) -> Any:
            scope, row = await original(request, *args)
            token = request.headers["Authorization"].split()[1]
            said = jwt.decode(token, options={"verify_signature": False})["role"]
            return scope._replace(role=said), row

        return enter

    replace_function(patch, access, "enter_tenant", make)


def share_a_variable(patch: pytest.MonkeyPatch) -> None:
    """Keep who is calling where all requests do; only many at once can tell."""
    shared = SimpleNamespace()

    def make(original: Function) -> Function:
        async def enter(request: Request, *args: Any) -> Any:
            shared.entered = await original(request, *args)
            await asyncio.sleep(0.001)  # others go on meanwhile
            return shared.entered

        return enter

    replace_function(patch, access, "enter_tenant", make)


MUTATIONS = (
    Mutation("the signature", "signed with another key", _decode_with(_no_signature)),
    Mutation("the ban on `none`", "algorithm none", _decode_with(_none_allowed)),
    Mutation("the one algorithm", "another algorithm", _decode_with(_any_algorithm)),
    Mutation("the audience", "wrong kind", _decode_with(_any_audience)),
    Mutation("the issuer", "wrong issuer", _decode_with(_any_issuer)),
    Mutation("the expiry", "expired", _decode_with(_no_expiry)),
    Mutation(
        "the end of a retired key",
        "retired key",
        settings={"jwt_secret_key_previous": RETIRED_SECRET},
    ),
    Mutation("the path against the token", "another tenant's", _path_unchecked),
    Mutation(
        "the token as the only source of the tenant: a header chooses",
        "tenant header",
        _tenant_from(lambda request: request.headers.get("X-Tenant-ID")),
    ),
    Mutation(
        "the token as the only source of the tenant: a cookie chooses",
        "cookie",
        _tenant_from(lambda request: request.cookies.get("tenant_id")),
    ),
    Mutation(
        "the token as the only source of the tenant: a parameter chooses",
        "query parameter",
        _tenant_from(lambda request: request.query_params.get("tenant_id")),
    ),
    Mutation("the path of a file from the metadata", "file by parameter", _file_from_parameter),
    Mutation("the membership at reading", "no longer a member", _everybody_is_a_member),
    Mutation("the membership at exchange", "another tenant's", _exchange_without_grant),
    Mutation(
        "the person in the list of tenants",
        "another tenant's",
        _of_every_tenant(me_queries, "active_tenants", "users"),
    ),
    Mutation(
        "the tenant in the list of dashboards",
        RIGHT,
        _of_every_tenant(tenant_queries, "list_dashboards", "tenants"),
    ),
    Mutation("the role in the database", "lesser role", _admin_by_token),
    Mutation("the tenant in the cache", "another tenant's", _shared_cache),
    Mutation("the tenant in the ETag", "the victim's ETag", _any_tag),
    Mutation("the tenant in the audit log", RIGHT, _whole_log),
)
