"""Fixtures across services: one real stack an engine for the whole run, each in its own copy."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, NoReturn

import pytest
from playwright.sync_api import Browser, sync_playwright

from scripts.support import docker
from scripts.support.project import Engine
from tests.stacks import Stack, make_copy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


# No sandbox: CI runs as root. No traffic of the browser's own: a test counts the hosts it asks.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def missing(reason: str) -> NoReturn:
    """Skip a test that this machine cannot run; in CI nothing is skipped."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason}, and in CI nothing is skipped")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository in which nothing was ever started."""
    return make_copy(tmp_path_factory.mktemp("untouched") / "kyros")


@pytest.fixture(scope="session", params=list(Engine))
def stack(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    """The platform in each engine; the first is gone when the second starts."""
    engine: Engine = request.param
    found = docker.inspect()
    if engine is Engine.DOCKER and not found.usable:
        missing(found.reason)
    running = Stack(make_copy(tmp_path_factory.mktemp(engine) / "kyros"), engine)
    try:
        running.up()
        yield running
    finally:
        running.remove()


# Not for the session: while Playwright is open no other event loop may run in this thread.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, or any other on PATH."""
    program = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if program is None:
        missing("Chromium is not on this machine (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
