"""Which engine runs this checkout's platform: written by `up`, read by everything after it."""

from __future__ import annotations

from enum import StrEnum

from scripts.support.project import STATE

_ENGINE_FILE = STATE / "engine"


class Engine(StrEnum):
    """What runs the services."""

    DOCKER = "docker"
    LOCAL = "local"


def remember(engine: Engine) -> None:
    """Record the engine for down, logs and doctor."""
    STATE.mkdir(exist_ok=True)
    _ENGINE_FILE.write_text(f"{engine}\n", encoding="utf-8")


def recall() -> Engine | None:
    """Return the engine of the last `up` that `down` has not ended."""
    try:
        return Engine(_ENGINE_FILE.read_text(encoding="utf-8").strip())
    except (OSError, ValueError):
        return None


def forget() -> None:
    """Record that nothing runs."""
    _ENGINE_FILE.unlink(missing_ok=True)
