"""What the images are made of, for their labels; and which keys the containers have read."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib

from scripts.support import secret_files, settings
from scripts.support.project import ROOT


def environment() -> dict[str, str]:
    """Return the variables that the compose files pass on; what .env or the shell says wins."""
    given = settings.read()
    made = {
        "KYROS_SOURCE": source(),
        "KYROS_REVISION": revision(),
        "KYROS_VERSION": version(),
        "KYROS_SECRETS_MADE": secret_files.made_at(),
    }
    return {name: given.get(name, value) for name, value in made.items()}


def version() -> str:
    """Return the version that pyproject.toml names."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["project"]["version"])


def revision() -> str:
    """Return the commit; with a mark when the files are not quite its own."""
    commit = _git("rev-parse", "HEAD")
    return f"{commit}-modified" if commit and _git("status", "--porcelain") else commit


def source() -> str:
    """Return where the repository comes from, without anybody's name and password."""
    return re.sub(r"(?<=://)[^/@]*@", "", _git("remote", "get-url", "origin"))


def _git(*arguments: str) -> str:
    """Ask Git about this checkout; nothing where there is none."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        return ""
    answer = subprocess.run(
        ["git", *arguments], check=False, capture_output=True, text=True, cwd=ROOT
    )
    return answer.stdout.strip() if answer.returncode == 0 else ""
