"""The OpenAPI 3.1 document, made from the same models that read the requests."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel

from db.catalogue import load_catalogue
from pages.api.answers import BASE, STATUSES
from pages.api.asked import MOST_CODES, MOST_INDICATORS, Nothing, Observations, Units

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
        "detail": {"type": "string"}, "instance": {"type": "string"}, "parameter": {"type": "string"},
    },
}  # fmt: skip
_NUMBER, _TEXT, _WHOLE = {"type": ["number", "null"]}, {"type": ["string", "null"]}, {"type": ["integer", "null"]}
_OBSERVATION = {
    "org_unit_code": _TEXT, "org_unit_name": {"type": "string"}, "org_unit_id": {"type": "integer"},
    "indicator": {"type": "string"}, "period": {"type": "string"}, "dims": {"type": "string"}, "value": _NUMBER,
    "numerator": _NUMBER, "denominator": _NUMBER, "method": {"enum": ["computed", "summed", "reported", "missing"]},
    "obs_status": {"type": "string"}, "qualifier": {"type": "string"}, "n_units": {"type": "integer"},
    "observation_id": _WHOLE, "unit": {"type": "string"}, "evidence": _TEXT,
}  # fmt: skip
_UNIT = {
    "org_unit_id": {"type": "integer"}, "code": _TEXT, "name": {"type": "string"}, "kind": {"type": "string"},
    "level": _TEXT, "area_type": _TEXT, "sponsor": _TEXT, "status": {"type": "string"}, "parent_id": _WHOLE,
    "valid_from": _TEXT, "valid_to": _TEXT,
}  # fmt: skip
_WORDS = ("name_zh", "name_en", "domain", "unit", "definition_zh", "definition_en", "numerator", "denominator",
          "direction", "aggregation", "frequency", "dims")  # fmt: skip
_INDICATOR = {
    **dict.fromkeys(_WORDS, _TEXT), "code": {"type": "string"}, "multiplier": {"type": "number"},
    "decimals": {"type": "integer"},
}  # fmt: skip


@cache
def described() -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Education indicators", "version": "1.0.0", "description": (
            "Read-only. A token (Authorization: Bearer edu_...) opens one part of the tree of units until its last day. "
            "Rates are 100 x numerator / denominator (see multiplier); method says how a value came about; evidence leads "
            "to the sentence or cell it rests on.")},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": {
            f"{BASE}/indicators": _place("Indicators of the catalogue", Nothing, _page(_INDICATOR)),
            f"{BASE}/org-units": _place("Organisational units by id", Units, _page(_UNIT)),
            f"{BASE}/observations": _place("Values by unit, indicator, period and dims", Observations, _page(_OBSERVATION)),
            f"{BASE}/evidence/{{observation_id}}": _evidence(),
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Problem": _PROBLEM},
        },
    }  # fmt: skip


def _page(properties: dict[str, Any]) -> dict[str, Any]:
    record = {"type": "object", "properties": properties, "required": sorted(properties)}
    return {
        "type": "object",
        "required": ["data", "next", "revision"],
        "properties": {"data": {"type": "array", "items": record}, "next": _TEXT, "revision": {"type": "integer"}},
    }


def _place(summary: str, model: type[BaseModel], schema: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}, "text/csv": {"schema": {"type": "string"}}}
    return {"get": {"summary": summary, "parameters": _parameters(model), "responses": _responses(content)}}


def _parameters(model: type[BaseModel]) -> list[dict[str, Any]]:
    schema = model.model_json_schema()
    shared = schema.get("$defs", {})
    found = []
    for name, said in schema["properties"].items():
        rest = {key: value for key, value in said.items() if key not in ("description", "default", "title")}
        choices = [each for each in rest.get("anyOf", [rest]) if each.get("type") != "null"]
        inner = [shared[each["$ref"].rsplit("/", 1)[1]] if "$ref" in each else each for each in choices]
        found.append({
            "name": name, "in": "query", "required": name in schema.get("required", ()),
            "description": said.get("description", ""), "schema": inner[0] if len(inner) == 1 else {"anyOf": inner},
            **_lists().get(name, {}),
        })  # fmt: skip
    return found


def _lists() -> dict[str, dict[str, Any]]:
    """Parameters that take several codes, separated by commas."""
    codes = sorted(one.code for one in load_catalogue().indicators)
    items = {
        "indicator": ({"enum": codes}, 1, MOST_INDICATORS),
        "period": ({"type": "string", "examples": ["SY2025", "SY2025-T1", "2025", "2025-06"]}, 0, MOST_CODES),
        "dims": ({"type": "string", "examples": ["level=PRI", "level=PRI;sex=F"]}, 0, MOST_CODES),
    }
    return {
        name: {"style": "form", "explode": False,
               "schema": {"type": "array", "items": each, "minItems": least, "maxItems": most}}
        for name, (each, least, most) in items.items()
    }  # fmt: skip


def _evidence() -> dict[str, Any]:
    number = {"name": "observation_id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}
    body = {"type": "object", "required": ["data", "revision"],
            "properties": {"data": {"type": "object"}, "revision": {"type": "integer"}}}  # fmt: skip
    responses = _responses({"application/json": {"schema": body}})
    return {"get": {"summary": "What one observation rests on: file, place, quote, who and when",
                    "parameters": [number], "responses": responses}}  # fmt: skip


def _responses(content: dict[str, Any]) -> dict[str, Any]:
    fault = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    faults = {
        str(status): {"description": name, "content": fault} for status, name in STATUSES.items() if status != 405
    }
    return {"200": {"description": "as asked", "content": content}, "304": {"description": "unchanged"}, **faults}
