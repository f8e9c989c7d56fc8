"""Who is calling, for which tenant: the one place where a request is bound to a tenant."""

from collections.abc import Callable
from typing import Annotated, Concatenate, NamedTuple, ParamSpec, TypeVar

from fastapi import Depends, Request
from sqlalchemy import Connection

from kyros_api.auth.revocation import refuse_revoked
from kyros_api.dependencies import note_caller, services_of
from kyros_api.errors import ForbiddenError, NotFoundError
from kyros_api.openapi.refusals import refuses
from kyros_api.tenants.queries import DashboardStanding, Standing, find_standing
from kyros_shared_config import Role, bearer_token

P = ParamSpec("P")
StandingT = TypeVar("StandingT", Standing, DashboardStanding)
# The codes that entering a tenant is refused with.
ENTERING = (
    *("TOKEN_MISSING", "TOKEN_INVALID", "TOKEN_EXPIRED", "TOKEN_REVOKED"),
    *("TENANT_ACCESS_DENIED", "TENANT_NOT_FOUND", "DATABASE_UNAVAILABLE"),
)


class Scope(NamedTuple):
    """A person in one tenant, as the verified token says and the database still holds.

    Attributes:
        tenant_id: the only one whose data the request may see.
        user_id: who is calling.
        email: of who is calling.
        role: what they are there; ``admin`` only if they were when the token was made, and are now.
    """

    tenant_id: str
    user_id: str
    email: str
    role: Role


async def enter_tenant(
    request: Request,
    find: Callable[Concatenate[Connection, str, str, str, P], StandingT | None],
    *args: P.args,
    **kwargs: P.kwargs,
) -> tuple[Scope, StandingT]:
    """Take the tenant from the verified token, and from nothing else.

    A path that names a tenant chooses nothing: it must agree. What the token says must still be so
    in the database at this moment.

    Args:
        request: that carries the token.
        find: reads the standing of (tenant, user, the session that the token belongs to), with
            what else the request needs to know.
        args: of ``find``, after these.
        kwargs: likewise.

    Returns:
        who is calling for which tenant, and the standing that was found.

    Raises:
        TokenError: there is no valid tenant token.
        ForbiddenError: the path names another tenant, or the tenant is no longer theirs.
        NotFoundError: the tenant is gone.
    """
    services = services_of(request)
    token = bearer_token(request.headers.get("Authorization"))
    claims = services.authority.verify_tenant_token(token)
    note_caller(request, claims)
    named = request.path_params.get("tenant_id", claims.tenant_id)
    if named != claims.tenant_id:
        raise ForbiddenError(
            "TENANT_MISMATCH",
            "The token is for another tenant.",
            action="tenant.read",
            asked_for=named[:64],
        )
    standing = await services.metadata.read(
        find, claims.tenant_id, claims.sub, claims.sid, *args, **kwargs
    )
    if standing is None:
        raise NotFoundError("TENANT_NOT_FOUND", "This tenant is gone or not active.")
    refuse_revoked(revoked=standing.signed_out)
    if standing.role is None:
        raise ForbiddenError(
            "TENANT_ACCESS_DENIED", "You have no access to this tenant.", action="tenant.read"
        )
    role: Role = claims.role if standing.role == "admin" else standing.role
    return Scope(claims.tenant_id, claims.sub, claims.email, role), standing


@refuses(*ENTERING, scheme="tenantToken")
async def _tenant_scope(request: Request) -> Scope:
    scope, _ = await enter_tenant(request, find_standing)
    return scope


TenantScope = Annotated[Scope, Depends(_tenant_scope)]


@refuses("ADMIN_REQUIRED")
async def _admin_scope(scope: TenantScope) -> Scope:
    if scope.role != "admin":
        raise ForbiddenError(
            "ADMIN_REQUIRED",
            "Only an admin of this tenant may see this.",
            action="tenant.administer",
        )
    return scope


AdminScope = Annotated[Scope, Depends(_admin_scope)]
