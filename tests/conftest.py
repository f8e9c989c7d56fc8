"""Fixtures across services: one real stack an engine for the whole run, each in its own copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts.support import docker
from scripts.support.project import Engine
from tests.browsing import missing
from tests.production_stack import Production, production_in
from tests.stacks import Stack, make_copy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from scripts.support.outside import Edge


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the choice of what takes minutes."""
    parser.addoption("--long", action="store_true", help="Run what takes minutes as well.")
    parser.addoption(
        "--kill-engine",
        action="store_true",
        help="Kill the Docker engine of this machine as well, with all that runs on it.",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes minutes, or kills the engine, unless it is asked for."""
    options = {"long": "long", "engine": "kill_engine"}
    unasked = [mark for mark, option in options.items() if not config.getoption(option)]
    left_out = [item for item in items if any(map(item.get_closest_marker, unasked))]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


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


@pytest.fixture(scope="module")
def prepare() -> Callable[[Production], None]:
    """What a module does with its production before that starts; nothing, unless it says so."""
    return lambda _: None


@pytest.fixture(scope="module")
def production(
    tmp_path_factory: pytest.TempPathFactory, prepare: Callable[[Production], None]
) -> Iterator[Production]:
    """One for all tests of a module; they run in the order they stand, and may stop it."""
    folder = tmp_path_factory.mktemp("production") / "kyros"
    with production_in(folder, prepare) as running:
        yield running


@pytest.fixture(scope="module")
def member(production: Production) -> Edge:
    """Somebody who signed in before anything else happened."""
    return production.member()
