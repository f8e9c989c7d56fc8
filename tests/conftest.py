"""Fixtures across services: one real stack an engine for the whole run, each in its own copy."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NoReturn

import pytest

from scripts.support import docker
from scripts.support.state import Engine
from tests.stacks import Stack, make_copy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


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
    """The platform in each engine, one after the other: the first is gone when the second starts."""
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
