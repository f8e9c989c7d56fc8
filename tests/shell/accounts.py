"""The demo's people, and a password for those who need one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.production import Platform

ADMIN = "admin@acme.com"
ANALYST = "analyst@acme.com"
BETA = "viewer@beta.com"
PASSWORD = "correct horse battery 9"


def give_password(platform: Platform, email: str) -> None:
    """Give a demo user a password, beside the button."""
    platform.admin("user", "set-password", email, "--stdin", text=f"{PASSWORD}\n")
