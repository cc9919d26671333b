"""The JSON Schema of `plan.json`."""

from __future__ import annotations

import json

from optidsl.plan.columns import TEXT, column_kinds, optional_columns
from optidsl.plan.io import PlanRecords
from optidsl.plan.model import SCHEMA_VERSION, PlanDevices, PlanLinks


def json_schema() -> str:
    """Return the schema (draft 2020-12) as text."""
    schema = PlanRecords.model_json_schema(mode="validation")
    properties = {**schema["properties"], "devices": _table(PlanDevices), "links": _table(PlanLinks)}
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"optidsl plan {SCHEMA_VERSION}",
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if "default" not in properties[name]],
        "additionalProperties": False,
        "$defs": schema["$defs"],
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _table(table: type[PlanDevices] | type[PlanLinks]) -> dict[str, object]:
    kinds = column_kinds(table)
    words = {name: "string" if kind == TEXT else "integer" for name, kind in kinds.items()}
    return {
        "type": "object",
        "description": (table.__doc__ or "").strip(),
        "properties": {name: {"type": "array", "items": {"type": word}} for name, word in words.items()},
        "required": [name for name in words if name not in optional_columns(table)],
        "additionalProperties": False,
    }
