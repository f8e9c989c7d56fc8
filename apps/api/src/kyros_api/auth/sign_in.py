"""Signing in with a password: throttled, audited, and alike for everybody who is refused."""

import logging
from typing import Annotated, NamedTuple

from fastapi import Depends, Request
from sqlalchemy.exc import SQLAlchemyError

from kyros_api.auth.queries import Credentials, User, find_credentials, find_user, replace_hash
from kyros_api.auth.throttle import busy, network_of
from kyros_api.dependencies import Services
from kyros_api.errors import UnauthorizedError
from kyros_api.services import ApiServices

_log = logging.getLogger(__name__)


class _Checked(NamedTuple):
    """Who signed in, or else why nobody did."""

    user: User | None
    reason: str = ""


class PasswordSignIn:
    """Says who signs in with an email and a password.

    Whoever does not exist, is disabled, has no password or gave a wrong one gets the same answer
    after the same work. Only the audit log tells them apart.

    Args:
        services: of the API.
        address: of who signs in, as :func:`network_of` returns it.
    """

    def __init__(self, services: ApiServices, address: str) -> None:
        self._throttle = services.throttle
        self._passwords = services.passwords
        self._database = services.metadata
        self._audit = services.audit
        self._address = address

    async def __call__(self, email: str, password: str) -> User:
        """Return the user.

        Raises:
            UnauthorizedError: this is not how anybody signs in.
            TooManyRequestsError: too many have failed; nothing was checked.
            UnavailableError: too many are being checked; nothing was.
            SQLAlchemyError: the database is away, or takes no writes; whoever it is.
        """
        self._refuse_when_busy()
        async with self._throttle.attempt(email, self._address) as attempt:
            self._refuse_when_busy()  # others may have come while the place was taken
            user, reason = await self._check(email, password)
            if user is not None:
                await attempt.succeeded()
                self._audit.record("auth.sign_in", "allowed", actor=email, address=self._address)
                return user
            refused_from_now_on = await attempt.failed()
        self._record_denial("auth.sign_in", email, reason)
        for kind in refused_from_now_on:
            self._record_denial("auth.throttle", email, f"too many failures of this {kind}")
        raise UnauthorizedError("INVALID_CREDENTIALS", "The email or the password is wrong.")

    def _refuse_when_busy(self) -> None:
        if self._passwords.busy:
            raise busy()

    async def _check(self, email: str, password: str) -> _Checked:
        found = await self._database.read(find_credentials, email)
        stored = found.password_hash if found and found.is_active else None
        correct, new_hash = await self._passwords.verify(password, stored)
        if found is None or stored is None:
            return _Checked(None, _why_none(found))
        if not correct:
            return _Checked(None, "wrong password")
        if new_hash is not None:
            await self._keep(found.id, stored, new_hash)
        user = await self._database.read(find_user, email)  # as it is now, some time later
        return _Checked(user, "disabled user")

    async def _keep(self, user_id: str, old: str, new: str) -> None:
        try:
            await self._database.write(replace_hash, user_id, old, new)
        except SQLAlchemyError as fault:  # the next sign-in tries again
            _log.warning("a password hash was not renewed: %s", type(fault).__name__)

    def _record_denial(self, action: str, email: str, reason: str) -> None:
        self._audit.record(action, "denied", actor=email, reason=reason, address=self._address)


def _why_none(found: Credentials | None) -> str:
    if found is None:
        return "unknown user"
    return "no password" if found.is_active else "disabled user"


async def _sign_in(request: Request, services: Services) -> PasswordSignIn:
    return PasswordSignIn(services, network_of(request.client.host if request.client else None))


SignIn = Annotated[PasswordSignIn, Depends(_sign_in)]
