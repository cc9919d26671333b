"""Warn about names that are declared and never read."""

from __future__ import annotations

from optidsl.diag import Span
from optidsl.sema.names import settle
from optidsl.sema.scope import Binding, ComponentBinding, ImportBinding, LetBinding, ModuleBinding, ParamBinding
from optidsl.sema.session import Session
from optidsl.syntax import nodes

_NOUNS: dict[type, str] = {
    LetBinding: "let",
    ParamBinding: "param",
    ImportBinding: "use of",
    ModuleBinding: "module",
    ComponentBinding: "component",
}


_CHOSEN: frozenset[str] = frozenset(
    {"transceiver", "fiber_cable", "direct_cable", "rule", "bundle", "approval", "price", "stock", "fee", "failures"}
)
"""Kinds that bear on the choice although no file names them."""


def settle_all(session: Session) -> None:
    """Evaluate what nobody has read, so that its mistakes are reported too."""
    for binding in list(session.bindings):
        if isinstance(binding, LetBinding):
            settle(session, binding)


def report_unused(session: Session) -> None:
    """Warn about every unused `let`, `param`, `use` and `component` of the design's own files.

    A module is used when it has parts that the compiler may choose.
    """
    if session.sink.has_errors:
        return
    used: dict[Span, bool] = {}
    names: dict[Span, Binding] = {}
    for binding in session.bindings:
        if type(binding) not in _NOUNS:
            continue
        used[binding.span] = used.get(binding.span, False) or bool(getattr(binding, "is_used", True))
        names[binding.span] = binding
    root = session.program.root.file
    for span, is_used in used.items():
        binding = names[span]
        is_exported = isinstance(binding, LetBinding | ComponentBinding) and binding.is_exported and span.file != root
        if is_used or is_exported or (isinstance(binding, ModuleBinding) and _offers_parts(session, binding)):
            continue
        session.sink.warning(
            "unused-name",
            f"{_NOUNS[type(binding)]} `{binding.name}` is never used",
            span,
            "remove it, or use it",
        )


def _offers_parts(session: Session, binding: ModuleBinding) -> bool:
    trees = (module.tree for module in session.program.modules if module.name == binding.module)
    blocks = (item for tree in trees for item in tree.items if isinstance(item, nodes.Block))
    return any(block.kind.text in _CHOSEN for block in blocks)
