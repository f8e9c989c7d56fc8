"""User and tenant tokens: minted and verified here and nowhere else.

    TokenError
    ├── TokenMissingError   no bearer token came with the request
    ├── TokenExpiredError   it was good once
    ├── TokenRevokedError   so was this, and its person has signed out
    └── TokenInvalidError   anything else: signature, algorithm, issuer, audience, shape

One kind never passes for the other: each has an audience of its own, which verification pins.
"""

from __future__ import annotations

import time
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NamedTuple, TypeVar

import jwt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kyros_shared_config._verified import VerifiedTokens

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ALGORITHM = "HS256"
ISSUER = "kyros"
USER_AUDIENCE = "kyros:user"
TENANT_AUDIENCE = "kyros:tenant"

Role = Literal["admin", "viewer"]
_Name = Annotated[str, Field(min_length=1)]
# A token may come from a machine whose clock is ahead by so much. Its end is not put off by that: a
# tenant token that ends early is exchanged anew by the shell.
CLOCKS_APART = timedelta(minutes=5)
_REQUIRED_CLAIMS = ["iss", "aud", "sub", "iat", "exp", "jti"]


class TokenError(Exception):
    """A request's token does not let it in.

    Attributes:
        code: the error code of the answer.
    """

    code: ClassVar[str]


class TokenMissingError(TokenError):
    """No bearer token came with the request."""

    code = "TOKEN_MISSING"


class TokenInvalidError(TokenError):
    """The token is not one of ours, or of the other kind."""

    code = "TOKEN_INVALID"


class TokenExpiredError(TokenError):
    """The token was good, and its time is over."""

    code = "TOKEN_EXPIRED"


class _Claims(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    sub: _Name
    email: _Name


class UserClaims(_Claims):
    """Who is signed in, and the tenants that were theirs when the token was made."""

    tenant_ids: list[_Name]


class TenantClaims(_Claims):
    """Who is acting for which one tenant, and as what.

    Attributes:
        sid: the id of the user token that it was given for, so that both end with its sign-out.
    """

    tenant_id: _Name
    role: Role
    sid: str = ""


class VerifiedUser(UserClaims):
    """What a user token says, and which it is.

    Attributes:
        jti: its own id.
        exp: its end, in seconds since the epoch.
    """

    jti: _Name
    exp: int


class TokenRevokedError(TokenError):
    """The token was good, and its person has signed out."""

    code = "TOKEN_REVOKED"


class TokenLifetimes(NamedTuple):
    """How long each kind of token is good."""

    user: timedelta = timedelta(seconds=3600)
    tenant: timedelta = timedelta(seconds=1800)


ClaimsT = TypeVar("ClaimsT", bound=_Claims)


class TokenAuthority:
    """Mints and verifies both kinds of token.

    Args:
        secret: the HS256 key that signs, and verifies first.
        previous_secret: a key that still verifies, so that a rotation signs nobody out.
        lifetimes: of the tokens that it mints.
        clock: seconds since the epoch; tests pass their own for minting.

    Attributes:
        lifetimes: of the tokens that it mints.
    """

    def __init__(
        self,
        secret: str,
        previous_secret: str | None = None,
        *,
        lifetimes: TokenLifetimes | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._secret = secret
        self._verifying: Sequence[str] = [secret, *([previous_secret] if previous_secret else [])]
        self.lifetimes = lifetimes or TokenLifetimes()
        self._clock = clock
        self._users = VerifiedTokens[VerifiedUser]()
        self._tenants = VerifiedTokens[TenantClaims]()

    def mint_user_token(self, claims: UserClaims) -> str:
        """Sign a token for somebody who has signed in."""
        return self._mint(claims, USER_AUDIENCE, self.lifetimes.user)

    def mint_tenant_token(self, claims: TenantClaims) -> str:
        """Sign a token for somebody who has entered a tenant."""
        return self._mint(claims, TENANT_AUDIENCE, self.lifetimes.tenant)

    def verify_user_token(self, token: str) -> VerifiedUser:
        """Return what the user token says.

        Raises:
            TokenExpiredError: its time is over.
            TokenInvalidError: it is anything but a user token of ours.
        """
        return self._users.get(token) or self._users.put(
            token, *self._verify(token, USER_AUDIENCE, VerifiedUser)
        )

    def verify_tenant_token(self, token: str) -> TenantClaims:
        """Return what the tenant token says.

        Raises:
            TokenExpiredError: its time is over.
            TokenInvalidError: it is anything but a tenant token of ours.
        """
        return self._tenants.get(token) or self._tenants.put(
            token, *self._verify(token, TENANT_AUDIENCE, TenantClaims)
        )

    def _mint(self, claims: _Claims, audience: str, lifetime: timedelta) -> str:
        now = int(self._clock())
        payload = claims.model_dump() | {
            "iss": ISSUER,
            "aud": audience,
            "iat": now,
            "exp": now + int(lifetime.total_seconds()),
            "jti": uuid.uuid4().hex,
        }
        return jwt.encode(payload, self._secret, algorithm=ALGORITHM)

    def _verify(self, token: str, audience: str, shape: type[ClaimsT]) -> tuple[ClaimsT, int]:
        payload = self._decode(token, audience)
        try:
            return shape.model_validate(payload), int(payload["exp"])
        except ValidationError as error:
            raise TokenInvalidError("The token's claims are not of this kind.") from error

    def _decode(self, token: str, audience: str) -> dict[str, Any]:
        for secret in self._verifying:
            try:
                payload = jwt.decode(
                    token,
                    secret,
                    algorithms=[ALGORITHM],
                    audience=audience,
                    issuer=ISSUER,
                    options={
                        "require": _REQUIRED_CLAIMS,
                        "strict_aud": True,
                        "verify_iat": False,  # it allows for no difference of clocks; see below
                    },
                )
            except jwt.ExpiredSignatureError as error:
                raise TokenExpiredError("The token has expired: sign in again.") from error
            except jwt.InvalidSignatureError:
                continue
            except (jwt.PyJWTError, ValueError, TypeError) as error:
                raise TokenInvalidError("The token is not valid.") from error
            _require_past(payload["iat"])
            return payload
        raise TokenInvalidError("The token is not valid.")


def _require_past(issued_at: object) -> None:
    """Refuse what was issued in the future, further than clocks may be apart."""
    latest = time.time() + CLOCKS_APART.total_seconds()
    if not isinstance(issued_at, int | float) or not issued_at <= latest:
        raise TokenInvalidError("The token is not valid.")


def bearer_token(authorization: str | None) -> str:
    """Return the token of an ``Authorization`` header's value.

    Raises:
        TokenMissingError: there is no header, or it holds no bearer token.
    """
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise TokenMissingError("Send a bearer token in the Authorization header.")
    return token.strip()
