"""What sign-in takes and answers."""

from typing import Annotated, Literal

from pydantic import BaseModel, StringConstraints

from kyros_shared_config import AuthMode

Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, to_lower=True, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$"
    ),
]


class MockLogin(BaseModel):
    """A demo user, by email."""

    email: Email


class AccessToken(BaseModel):
    """A token, and for how many seconds it is good."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the name of a scheme
    expires_in: int


class DemoUser(BaseModel):
    """Somebody who may sign in without a password in demo mode."""

    email: str
    description: str


class SignInOptions(BaseModel):
    """How people sign in here."""

    mode: AuthMode
    demo_users: list[DemoUser]
