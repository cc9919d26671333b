"""Give a module its scope: what it uses, then what it declares. Standard modules are evaluated once per process."""

from __future__ import annotations

from functools import lru_cache

from optidsl._context import Context
from optidsl._digest import digest
from optidsl._record import field, record
from optidsl.diag import Diagnostic
from optidsl.modules import SOURCES_MODULE, LoadedModule, Program, load_standard, standard_digest
from optidsl.schema.entity import Entity
from optidsl.schema.model import Kind
from optidsl.sema.entities import entity_of
from optidsl.sema.expand import bind, expand
from optidsl.sema.frame import BODY_RANK, Frame, Layer
from optidsl.sema.kept import kept_parts
from optidsl.sema.scope import ImportBinding, ModuleBinding, Scope
from optidsl.sema.session import Session, Wires
from optidsl.source import Origin
from optidsl.syntax import nodes

_MODULE = Kind("module", "A file.", (), label="none")


@record(frozen=True, slots=True)
class _Standard:
    """A standard module as a key: its text and the texts of all it uses decide what it evaluates to."""

    name: str
    hashes: tuple[str, ...]
    module: LoadedModule = field(compare=False)
    scopes: dict[str, Scope] = field(compare=False)
    context: Context = field(compare=False)
    wires: Wires = field(compare=False)


@record(frozen=True, slots=True)
class _Opened:
    """A standard module after evaluation; what of `frame` is not evaluated yet evaluates when it is read."""

    frame: Frame
    parts: tuple[Entity, ...]
    diagnostics: tuple[Diagnostic, ...]


def open_module(session: Session, module: LoadedModule) -> None:
    """Put a module's scope, block and parts into the session; what it uses must be there already."""
    if not module.is_std or session.wires is None:
        _open(session, module)
        return
    opened = _open_standard(_key(module, session, session.wires))
    for diagnostic in opened.diagnostics:
        session.sink.emit(diagnostic)
    session.frames[module.name] = opened.frame
    session.scopes[module.name] = opened.frame.layer_scopes[0]
    session.parts[module.name] = opened.parts


def standard_sources(session: Session) -> Scope | None:
    """Return the scope of the sources that every `cite` may name, None where the library has none."""
    if SOURCES_MODULE not in session.scopes:
        module = load_standard(SOURCES_MODULE, session.context)
        if module is None:
            return None
        open_module(session, module)
    return session.scopes[SOURCES_MODULE]


def _key(module: LoadedModule, session: Session, wires: Wires) -> _Standard:
    hashes = (standard_digest(), *_hashes(module))
    return _Standard(module.name, hashes, module, dict(session.scopes), session.context, wires)


def _hashes(module: LoadedModule) -> list[str]:
    """Return what a module's parts depend on; its number is in their spans, and changes when modules are added."""
    own = f"{module.file}:{module.digest}"
    return [own, *(text for use in module.uses for text in _hashes(use.target))]


@lru_cache(maxsize=64)
def _open_standard(key: _Standard) -> _Opened:
    module = key.module
    context = Context(key.context.loader, sources=key.context.sources, parse_cache=key.context.parse_cache)
    session = Session(context, Program(module, (module,), ()), wires=key.wires, realm=module.name)
    session.scopes.update(key.scopes)
    _open(session, module)
    cache = None if context.sink.sorted() else key.context.parse_cache
    name = f"{digest(chr(0).join(key.hashes))}-{module.name}"
    parts = kept_parts(cache, name, lambda: parts_of(session, module), lambda: not context.sink.sorted())
    return _Opened(session.frames[module.name], parts, tuple(context.sink.sorted()))


def _open(session: Session, module: LoadedModule) -> None:
    imports = Scope(None, is_std=module.is_std)
    for use in module.uses:
        target = session.scopes[use.target.name]
        if use.item.alias is not None:
            span = use.item.source_span
            bind(session, imports, ModuleBinding(use.item.alias, span, target, use.target.name))
        for key in use.item.names or ():
            found = target.bindings.get(key.text)
            if found is not None:
                bind(session, imports, ImportBinding(key.text, key.span, found))
    body = nodes.Body(module.tree.span, module.tree.items)
    frame = Frame(_MODULE, module.name, None, (), Origin(module.tree.span), module.tree.span)
    frame.layers.append(Layer(BODY_RANK, body, imports))
    expand(session, frame)
    for name, statements in frame.written.items():
        message = f"`{name}` cannot be set at the top level of a file: attributes belong to blocks"
        session.sink.error("misplaced-item", message, statements[0].span, "not allowed here")
    session.frames[module.name] = frame
    session.scopes[module.name] = frame.layer_scopes[0]


def parts_of(session: Session, module: LoadedModule) -> tuple[Entity, ...]:
    """Return the parts and sources that a module declares, evaluated."""
    children = session.frames[module.name].children
    return tuple(entity_of(session, frame) for frame in children if frame.is_part or frame.kind.name == "source")
