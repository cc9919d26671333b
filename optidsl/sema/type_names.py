"""Types as a program writes them: `Int`, `Rate`, `[Length]`, `gold | silver`, `ServerModel`."""

from __future__ import annotations

from optidsl.schema.nearest import alternatives, did_you_mean
from optidsl.schema.types import (
    BOOL,
    DATE,
    DIMENSIONS,
    INT,
    LANES,
    NUM,
    PREFIX,
    RATIO,
    STRING,
    Type,
    listof,
    part,
    ref,
    word,
)
from optidsl.sema.session import Session
from optidsl.syntax import nodes

_PARTS = [
    *("switch_model", "server_model", "transceiver", "fiber_cable", "direct_cable", "fiber_grade", "connector"),
    *("attenuator", "nic_model", "amplifier_model", "mux_model"),
]
_REFS = ["site", "hall", "row", "rack", "node", "fabric", "tier", "route", "line"]


def _camel(kind: str) -> str:
    return "".join(piece.capitalize() for piece in kind.split("_"))


TYPES: dict[str, Type] = {
    **{t.name: t for t in (BOOL, INT, NUM, RATIO, STRING, PREFIX, DATE, LANES)},
    **{name: Type(name) for name in DIMENSIONS},
    **{_camel(kind): part(kind) for kind in _PARTS},
    **{_camel(kind): ref(kind) for kind in _REFS},
}
"""Types by the name a program gives them; kinds of parts and places in camel case."""


def type_of(session: Session, written: nodes.TypeExpr) -> Type | None:
    """Return the type that was written, or None after reporting that there is no such type."""
    if written.optional or written.form == "map":
        what = "optional types (`T?`)" if written.optional else "maps (`{T}`)"
        session.sink.error("not-in-edition", f"{what} are not part of this edition", written.span)
        return None
    if written.form == "enum":
        return word(*written.names)
    if written.form == "list":
        inner = None if written.inner is None else type_of(session, written.inner)
        return None if inner is None else listof(inner)
    name = written.names[0]
    found = TYPES.get(name)
    if found is None:
        session.sink.error(
            "unknown-type",
            f"unknown type `{name}`{did_you_mean(name, TYPES)}",
            written.span,
            helps=(f"types: {alternatives(TYPES, 40)}",),
        )
    return found
