"""What a developer's copy makes for itself before the API starts."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

SECRETS = ("JWT_SECRET_KEY", "SESSION_SECRET_KEY")


def make_missing_secrets() -> list[Path]:
    """Write a random secret into each file that ``<NAME>_FILE`` names and that is not there.

    Nothing is made where ``<NAME>`` itself is set.

    Returns:
        the files that were made.
    """
    made = []
    for name in SECRETS:
        file = os.environ.get(f"{name}_FILE")
        if os.environ.get(name) or not file or Path(file).exists():
            continue
        path = Path(file)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Readable for the other services, which run as other users and share only this folder.
        part = path.with_name(f".{path.name}.part")
        part.write_text(secrets.token_hex(32), encoding="ascii")
        part.chmod(0o444)
        part.replace(path)
        made.append(path)
    return made
