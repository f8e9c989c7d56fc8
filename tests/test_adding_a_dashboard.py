"""docs/adding-a-dashboard.md, held to the code: its paths exist, and so does what it shows."""

from __future__ import annotations

import ast
import dataclasses
import re
from typing import TYPE_CHECKING

import pytest

import kyros_dash_kit
from kyros_api.dashboards.catalogue import specification
from kyros_api.modelling import preparation
from kyros_api.seeding import demo, sources
from scripts.support.project import DASHBOARDS, ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.support.project import Service

PAGE = (ROOT / "docs/adding-a-dashboard.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
WORDS = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL))
PATHS = [
    word for word in WORDS if re.fullmatch(r"[\w./-]+(/[\w.-]+|\.(py|yml|toml|md|example))", word)
]
CLASSES = [word.partition(".")[0] for word in WORDS if re.fullmatch(r"[A-Z][a-z]\w*(\.\w+)?", word)]
PLACES = (specification, preparation, demo, sources, kyros_dash_kit)


def class_called(name: str) -> type:
    """Return a class of those places by its name."""
    found: type = next(getattr(place, name) for place in PLACES if hasattr(place, name))
    return found


@pytest.mark.parametrize("path", PATHS)
def test_a_path_exists(path: str) -> None:
    """Each path is there; of one that is yours to make, its folder."""
    found: Path = ROOT / path
    while "churn" in found.name:
        found = found.parent
    assert found.exists()


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_exists(name: str) -> None:
    """Each class that the text names is where a dashboard finds it."""
    assert any(hasattr(place, name) for place in PLACES)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_right(example: str) -> None:
    """Each call in an example has the arguments that its class takes, and all that it needs."""
    calls = [
        node
        for node in ast.walk(ast.parse(example))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    assert calls
    for call in calls:
        fields = dataclasses.fields(class_called(ast.unparse(call.func)))
        names = [field.name for field in fields]
        given = [*names[: len(call.args)], *(str(keyword.arg) for keyword in call.keywords)]
        assert set() == set(given) - set(names)
        needed = {
            field.name
            for field in fields
            if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        }
        assert set() == needed - set(given)


def test_names_in_private_places() -> None:
    """What a new dashboard must be entered in has the name that the page says."""
    places = {
        "scripts/support/journey.py": "DASHBOARDS = ",
        "scripts/support/project.py": "DASHBOARDS = ",
        "apps/api/tests/isolation/routes.py": "def _values(",
    }
    for path, name in places.items():
        assert path in PATHS
        assert f"\n{name}" in (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("service", DASHBOARDS.values(), ids=lambda service: service.name)
def test_the_files_of_an_app(service: Service) -> None:
    """Each app has the files that the page lists; a module may have become a package."""
    listed = re.findall(r"^    (\w+\.\w+)  ", PAGE, re.MULTILINE)
    assert {"__init__.py", "ids.py", "layout.py", "main.py"} <= set(listed)
    folder = ROOT / "apps" / service.name / "src" / f"kyros_{service.name.replace('-', '_')}"
    assert [] == [
        file
        for file in listed
        if not (folder / file).exists() and not (folder / file.removesuffix(".py")).is_dir()
    ]
