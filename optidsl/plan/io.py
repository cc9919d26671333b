"""Write and read `plan.json`: records as indented objects, each column as one line, always the same bytes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import MISSING
from typing import Any, get_type_hints

from pydantic import ValidationError, create_model

from optidsl._record import fields
from optidsl.diag import UsageError
from optidsl.plan.columns import dump_columns, load_columns
from optidsl.plan.feed_model import PlanFeed
from optidsl.plan.indices import check_indices
from optidsl.plan.line_model import PlanSpan, PlanTerm
from optidsl.plan.model import (
    SCHEMA_VERSION,
    Plan,
    PlanBomLine,
    PlanDevices,
    PlanFact,
    PlanLinks,
    PlanRack,
    Record,
)
from optidsl.plan.spare_model import PlanSpare


def _records() -> type[Record]:
    """Return the members of a plan that are no columns, as one record."""
    hints = get_type_hints(Plan)
    members: dict[str, Any] = {
        each.name: (hints[each.name], ... if each.default is MISSING else each.default)
        for each in fields(Plan)
        if each.name not in ("devices", "links")
    }
    doc = "The members of `plan.json` that are records, in order; `devices` and `links` follow as columns."
    return create_model("PlanRecords", __base__=Record, __doc__=doc, **members)


PlanRecords = _records()
"""The members of `plan.json` that are records."""

_ONE_LINE = (PlanFact, PlanRack, PlanBomLine, PlanSpan, PlanTerm, PlanFeed, PlanSpare)
_encode = json.JSONEncoder(ensure_ascii=False).encode


def dump(plan: Plan) -> str:
    """Return the text of `plan.json`."""
    members = [f"  {json.dumps(name)}: {_json(value, 2)}" for name, value in _written(PlanRecords, plan).items()]
    members.append('  "devices": {\n' + dump_columns(plan.devices) + "\n  }")
    members.append('  "links": {\n' + dump_columns(plan.links) + "\n  }")
    return "{\n" + ",\n".join(members) + "\n}\n"


def _written(record: type[Record], values: object) -> dict[str, object]:
    """Return the fields of a record; one that holds its default is left out, for plans that do without it."""
    values_by_name = {name: getattr(values, name) for name in record.model_fields}
    return {
        name: value
        for name, value in values_by_name.items()
        if record.model_fields[name].is_required() or value != record.model_fields[name].default
    }


def content_hash(text: str) -> str:
    """Return the sha256 of a plan's text, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _json(value: object, depth: int) -> str:
    """Return indented JSON in which a list of plain values, and a small record, stays on one line."""
    if isinstance(value, _ONE_LINE):
        return _encode(value.model_dump(exclude_defaults=True))
    if isinstance(value, Record):
        value = _written(type(value), value)
    pad, inner = " " * depth, " " * (depth + 2)
    if isinstance(value, dict) and value:
        lines = [f"{inner}{_encode(key)}: {_json(item, depth + 2)}" for key, item in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{pad}}}"
    if isinstance(value, tuple) and any(isinstance(item, Record) for item in value):
        return "[\n" + ",\n".join(f"{inner}{_json(item, depth + 2)}" for item in value) + f"\n{pad}]"
    return _encode(value)


def load(text: str) -> Plan:
    """Return the plan of a `plan.json` text.

    Raises:
        UsageError: when the text is no plan, is of another schema version, or is damaged; the message says where.
    """
    content = _members(text)
    columns = {name: content.pop(name, None) for name in ("devices", "links")}
    try:
        records = PlanRecords.model_validate_json(json.dumps(content), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise UsageError(f"the plan is damaged: `{where}`: {first['msg'].lower()}") from None
    plan = Plan(
        **{name: getattr(records, name) for name in PlanRecords.model_fields},
        devices=load_columns(PlanDevices, "devices", columns["devices"]),
        links=load_columns(PlanLinks, "links", columns["links"]),
    )
    problems = check_indices(plan)
    if problems:
        raise UsageError(f"the plan is damaged: {problems[0]}")
    return plan


def _members(text: str) -> dict[str, object]:
    """Return the members of the document, of this schema version."""
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise UsageError(f"the plan is damaged: it is not JSON at line {error.lineno}") from None
    except RecursionError:
        raise UsageError("the plan is damaged: it is nested too deep") from None
    if not isinstance(content, dict) or not isinstance(content.get("header"), dict):
        raise UsageError("this is not a plan: it has no `header`")
    version = content["header"].get("schema_version")
    if version != SCHEMA_VERSION:
        found = version if isinstance(version, str) else "none"
        raise UsageError(f"the plan has schema version {found}; this program reads {SCHEMA_VERSION}: compile it again")
    return content
