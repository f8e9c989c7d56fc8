"""Who may import whom: apps are never imported, and packages know no more than they must."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DASHBOARDS = {path.name for path in ROOT.glob("apps/dash-app-*/src/*")}
APPS = {"kyros_api"} | DASHBOARDS
WEB = {"fastapi", "starlette", "dash", "flask", "uvicorn"}
FRAMES = {"numpy", "pandas", "polars", "pyarrow"}  # docs/adr/0006
BEHIND_THE_KIT = {"fastapi", "httpx", "httpx2", "duckdb"} | FRAMES
INPUT_OUTPUT = {"httpx", "httpx2", "requests", "sqlalchemy", "duckdb", "socket", "urllib"}


def imported_modules(path: Path) -> set[str]:
    """Return the full names of what a Python file imports, also within its functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def imported(folder: str) -> dict[str, set[str]]:
    """Return the top-level modules that each Python file below a folder imports."""
    found = {
        str(path.relative_to(ROOT)): {name.partition(".")[0] for name in imported_modules(path)}
        for path in sorted((ROOT / folder).rglob("*.py"))
    }
    assert found, f"{folder} holds no Python file"
    return found


@pytest.mark.parametrize(
    ("folder", "forbidden"),
    [
        ("scripts", APPS),
        ("packages/shared-config/src", APPS | WEB | {"kyros_dash_kit", "kyros_analytics"}),
        ("packages/analytics/src", APPS | WEB | INPUT_OUTPUT | {"kyros_dash_kit"}),
        ("packages/dash-kit/src", APPS | FRAMES | {"sqlalchemy", "duckdb"}),
        ("apps/api/src", (APPS - {"kyros_api"}) | {"dash", "kyros_dash_kit"}),
        *(
            (
                f"apps/{name.removeprefix('kyros_').replace('_', '-')}/src",
                APPS - {name} | BEHIND_THE_KIT,
            )
            for name in sorted(DASHBOARDS)
        ),
    ],
)
def test_imports(folder: str, forbidden: set[str]) -> None:
    """No file of the folder imports what its place in the layout forbids."""
    offences = {path: names & forbidden for path, names in imported(folder).items()}
    assert {} == {path: names for path, names in offences.items() if names}


def test_only_modelling_fits() -> None:
    """Of the API, only what prepares data imports models; only what loads data imports that."""
    source = ROOT / "apps/api/src/kyros_api"
    fitting = FRAMES | {"kyros_analytics", "scipy", "sklearn"}
    offences = []
    for path in sorted(source.rglob("*.py")):
        place = path.relative_to(source).parts[0]
        modules = imported_modules(path)
        if place != "modelling" and {name.partition(".")[0] for name in modules} & fitting:
            offences.append(f"{path.relative_to(ROOT)} imports what fits models")
        if place not in {"modelling", "seeding", "ingest"} and any(
            name.startswith("kyros_api.modelling") for name in modules
        ):
            offences.append(f"{path.relative_to(ROOT)} imports kyros_api.modelling")
    assert [] == offences


@pytest.mark.parametrize("folder", ["apps", "benchmarks", "packages", "scripts", "tests"])
def test_file_length(folder: str) -> None:
    """A file of Python has about 300 lines at most: one idea in one place."""
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / folder).rglob("*.py")
        if "node_modules" not in path.parts
    }
    assert {} == {path: length for path, length in lengths.items() if length > 330}
