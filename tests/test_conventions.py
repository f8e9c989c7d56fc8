"""Rules of the repository that a check keeps true."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from scripts import shell_ui
from scripts.lint_docker import dockerfiles, unreasoned_ignores
from scripts.support.project import ROOT, names

if TYPE_CHECKING:
    from pathlib import Path

LONGEST_SESSION = 10  # statements' lines, without the docstring


def sessions() -> dict[str, ast.FunctionDef]:
    """Return the noxfile's sessions by the name they are called by."""
    tree = ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8"))
    found = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.decorator_list:
            decorator = ast.unparse(node.decorator_list[0])
            named = re.search(r"name='([^']+)'", decorator)
            found[named.group(1) if named else node.name] = node
    return found


def test_every_session_is_in_the_readme() -> None:
    """What `nox -l` lists, the README explains."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert not [
        name for name in sessions() if f"`{name}`" not in readme and f"nox -s {name}" not in readme
    ]


@pytest.mark.parametrize("name", sessions())
def test_a_session_is_short_and_says_what_it_does(name: str) -> None:
    """One line of docstring in the imperative; about ten of code, without loops or branches."""
    session = sessions()[name]
    docstring = ast.get_docstring(session) or ""
    assert len(docstring.splitlines()) == 1
    assert docstring.endswith(".")
    body = session.body[1:]
    assert sum((line.end_lineno or 0) - line.lineno + 1 for line in body) <= LONGEST_SESSION
    assert not [
        node for node in ast.walk(session) if isinstance(node, ast.For | ast.While | ast.If)
    ]


def test_every_variable_is_in_the_example() -> None:
    """.env.example explains each variable that the compose files and the settings read."""
    explained = set(
        re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    )
    used = set[str]()
    for file in ROOT.glob("docker-compose*.yml"):
        used |= set(re.findall(r"\$\{([A-Z_]+)", file.read_text(encoding="utf-8")))
    for file in [
        *ROOT.glob("apps/*/src/**/*settings.py"),
        *ROOT.glob("packages/*/src/**/*settings.py"),
    ]:
        used |= {name.upper() for name in fields(file)}
    env_ts = (ROOT / "apps/shell-ui/lib/server/env.ts").read_text(encoding="utf-8")
    used |= set(re.findall(r"source\.([A-Z_]+)", env_ts))
    assert {"JWT_SECRET_KEY", "DATABASE_PATH", "API_URL", "SHELL_UI_PORT"} <= used
    assert used - explained == set()


def fields(file: Path) -> list[str]:
    """Return the annotated fields of the settings classes in a module."""
    return [
        line.target.id
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
        for line in node.body
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
    ]


def test_images_pin_one_uv() -> None:
    """Every Dockerfile names the same uv, by its full version."""
    pins = {
        pin
        for file in dockerfiles()
        for pin in re.findall(r"ghcr\.io/astral-sh/uv:(\S+)", file.read_text(encoding="utf-8"))
    }
    assert len(pins) == 1
    assert re.fullmatch(r"\d+\.\d+\.\d+", pins.pop())


def test_a_service_has_its_image_and_ignore_file() -> None:
    """The context that is sent to the builder is a list of what is needed, not of what is not."""
    expected = set(names(production=True))
    assert expected == {file.parent.name for file in dockerfiles()}
    for file in dockerfiles():
        beside = [file.with_name("Dockerfile.dockerignore"), file.with_name(".dockerignore")]
        ignore = next(path for path in beside if path.exists()).read_text(encoding="utf-8")
        assert "*" in ignore.splitlines()


def test_an_ignored_rule_needs_a_reason() -> None:
    """A comment above, or lint-docker complains."""
    bare = "FROM x\n# hadolint ignore=DL3008\nRUN y"
    reasoned = "FROM x\n# pinned by the snapshot\n# hadolint ignore=DL3008\nRUN y"
    assert [number for number, _ in unreasoned_ignores(bare)] == [2]
    assert unreasoned_ignores(reasoned) == []


@pytest.mark.node
def test_the_shells_own_tests_pass(capfd: pytest.CaptureFixture[str]) -> None:
    """Vitest belongs to `nox -s tests` like everything else."""
    assert shell_ui.run_script("test") == 0, capfd.readouterr().out


def test_a_dashboard_has_one_name() -> None:
    """The page is called what the shell calls it: the title in the API's catalogue."""
    files = [
        *(ROOT / "apps/api/src/kyros_api/dashboards/catalogue").rglob("*.py"),
        *ROOT.glob("apps/dash-app-*/src/*/layout.py"),
    ]
    texts = [file.read_text(encoding="utf-8") for file in files]
    named = re.compile(r'^(DATA|PAGE) = .*?\n    title="([^"]+)"', re.MULTILINE | re.DOTALL)
    names: dict[str, set[str]] = {"DATA": set(), "PAGE": set()}
    for kind, title in (found for text in texts for found in named.findall(text)):
        names[kind].add(title)
    assert names["DATA"] == names["PAGE"] != set()


def test_numbers_keep_their_unit() -> None:
    """What a dashboard says does not break between a number and its per cent sign."""
    breaking = re.compile(r"(?:\d|\}) %(?![({\w])")
    found = []
    for folder in (*ROOT.glob("apps/dash-app-*/src"), ROOT / "packages/dash-kit/src"):
        for file in folder.rglob("*.py"):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
            said = {
                ast.get_docstring(node, clean=False)
                for node in ast.walk(tree)
                if isinstance(node, documented)
            }
            found += [
                f"{file.relative_to(ROOT)}:{node.lineno}"
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and node.value not in said
                and breaking.search(node.value)
            ]
    assert [] == found
