"""How versions of a tenant's data are called, which tells whose they are."""

from __future__ import annotations

_DEMO, _OWN = "demo-", "own-"


def demo_version(digest: str) -> str:
    """Return the name of data that seeding made: the same in, the same name."""
    return _DEMO + digest[:16]


def own_version(moment: str) -> str:
    """Return the name of data that somebody brought, from the moment when they came."""
    return _OWN + moment


def is_own(version: str | None) -> bool:
    """Say whether these are data that somebody brought, which seeding never replaces."""
    return version is not None and version.startswith(_OWN)
