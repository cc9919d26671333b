"""The parts of the standard modules that the compiler may choose although no file uses them."""

from __future__ import annotations

from optidsl.modules import add_standard_sources, load_implicit, standard_digest
from optidsl.schema.entity import Entity
from optidsl.sema.kept import Parts, kept_parts
from optidsl.sema.opening import open_module
from optidsl.sema.session import Session


def implicit_parts(session: Session) -> Parts:
    """Return the parts of the program's implicit modules, in the order in which they are declared."""
    add_standard_sources(session.context)
    key = f"{standard_digest()}-implicit-{'+'.join(session.program.implicit)}"
    return kept_parts(session.context.parse_cache, key, lambda: _evaluate(session))


def _evaluate(session: Session) -> Parts:
    found: list[Entity] = []
    for module in load_implicit(session.program, session.context):
        open_module(session, module)
        found.extend(session.parts[module.name])
    return tuple(found)
