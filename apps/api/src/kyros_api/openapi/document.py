"""The OpenAPI document: FastAPI's reading of the routes, completed by what they declare."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

from kyros_api.openapi.components import COMPONENTS, reference
from kyros_api.openapi.examples import EXAMPLES
from kyros_api.openapi.refusals import REFUSALS, declared
from kyros_api.openapi.views import add_views

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from fastapi.dependencies.models import Dependant
    from starlette.routing import BaseRoute

    from kyros_api.openapi.examples import OperationExample

    Operation = dict[str, Any]

VERSION = "0.1.0"
DESCRIPTION = """\
Identity, token exchange, tenant metadata and tenant data.

A person signs in and gets a **user token** (one hour), and exchanges it for a **tenant token**
(half an hour), which opens one tenant and says as what. The tenant of a request is that of its
token; nothing else chooses one.

Every refusal has one form: `{"error": {"code", "message", "details", "timestamp", "request_id"}}`;
`code` is what programs go by. An unknown address is 404 `NOT_FOUND`, a method that an address does
not have 405 `METHOD_NOT_ALLOWED`. Only `POST /api/token` has the form of its standard instead.

Unless said otherwise an answer may not be stored (`Cache-Control: no-store`), and none is to be
taken for another type than it says (`X-Content-Type-Options: nosniff`).
"""
TAGS = [
    {"name": "health", "description": "Alive, and able to work."},
    {"name": "auth", "description": "Sign-in: how a person gets a user token."},
    {"name": "me", "description": "Who is signed in, and where they may go."},
    {"name": "tokens", "description": "From a person to a person in one tenant."},
    {"name": "tenants", "description": "A tenant's own metadata."},
    {"name": "audit", "description": "Who was let in or turned away."},
    {
        "name": "dashboards",
        "description": "Rows and aggregated views of a dashboard's data, of the token's tenant.",
    },
]
PATH_PARAMETERS = {
    "tenant_id": "The id of the token's tenant: it chooses nothing, it must agree.",
    "slug": "Of a dashboard that the tenant has.",
    "view": "The name of one of the dashboard's views.",
}


def document(routes: Sequence[BaseRoute]) -> dict[str, Any]:
    """Describe the routes; the same whatever the settings are."""
    made = get_openapi(
        title="Kyros API",
        version=VERSION,
        description=DESCRIPTION,
        license_info={"name": "MIT", "identifier": "MIT"},
        tags=TAGS,
        routes=routes,
    )
    paths, components = made["paths"], made["components"]
    for route in iter_route_contexts(routes):
        for method in route.methods or ():
            path = route.path_format or ""
            operation = paths[path][method.lower()]
            _complete(operation, list(_functions(route.dependant)), components["schemas"])
            _complete_parameters(operation, path)
    add_views(paths)
    for operation in [operation for path in paths.values() for operation in path.values()]:
        _show(operation, EXAMPLES.get(operation["operationId"]))
    for schema in components["schemas"].values():
        if "description" in schema:
            schema["description"] = _markdown(schema["description"])
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)  # FastAPI's own, which the API never answers with
    for kind, shared in COMPONENTS.items():
        components.setdefault(kind, {}).update(shared)
    return made | {"paths": dict(sorted(paths.items(), key=_place))}


def as_text(described: dict[str, Any]) -> str:
    """Return the document as its file has it."""
    return json.dumps(described, indent=2, ensure_ascii=False) + "\n"


def _place(item: tuple[str, Any]) -> int:
    """Return where a path stands: in the order of the tags."""
    operation = next(iter(item[1].values()))
    return [tag["name"] for tag in TAGS].index(operation["tags"][0])


def _functions(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    """Return the endpoint and all that it depends on."""
    if dependant.call is not None:
        yield dependant.call
    for dependency in dependant.dependencies:
        yield from _functions(dependency)


def _complete(
    operation: Operation, functions: Sequence[Callable[..., Any]], schemas: dict[str, Any]
) -> None:
    """Add to an operation what the functions that answer it declare, and what all have."""
    operation["description"] = _markdown(operation["description"])
    operation["summary"] = operation["description"].split("\n\n")[0].rstrip(".")
    said = [declared(function) for function in functions]
    operation["security"] = [{one.scheme: []} for one in said if one.scheme]
    _refuse(operation, [code for one in said for code in one.codes])
    operation["responses"] = dict(sorted(operation["responses"].items()))
    operation["responses"]["200"]["description"] = _told(operation["responses"]["200"], schemas)
    for answer in operation["responses"].values():
        answer.setdefault("headers", {})["X-Request-ID"] = reference("headers", "RequestId")


def _markdown(docstring: str) -> str:
    """Return a docstring as documents have it: a line for each paragraph, and their quotes."""
    paragraphs = docstring.replace("``", "`").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _complete_parameters(operation: Operation, path: str) -> None:
    """Add what a dependency reads off the path, and take away what no query can say: null."""
    in_path = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": PATH_PARAMETERS.get(name, ""),
            "schema": {"type": "string"},
        }
        for name in re.findall(r"{(\w+)}", path)
    ]
    others = [given for given in operation.get("parameters", ()) if given["in"] != "path"]
    for given in others:
        kinds = given["schema"].pop("anyOf", [])
        given["schema"] |= next((kind for kind in kinds if kind != {"type": "null"}), {})
    operation["parameters"] = [*in_path, *others, reference("parameters", "RequestId")]


def _refuse(operation: Operation, codes: Iterable[str]) -> None:
    """Add an answer for each status that the codes come with, and for what any request may meet.

    A status that the operation describes itself is left as it is: it has a form of its own.
    """
    answers = operation["responses"]
    answers.pop("422", None)
    implied = ["INTERNAL_ERROR"]
    if "requestBody" in operation:
        implied += ["INVALID_REQUEST", "PAYLOAD_TOO_LARGE"]
    if any(parameter["in"] == "query" for parameter in operation.get("parameters", ())):
        implied.append("INVALID_REQUEST")
    by_status: dict[HTTPStatus, list[str]] = {}
    for code in dict.fromkeys([*codes, *implied]):
        by_status.setdefault(REFUSALS[code].status, []).append(code)
    for status in sorted(by_status.keys() - {int(known) for known in answers}):
        answers[str(int(status))] = _refusal(status, by_status[status])


def _refusal(status: HTTPStatus, codes: Sequence[str]) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": f"{status.phrase}: {', '.join(f'`{code}`' for code in codes)}.",
        "content": {
            "application/json": {
                "schema": reference("schemas", "Refusal"),
                "examples": {code: reference("examples", code) for code in codes},
            }
        },
    }
    if status is HTTPStatus.UNAUTHORIZED:
        answer["headers"] = {"WWW-Authenticate": reference("headers", "Challenge")}
    if {"RATE_LIMITED", "SIGN_IN_BUSY", "BUSY", "TOO_MANY_DOWNLOADS"} & set(codes):
        answer["headers"] = {"Retry-After": reference("headers", "RetryAfter")}
    return answer


def _told(answer: dict[str, Any], schemas: dict[str, Any]) -> str:
    """Return what an answer is in the words of its schema."""
    schema = answer["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    return str(schemas[schema]["description"].split("\n\n")[0])


def _show(operation: Operation, example: OperationExample | None) -> None:
    """Put an example's values where they belong; that none is missing is for the tests to say."""
    if example is None:
        return
    for parameter in operation["parameters"]:
        if parameter.get("name") in example.given:
            parameter["example"] = example.given[parameter["name"]]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        content["example"] = example.body
    answers = operation["responses"]["200"]["content"]
    answers["application/json"]["example"] = example.answer
    if example.csv is not None:
        answers["text/csv"]["example"] = example.csv
