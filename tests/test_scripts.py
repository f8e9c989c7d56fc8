"""The parts of scripts/ that decide something without starting anything."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from scripts.support import docker
from scripts.support.journey import callback_body, count_traces
from scripts.support.node import packages_are_current

if TYPE_CHECKING:
    from pathlib import Path


def write_lock(path: Path, packages: dict[str, Any]) -> None:
    """Write a lock as npm does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"packages": {"": {"name": "root"}} | packages}))


@pytest.mark.parametrize(
    ("installed", "expected"),
    [
        ({"a": {"version": "1"}}, True),
        ({"a": {"version": "2"}}, False),
        ({"b": {"version": "1", "optional": True}}, False),
        (None, False),
    ],
)
def test_npm_runs_only_when_the_lock_is_not_what_is_installed(
    tmp_path: Path, installed: dict[str, Any] | None, *, expected: bool
) -> None:
    """Optional packages of other systems may be missing, nothing else."""
    wanted = {"a": {"version": "1"}, "b": {"version": "1", "optional": True}}
    write_lock(tmp_path / "package-lock.json", wanted)
    if installed is not None:
        write_lock(tmp_path / "node_modules" / ".package-lock.json", installed)
    assert expected == packages_are_current(tmp_path)


@pytest.mark.parametrize(
    ("engine", "compose", "expected"),
    [
        ("26.1.5+dfsg1", "2.26.1-4", None),
        ("28.0", "v2.35.0-desktop.1", None),
        ("24.0.7", "2.26.1", "Docker engine 24.0.7 is too old; update it to 25.0"),
        ("26.1.5", "2.17.3", "Docker Compose 2.17.3 is too old; update it to 2.24"),
        ("26.1.5", "", "its Compose plugin is not"),
    ],
)
def test_what_is_too_old(
    monkeypatch: pytest.MonkeyPatch, engine: str, compose: str, expected: str | None
) -> None:
    """Each with the remedy, and the way round it."""
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/docker")
    answers = {"version": engine, "compose": compose}

    def ask(*arguments: str) -> subprocess.CompletedProcess[str]:
        text = answers[arguments[0]]
        return subprocess.CompletedProcess(arguments, 0 if text else 1, text, "")

    monkeypatch.setattr(docker, "ask", ask)
    found = docker.inspect()
    assert found.usable == (expected is None)
    assert expected is None or expected in found.sentence()
    assert expected is None or "-- --engine local" in found.sentence()


def test_published_ports() -> None:
    """As docker ps writes them: single, range, not published."""
    text = "127.0.0.1:8000->8000/tcp, [::]:80-82->80-82/tcp, 9000/tcp"
    assert docker.published(text) == {8000, 80, 81, 82}


@pytest.mark.parametrize(
    ("ports", "expected"),
    [
        ("127.0.0.1:9090->9090/tcp, [::1]:9090->9090/tcp, 9000/tcp", False),
        ("", False),
        ("127.0.0.1:9090->9090/tcp, 0.0.0.0:80-81->80-81/tcp", True),
        ("[::]:443->8443/udp", True),
        (":::443->8443/udp", True),
        ("192.0.2.7:443->8443/tcp", True),
    ],
)
def test_ports_that_others_reach(ports: str, *, expected: bool) -> None:
    """Whatever is not at this machine's own addresses alone."""
    assert expected == docker.reachable(ports)


def test_smoke_asks_as_the_page_of_a_dashboard_does() -> None:
    """One callback with two outputs becomes the request, and its answer's traces are counted."""
    callback = {
        "output": "..a.figure...b-title.children..",
        "inputs": [{"id": "x", "property": "value"}],
        "state": [],
    }
    body = callback_body(callback)
    assert body["outputs"] == [
        {"id": "a", "property": "figure"},
        {"id": "b-title", "property": "children"},
    ]
    assert body["inputs"] == [{"id": "x", "property": "value", "value": None}]
    figure = {"data": [{"x": [1], "y": [2]}, {"x": [], "y": []}]}
    answer = {"response": {"a": {"figure": figure}, "b-title": {"children": "T"}}}
    assert count_traces(answer) == 1


def test_keep_alive_starts_again_and_leaves_nothing(tmp_path: Path) -> None:
    """A service that ends is started again; when the wrapper is told to end, so is its service."""
    starts = tmp_path / "starts"
    script = f"echo x >> {starts}; test $(wc -l < {starts}) -gt 1 && exec sleep 60; exit 3"
    wrapper = subprocess.Popen(
        [sys.executable, "-m", "scripts.support.keep_alive", "--", "sh", "-c", script],
        stdout=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 20
    while not (starts.exists() and starts.read_text().count("x") > 1):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    children = psutil.Process(wrapper.pid).children(recursive=True)
    wrapper.terminate()
    said, _ = wrapper.communicate(timeout=10)
    assert "ended with code 3; starting it again" in said
    assert not [child for child in children if child.is_running()]
