"""The parts of the OpenAPI document that many operations share."""

from __future__ import annotations

from typing import Any

from kyros_api.openapi.refusals import REFUSALS, example
from kyros_api.tokens.description import TokenForm

_TOKEN = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}

COMPONENTS: dict[str, dict[str, Any]] = {
    "schemas": {
        "TokenForm": TokenForm.model_json_schema(),
        "Refusal": {
            "title": "Refusal",
            "description": "The one form in which the API says no.",
            "type": "object",
            "required": ["error"],
            "additionalProperties": False,
            "properties": {
                "error": {
                    "type": "object",
                    "required": ["code", "message", "details", "timestamp", "request_id"],
                    "additionalProperties": False,
                    "properties": {
                        "code": {
                            "type": "string",
                            "pattern": "^[A-Z_]+$",
                            "description": "What programs go by.",
                        },
                        "message": {
                            "type": "string",
                            "description": "One sentence for a person, with the remedy.",
                        },
                        "details": {
                            "description": "What helps to mend it; null where the message says all."
                        },
                        "timestamp": {"type": "string", "format": "date-time"},
                        "request_id": {
                            "type": "string",
                            "description": "By which the logs of all services know the request.",
                        },
                    },
                }
            },
        },
    },
    "examples": {
        code: {"summary": refusal.message, "value": example(code)}
        for code, refusal in REFUSALS.items()
    },
    "securitySchemes": {
        "userToken": {
            **_TOKEN,
            "description": "Who is signed in: from `POST /api/auth/login`, good for an hour.",
        },
        "tenantToken": {
            **_TOKEN,
            "description": "Who acts for which one tenant, and as what: from "
            "`POST /api/token/exchange` or `POST /api/token`, good for half an hour.",
        },
    },
    "parameters": {
        "RequestId": {
            "name": "X-Request-ID",
            "in": "header",
            "description": "Taken over when it has 1 to 64 of `A-Z a-z 0-9 . _ -`; otherwise the "
            "request gets one of its own.",
            "schema": {"type": "string"},
            "example": "5d0c8f3a",
        }
    },
    "headers": {
        "RequestId": {
            "description": "By which the logs of all services know the request.",
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
            "example": "5d0c8f3a",
        },
        "Challenge": {
            "description": "What is asked for, and what was wrong with what came.",
            "schema": {"type": "string"},
            "example": 'Bearer realm="kyros", error="token_expired"',
        },
        "ETag": {
            "description": "Stands for the answer, until the data or their settings change. With "
            "JSON.",
            "schema": {"type": "string"},
            "example": '"57a6f57e5a0ccc79552e054ea59b0757"',
        },
        "RetryAfter": {
            "description": "Seconds until it is worth trying again.",
            "schema": {"type": "integer", "minimum": 1},
            "example": 42,
        },
    },
}


def reference(kind: str, name: str) -> dict[str, str]:
    """Refer to one of the parts above, or to a schema that FastAPI made of a model."""
    return {"$ref": f"#/components/{kind}/{name}"}
