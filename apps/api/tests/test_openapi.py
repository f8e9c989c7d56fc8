"""The OpenAPI document: complete, true, and as the routes are now."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.routing import APIRoute
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from kyros_api import errors
from kyros_api.app import ROUTES, describe
from kyros_api.cli import main
from kyros_api.openapi.document import as_text
from kyros_api.openapi.refusals import REFUSALS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from api_stage import Stage

API = Path(__file__).parents[1]
PATHS: dict[str, Any] = describe()["paths"]
OPERATIONS = {
    operation["operationId"]: operation for path in PATHS.values() for operation in path.values()
}
STANDARD = "exchangeTokenByStandard"
ARROW = "application/vnd.apache.arrow.stream"
every_operation = pytest.mark.parametrize("name", OPERATIONS)


def contents(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Return what an operation takes and answers, each with schema and example."""
    yield from operation.get("requestBody", {}).get("content", {}).values()
    for answer in operation["responses"].values():
        for kind, content in answer.get("content", {}).items():
            if kind != ARROW:  # is no text, and shows nothing
                yield content


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference into the document's components."""
    if "$ref" not in part:
        return part
    found: Any = describe()
    for step in part["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)


class TestFile:
    """apps/api/openapi.json."""

    def test_up_to_date(self) -> None:
        """What is committed is what the routes say."""
        committed = (API / "openapi.json").read_text(encoding="utf-8")
        assert as_text(describe()) == committed, "The routes have changed: run `nox -s openapi`."

    def test_command(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """`kyros-api openapi` prints it, or writes it to a file; where it cannot, it says so."""
        main(["openapi"])
        assert as_text(describe()) == capsys.readouterr().out
        main(["openapi", "--write", str(tmp_path / "openapi.json")])
        assert as_text(describe()) == (tmp_path / "openapi.json").read_text(encoding="utf-8")
        with pytest.raises(SystemExit):
            main(["openapi", "--write", str(tmp_path / "nowhere" / "openapi.json")])
        assert "No such file or directory" in capsys.readouterr().err

    def test_valid(self) -> None:
        """The document is OpenAPI by the standard's own schema."""
        validate(describe())

    @pytest.mark.parametrize(
        "settings", [{"auth_mode": "password", "kyros_env": "production"}, {"auth_mode": "demo"}]
    )
    def test_same_everywhere(
        self, make_stage: Callable[..., Stage], settings: dict[str, str]
    ) -> None:
        """It depends on no setting; only the page that draws it is for development alone."""
        client = make_stage(**settings).client
        assert describe() == client.get("/openapi.json").json()
        development = settings.get("kyros_env") != "production"
        assert development == (client.get("/docs").status_code == 200)


class TestOperations:
    """What each operation must tell."""

    def test_every_route(self) -> None:
        """No route and no method is left out."""
        routes = [route for route in ROUTES if isinstance(route, APIRoute)]
        assert len(ROUTES) == len(routes) > 10
        for route in routes:
            methods = {method.lower() for method in route.methods or ()}
            assert methods <= set(PATHS[route.path_format])

    @every_operation
    def test_told(self, name: str) -> None:
        """A name that is a good function's, a summary, a description, and one tag."""
        operation = OPERATIONS[name]
        assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)+", name)
        assert 10 < len(operation["summary"]) <= 90
        assert not operation["summary"].endswith(".")
        assert operation["description"].endswith(".")
        assert 1 == len(operation["tags"])

    def test_names_are_unique(self) -> None:
        """No two operations share a name."""
        assert len(OPERATIONS) == sum(len(path) for path in PATHS.values())

    @every_operation
    def test_parameters(self, name: str) -> None:
        """Each parameter says what it is."""
        for parameter in map(resolved, OPERATIONS[name]["parameters"]):
            assert parameter["description"], parameter["name"]

    @every_operation
    def test_examples(self, name: str) -> None:
        """What is taken and answered has an example, which is of its own schema."""
        for content in contents(OPERATIONS[name]):
            shown = [resolved(one)["value"] for one in content.get("examples", {}).values()]
            shown += [content["example"]] if "example" in content else []
            schema = {**content["schema"], "components": describe()["components"]}
            assert shown
            for example in shown:
                OAS31Validator(schema, format_checker=OAS31Validator.FORMAT_CHECKER).validate(
                    example
                )

    @every_operation
    def test_refusals(self, name: str) -> None:
        """Each status is one that the API sends, in the one form, with an example of every code."""
        answers = OPERATIONS[name]["responses"]
        assert "500" in answers
        assert "422" not in answers
        for status in answers.keys() - {"200", "304"}:
            content = answers[status]["content"]["application/json"]
            form = content["schema"]["$ref"].rpartition("/")[2]
            if name == STANDARD and status in {"400", "503"}:
                assert "StandardRefusal" == form
                continue
            assert "Refusal" == form
            for code in content["examples"]:
                assert int(status) == REFUSALS[code].status

    @every_operation
    def test_headers(self, name: str) -> None:
        """Every answer has the request's id; some have more."""
        answers = OPERATIONS[name]["responses"]
        for status, answer in answers.items():
            more = {"401": {"WWW-Authenticate"}, "429": {"Retry-After"}}.get(status, set())
            assert {"X-Request-ID"} | more <= set(answer["headers"])

    @every_operation
    def test_security(self, stage: Stage, name: str) -> None:
        """A token is named exactly where one is asked for."""
        path, method = next(
            (path, method)
            for path, methods in PATHS.items()
            for method, operation in methods.items()
            if operation["operationId"] == name
        )
        answer = stage.client.request(method, path)
        asked = answer.status_code == 401 and answer.json()["error"]["code"] == "TOKEN_MISSING"
        schemes = [scheme for one in OPERATIONS[name]["security"] for scheme in one]
        assert asked == (len(schemes) == 1)
        assert set(schemes) <= set(describe()["components"]["securitySchemes"])


def sources() -> Iterator[ast.Module]:
    """Return what the API is made of, without the catalogue of codes."""
    for folder in (API / "src", API.parents[1] / "packages" / "shared-config" / "src"):
        for path in folder.rglob("*.py"):
            if path.name != "refusals.py":
                yield ast.parse(path.read_text(encoding="utf-8"))


class TestCatalogue:
    """The catalogue of codes, held to the source."""

    def test_statuses(self) -> None:
        """Every error that is raised has its code there, with its status."""
        found = 0
        for node in (node for source in sources() for node in ast.walk(source)):
            kind = getattr(errors, getattr(getattr(node, "func", None), "id", ""), None)
            if isinstance(kind, type) and issubclass(kind, errors.ApiError):
                code = ast.literal_eval(node.args[0])  # type: ignore[attr-defined]
                found += 1
                # The one that never leaves: it becomes the standard's invalid_scope.
                assert code == "ROLE_NOT_GRANTED" or kind.status == REFUSALS[code].status
        assert found > 20

    def test_messages(self) -> None:
        """What is shown of each is what is said, word by word; two say how much or how long."""
        said = {
            node.value
            for source in sources()
            for node in ast.walk(source)
            if isinstance(node, ast.Constant)
        }
        varying = {"PAYLOAD_TOO_LARGE", "RATE_LIMITED"}
        shown = {code: refusal.message for code, refusal in REFUSALS.items()}
        assert {code for code, message in shown.items() if message not in said} == varying

    def test_all_are_answered(self) -> None:
        """There is no code that no operation answers with."""
        answered = {
            code
            for operation in OPERATIONS.values()
            for content in contents(operation)
            for code in content.get("examples", {})
        }
        assert set(REFUSALS) <= answered
