"""The variables a run goes by: the shell's, then .env's; and making a .env where there is none."""

from __future__ import annotations

import io
import os
import re
import secrets
from typing import TYPE_CHECKING

from dotenv import dotenv_values
from dotenv.parser import Binding, parse_stream

from scripts.support import files
from scripts.support.project import ROOT, SERVICES
from scripts.support.terminal import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ENV_FILE = ROOT / ".env"
ENV_EXAMPLE = ROOT / ".env.example"

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LAST_PORT = 65535


def read(path: Path = ENV_FILE) -> dict[str, str]:
    """Return what .env sets, with the shell's variables on top; empty values are left out.

    Raises:
        Problem: a line cannot be read, or a port is not one; names line and variable, no value.
    """
    values = _parse(path) if path.exists() else {}
    merged = {name: value for name, value in (values | os.environ).items() if value}
    _check_ports(merged, path)
    return merged


def _parse(path: Path) -> dict[str, str]:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Problem(
            f"{path.name}, line {line}: not UTF-8 text; save the file as UTF-8."
        ) from None
    except OSError as error:
        raise Problem(
            f"{path.name} cannot be read ({error.strerror}); mend its permissions."
        ) from None
    seen: dict[str, int] = {}
    for binding in parse_stream(io.StringIO(text)):
        _check_binding(binding, path.name, seen)
    return {k: v or "" for k, v in dotenv_values(stream=io.StringIO(text)).items()}


def _check_binding(binding: Binding, file: str, seen: dict[str, int]) -> None:
    original = binding.original.string
    line = binding.original.line + len(original) - len(original.lstrip("\n"))
    name, problem = binding.key or "", None
    if binding.error and _open_quote(original):
        name = original.strip().partition("=")[0]
        problem = f"the quotes of {name} do not close; add the missing one"
    elif binding.error or (binding.value is None and not _NAME.fullmatch(name or "_")):
        # What stands there is not printed: it may be a secret that slipped into a line of its own.
        problem = "this is not NAME=value; correct the line or delete it"
    elif binding.key and not _NAME.fullmatch(name):
        problem = f"{name} is not a variable name; use letters, digits and _ only"
    elif binding.key and binding.value is None:
        problem = f"{name} has no value; write {name}= or delete the line"
    elif name in seen:
        problem = f"{name} is set twice, first in line {seen[name]}; delete one of them"
    if problem:
        raise Problem(f"{file}, line {line}: {problem}.")
    if name:
        seen[name] = line


def _open_quote(text: str) -> bool:
    value = text.partition("=")[2].strip()
    return value[:1] in {"'", '"'} and value.count(value[0]) == 1


def _check_ports(values: Mapping[str, str], path: Path) -> None:
    taken: dict[int, str] = {}
    for service in SERVICES:
        name, text = service.port_variable, values.get(service.port_variable)
        if text and not (text.isascii() and text.isdigit() and 0 < int(text) <= _LAST_PORT):
            raise Problem(f"{name} is not a port ({text!r}); set it to a number in {path.name}.")
        port = service.port(values)
        if port in taken:
            raise Problem(
                f"{name} and {taken[port]} are both {port}; give each its own port in {path.name}."
            )
        taken[port] = name


def generate(path: Path = ENV_FILE, example: Path = ENV_EXAMPLE) -> None:
    """Make .env from .env.example, with random secrets, for its owner's eyes only."""
    fill = {
        "JWT_SECRET_KEY": secrets.token_hex(32),
        "SESSION_SECRET_KEY": secrets.token_hex(32),
        "KYROS_UID": str(os.getuid()),
        "KYROS_GID": str(os.getgid()),
    }
    lines = example.read_text(encoding="utf-8").splitlines()
    made = [f"{line}{fill.get(line.removesuffix('='), '')}" for line in lines]
    files.write(path, "\n".join(made) + "\n")
