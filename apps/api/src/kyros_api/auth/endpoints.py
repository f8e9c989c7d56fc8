"""Sign-in."""

from itertools import groupby

from fastapi import APIRouter, Request

from kyros_api.auth import queries
from kyros_api.auth.revocation import is_revoked, revoke
from kyros_api.auth.schemas import (
    AccessToken,
    DemoUser,
    Login,
    MockLogin,
    SignedOut,
    SignInOptions,
)
from kyros_api.auth.sign_in import SignIn
from kyros_api.dependencies import Services, TokenHolder
from kyros_api.errors import NotFoundError
from kyros_api.metrics import sign_ins
from kyros_api.openapi.refusals import refuses
from kyros_shared_config import TokenAuthority, UserClaims

router = APIRouter(prefix="/api/auth", tags=["auth"])


@router.get("/options", operation_id="getSignInOptions")
@refuses("DATABASE_UNAVAILABLE")
async def options(services: Services) -> SignInOptions:
    """Say how people sign in here, and in demo mode as whom."""
    mode = services.settings.auth_mode
    if not services.settings.demo:
        return SignInOptions(mode=mode, demo_users=[])
    grants = await services.metadata.read(queries.list_users)
    return SignInOptions(
        mode=mode,
        demo_users=[
            DemoUser(email=email, description=_describe([(name, role) for _, name, role in rows]))
            for email, rows in groupby(grants, key=lambda grant: grant[0])
        ],
    )


def _describe(grants: list[tuple[str, str]]) -> str:
    """Say what somebody is: "Admin of Acme Corporation and Beta Industries"."""
    by_role = groupby(sorted(grants, key=lambda grant: grant[1]), key=lambda grant: grant[1])
    parts = [f"{role} of {' and '.join(name for name, _ in rows)}" for role, rows in by_role]
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]


@router.post("/login", operation_id="signIn")
@refuses(
    *("INVALID_CREDENTIALS", "RATE_LIMITED", "SIGN_IN_BUSY"),
    *("DATABASE_UNAVAILABLE", "AUDIT_UNAVAILABLE"),
)
async def login(body: Login, request: Request, sign_in: SignIn, services: Services) -> AccessToken:
    """Sign in with email and password."""
    with sign_ins.counted():
        user = await sign_in(body.email, body.password.get_secret_value())
    request.state.log["user"] = user.id
    return _user_token(services.authority, user)


@router.post("/mock-login", operation_id="signInAsDemoUser")
@refuses("USER_NOT_FOUND", "NOT_FOUND", "DATABASE_UNAVAILABLE", "AUDIT_UNAVAILABLE")
async def mock_login(body: MockLogin, request: Request, services: Services) -> AccessToken:
    """Sign a demo user in without a password; exists in demo mode only."""
    if not services.settings.demo:
        raise NotFoundError("NOT_FOUND", "There is nothing at this address.")
    with sign_ins.counted():
        user = await services.metadata.read(queries.find_user, body.email)
        if user is None:
            services.audit.record("auth.sign_in", "denied", actor=body.email, reason="unknown user")
            raise NotFoundError("USER_NOT_FOUND", "There is no demo user with this email.")
        services.audit.record("auth.sign_in", "allowed", actor=user.email)
    request.state.log["user"] = user.id
    return _user_token(services.authority, user)


@router.post("/logout", operation_id="signOut")
@refuses("DATABASE_UNAVAILABLE", "AUDIT_UNAVAILABLE")
async def logout(user: TokenHolder, services: Services) -> SignedOut:
    """Sign out: the user token, and every tenant token that was given for it, is refused.

    By every replica, from the next request on. Doing it again changes nothing.
    """
    if not await services.metadata.read(is_revoked, user.jti):
        longest = services.authority.lifetimes.tenant
        await services.metadata.write(revoke, user.jti, user.exp, longest)
        services.audit.record("auth.sign_out", "allowed", actor=user.email)
    return SignedOut()


def _user_token(authority: TokenAuthority, user: queries.User) -> AccessToken:
    claims = UserClaims(sub=user.id, email=user.email, tenant_ids=user.tenant_ids)
    return AccessToken(
        access_token=authority.mint_user_token(claims),
        expires_in=int(authority.lifetimes.user.total_seconds()),
    )
