"""What sign-in takes and answers."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, SecretStr, StringConstraints

from kyros_api.auth.passwords import MAXIMUM_LENGTH
from kyros_shared_config import AuthMode

Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        to_lower=True,
        max_length=254,
        pattern=r"^[^@\s\x00-\x1f\x7f-\x9f]+@[^@\s\x00-\x1f\x7f-\x9f]+$",
    ),
]


class Login(BaseModel):
    """Who somebody says they are, and the proof; the password is shown in no log and no error."""

    email: Email
    password: Annotated[SecretStr, Field(min_length=1, max_length=MAXIMUM_LENGTH)]


class MockLogin(BaseModel):
    """A demo user, by email."""

    email: Email


class AccessToken(BaseModel):
    """A token, and for how many seconds it is good."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the name of a scheme
    expires_in: int


class SignedOut(BaseModel):
    """The token is good no longer."""

    signed_out: Literal[True] = True


class DemoUser(BaseModel):
    """Somebody who may sign in without a password in demo mode."""

    email: str
    description: str


class SignInOptions(BaseModel):
    """How people sign in here."""

    mode: AuthMode
    demo_users: list[DemoUser]
