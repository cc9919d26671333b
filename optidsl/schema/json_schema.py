"""The schema table as JSON Schema (draft 2020-12): one definition for each kind, for editors and other tools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from optidsl.schema.model import Attribute, Kind
from optidsl.schema.registry import kinds
from optidsl.schema.types import DIMENSIONS, Type

Json = Mapping[str, "Json"] | list["Json"] | str | int | bool | None

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
IDENTIFIER: Final = "https://optidsl.org/schema/kinds-1.json"

_PLAIN: dict[str, Json] = {
    "Bool": {"type": "boolean"},
    "Int": {"type": "integer"},
    "Num": {"type": ["number", "string"]},
    "Ratio": {"type": "string", "pattern": r"^\d+(\.\d+)?:\d+(\.\d+)?$"},
    "Lanes": {"type": "string", "pattern": r"^\d+x\d+(\.\d+)?[A-Za-z]+$"},
    "Date": {"type": "string", "format": "date"},
}


def json_schema() -> dict[str, Json]:
    """Return the JSON Schema of every kind; a block is an object with its attributes and its blocks by kind."""
    table = kinds()
    definitions: dict[str, Json] = {name: _kind(kind, table) for name, kind in table.items()}
    top: dict[str, Json] = {name: _blocks(kind) for name, kind in table.items() if "module" in kind.parents}
    return {
        "$schema": DRAFT,
        "$id": IDENTIFIER,
        "title": "Kinds of the .optd language, edition 1",
        "type": "object",
        "properties": top,
        "additionalProperties": False,
        "$defs": definitions,
    }


def _kind(kind: Kind, table: Mapping[str, Kind]) -> Json:
    properties: dict[str, Json] = {attribute.name: _attribute(attribute) for attribute in kind.attributes}
    for child in table.values():
        if kind.name in child.parents:
            properties[child.name] = _blocks(child)
    required: list[Json] = [attribute.name for attribute in kind.attributes if attribute.is_required]
    found: dict[str, Json] = {
        "type": "object",
        "description": kind.doc,
        "properties": properties,
        "additionalProperties": False,
    }
    if required:
        found["required"] = required
    return found


def _blocks(kind: Kind) -> Json:
    """Return how blocks of a kind stand in their parent: by name, as a list, or once."""
    definition: Json = {"$ref": f"#/$defs/{kind.name}"}
    if kind.label == "required":
        return {"type": "object", "additionalProperties": definition}
    if kind.is_repeatable or kind.is_part:
        return {"type": "array", "items": definition}
    return definition


def _attribute(attribute: Attribute) -> Json:
    found: dict[str, Json] = {"description": attribute.doc, **_type(attribute.type)}
    if attribute.verbs == "bounded":
        found["$comment"] = "may be bounded (`<=`, `>=`, `in`) or left to the compiler (`auto`)"
    elif attribute.verbs == "nature":
        found["$comment"] = "may be a range or have a tolerance, which nature chooses in"
    if attribute.default is not None:
        found["x-default"] = attribute.default
    if attribute.minimum is not None:
        found["x-minimum"] = attribute.minimum
    if attribute.maximum is not None:
        found["x-maximum"] = attribute.maximum
    return found


def _type(wanted: Type) -> dict[str, Json]:
    if wanted.is_list:
        item = _type(Type(wanted.name, wanted.words, wanted.kinds))
        return {"type": "array", "items": item}
    if wanted.name == "Word" and wanted.words:
        return {"enum": list(wanted.words)}
    if wanted.name in ("Part", "Ref"):
        return {"type": "string", "x-refers-to": list(wanted.kinds)}
    if wanted.name in DIMENSIONS:
        return {"type": "string", "x-dimension": wanted.name}
    plain = _PLAIN.get(wanted.name, {"type": "string"})
    return dict(plain) if isinstance(plain, Mapping) else {}
