"""The real services, as their images run them, for the browser tests of the shell.

Tests that only look share ``platform``. A test that changes metadata, stops a service or needs
other settings runs its own on a copy of the data, in a block or in a fixture of its module::

    with platforms.running(TENANT_TOKEN_SECONDS="5") as own:
        person = people.new(own)
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from benchmarks.production import Platform, running, seed
from scripts.support import shell_build
from tests.shell.people import People, Person

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser


@dataclass(frozen=True)
class Platforms:
    """Runs services on copies of one seeded folder.

    Attributes:
        seeded: the folder; nothing writes to it.
        build: the folder of the shell's production build, ``.next/static`` and all.
    """

    seeded: Path
    build: Path

    @contextmanager
    def running(self, **variables: str) -> Iterator[Platform]:
        """Run all services with these variables on top, on a copy, until the block ends."""
        with running(self.seeded, self.build, variables) as platform:
            yield platform


@pytest.fixture(scope="session")
def platforms(tmp_path_factory: pytest.TempPathFactory) -> Platforms:
    """The demo's data and the shell's build, each made once."""
    return Platforms(seed(tmp_path_factory.mktemp("seeded") / "data"), shell_build.build())


@pytest.fixture(scope="session")
def platform(platforms: Platforms) -> Iterator[Platform]:
    """Services in demo mode that tests share: look, sign in, and change nothing."""
    with platforms.running() as shared:
        yield shared


@pytest.fixture
def people(chromium: Browser, platform: Platform) -> Iterator[People]:
    """Everybody that the test needs; their windows close when it ends."""
    everybody = People(chromium, platform)
    yield everybody
    everybody.leave()


@pytest.fixture
def person(people: People) -> Person:
    """Somebody at a desk, not signed in."""
    return people.new()
