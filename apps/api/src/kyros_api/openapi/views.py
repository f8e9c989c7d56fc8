"""Views in the OpenAPI document: each one of the catalogue, with the parameters that it takes."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from kyros_api.dashboards.catalogue import CATALOGUE
from kyros_api.dashboards.catalogue.specification import (
    Choice,
    Number,
    OneOf,
    Part,
    Segment,
    Text,
)
from kyros_api.openapi.examples import view_operation

if TYPE_CHECKING:
    from kyros_api.dashboards.catalogue.specification import DashboardData, Parameter, View

    Operation = dict[str, Any]

ANY_VIEW = "/api/dashboards/{slug}/views/{view}"
_PARAMETERS = {
    "name": "parameters",
    "in": "query",
    "description": "What the view takes: see the operation of each.",
    "style": "form",
    "explode": True,
    "schema": {"type": "object", "additionalProperties": {"type": "string"}},
}


def add_views(paths: dict[str, Any]) -> None:
    """Add an operation for each view, beside the one that takes the name of any of them."""
    any_view = paths[ANY_VIEW]["get"]
    for slug, dashboard in CATALOGUE.items():
        for name in dashboard.views:
            path = ANY_VIEW.format(slug=slug, view=name)
            paths[path] = {"get": _operation(any_view, slug, name, dashboard)}
    any_view["parameters"].append(_PARAMETERS)


def _operation(any_view: Operation, slug: str, name: str, dashboard: DashboardData) -> Operation:
    view = dashboard.views[name]
    operation = deepcopy(any_view)
    operation["operationId"] = view_operation(slug, name)
    operation["summary"] = view.summary
    operation["description"] = f"{view.summary}: one list a column. Part of {dashboard.title}."
    operation["parameters"] = [
        *(_parameter(taken, name) for name, taken in view.parameters.items()),
        *(given for given in any_view["parameters"] if given.get("in") != "path"),
    ]
    answers = operation["responses"]
    answers["200"]["content"]["application/json"]["schema"] = _answer(view)
    missing = answers["404"]
    del missing["content"]["application/json"]["examples"]["VIEW_NOT_FOUND"]
    missing["description"] = missing["description"].replace("`VIEW_NOT_FOUND`, ", "")
    return operation


def _parameter(parameter: Parameter, name: str) -> dict[str, Any]:
    told, schema = _described(parameter)
    return {
        "name": name,
        "in": "query",
        "required": isinstance(parameter, Text),
        "description": told,
        "schema": schema,
    }


def _described(parameter: Parameter) -> tuple[str, dict[str, Any]]:
    """Return what a parameter means, and the schema of its values."""
    match parameter:
        case Choice():
            told = "One of the values that the data have; all of them when left out."
        case OneOf():
            kind = "integer" if isinstance(parameter.values[0], int) else "string"
            schema = {"type": kind, "enum": list(parameter.values)}
            return parameter.meaning, schema | _default(parameter)
        case Number():
            bounds = {"minimum": parameter.minimum, "maximum": parameter.maximum}
            return parameter.meaning, {"type": "number", **bounds} | _default(parameter)
        case Text():
            lengths = {"minLength": 1, "maxLength": parameter.longest}
            return parameter.meaning, {"type": "string", **lengths}
        case Segment():
            told = "A column by which the data can be cut; the first when left out."
        case Part():
            told = "A column by which the data can be cut, a colon, and one of its values."
    return told, {"type": "string"}


def _default(parameter: OneOf | Number) -> dict[str, Any]:
    return {} if parameter.default is None else {"default": parameter.default}


def _answer(view: View) -> dict[str, Any]:
    """Return the schema of an answer that has the view's columns and no other."""
    names = list(view.example.columns)
    columns = {
        "type": "object",
        "required": names,
        "additionalProperties": False,
        "properties": {name: {"type": "array"} for name in names},
    }
    own = {"type": "object", "properties": {"columns": columns}}
    return {"allOf": [{"$ref": "#/components/schemas/ViewResult"}, own]}
