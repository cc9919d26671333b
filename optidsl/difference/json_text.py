"""A difference as JSON: everything, without limits."""

from __future__ import annotations

import json

from optidsl._record import fields
from optidsl.difference.model import DIFFERENCE_VERSION, Difference


def json_of(difference: Difference) -> str:
    """Return the whole difference as indented JSON; `is_empty` tells whether anything changes."""
    content = {"schema_version": DIFFERENCE_VERSION, "is_empty": difference.is_empty}
    content |= {each.name: getattr(difference, each.name) for each in fields(Difference)}
    members = [f"  {json.dumps(name)}: {_member(value)}" for name, value in content.items()]
    return "{\n" + ",\n".join(members) + "\n}\n"


def _member(value: object) -> str:
    """Return a member; a list has one line for each item."""
    if isinstance(value, tuple) and value:
        return "[\n" + ",\n".join(f"    {json.dumps(_plain(item), ensure_ascii=False)}" for item in value) + "\n  ]"
    return json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: object) -> object:
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    names = getattr(type(value), "__record_names__", None)
    return value if names is None else {name: _plain(getattr(value, name)) for name in names}
