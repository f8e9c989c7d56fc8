"""The exchange itself, whichever way it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kyros_api.auth.queries import find_membership
from kyros_api.errors import ForbiddenError
from kyros_api.metrics import token_exchanges
from kyros_shared_config import TenantClaims

if TYPE_CHECKING:
    from kyros_api.services import ApiServices
    from kyros_shared_config import Role, VerifiedUser

ACTION = "token.exchange"
NO_ACCESS = "You have no access to this tenant."


class Wanted(NamedTuple):
    """The tenant that somebody wants to enter, and as what: by default as what they are there."""

    tenant_id: str
    role: Role | None = None


class TenantToken(NamedTuple):
    """A token for one tenant, the role that is in it, and for how many seconds it is good."""

    token: str
    role: Role
    expires_in: int


async def exchange(user: VerifiedUser, wanted: Wanted, services: ApiServices) -> TenantToken:
    """Give a token for one tenant, if the database says at this moment that it is theirs.

    The user token's own list is not asked: access revoked since sign-in is access gone, and
    access granted since is there. An admin may ask to be a mere viewer, never the reverse.

    Raises:
        ForbiddenError: the tenant is not theirs or does not exist, or the role is not theirs.
    """
    with token_exchanges.counted():
        return await _exchange(user, wanted, services)


async def _exchange(user: VerifiedUser, wanted: Wanted, services: ApiServices) -> TenantToken:
    membership = await services.metadata.read(find_membership, user.sub, wanted.tenant_id)
    if membership is None:
        raise ForbiddenError(
            "TENANT_ACCESS_DENIED", NO_ACCESS, action=ACTION, tenant_id=wanted.tenant_id
        )
    role = wanted.role or membership.role
    if role not in {membership.role, "viewer"}:
        raise ForbiddenError(
            "ROLE_NOT_GRANTED",
            "You do not have this role in the tenant.",
            action=ACTION,
            tenant_id=wanted.tenant_id,
            role=role,
        )
    services.audit.record(ACTION, "allowed", actor=user.email, tenant_id=wanted.tenant_id)
    claims = TenantClaims(
        sub=user.sub,
        email=membership.email,
        tenant_id=wanted.tenant_id,
        role=role,
        sid=user.jti,
    )
    return TenantToken(
        services.authority.mint_tenant_token(claims),
        role,
        int(services.authority.lifetimes.tenant.total_seconds()),
    )
