"""Lexical scopes and what a name can stand for in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias, Union

from optidsl._record import field, record
from optidsl.diag import Span
from optidsl.schema.types import Type
from optidsl.sema.values import Value
from optidsl.syntax import nodes

if TYPE_CHECKING:
    from optidsl.sema.frame import Frame


@record(slots=True, eq=False)
class LetBinding:
    """`let` (or a `param`, whose value comes from outside): evaluated when first read."""

    name: str
    span: Span
    expr: nodes.Expr | None
    scope: Scope
    type: nodes.TypeExpr | None = None
    is_exported: bool = False
    is_used: bool = False
    is_busy: bool = False
    value: Value | None = None


@record(slots=True, eq=False)
class ParamBinding:
    """A `param` of a design or of one component instance; `given` is what the instance sets."""

    name: str
    span: Span
    item: nodes.Param
    scope: Scope
    frame: Frame
    is_used: bool = False
    is_busy: bool = False
    value: Value | None = None


@record(slots=True, eq=False)
class ValueBinding:
    """A variable of a `for` or a comprehension."""

    name: str
    span: Span
    value: Value


@record(slots=True, eq=False)
class FrameBinding:
    """A block with a name."""

    name: str
    span: Span
    frame: Frame
    is_used: bool = False


@record(slots=True, eq=False)
class ComponentBinding:
    """A `component`: a kind of block that a program declares."""

    name: str
    span: Span
    block: nodes.Block
    scope: Scope
    is_exported: bool = False
    is_used: bool = False


@record(slots=True, eq=False)
class ModuleBinding:
    """`use … as name`."""

    name: str
    span: Span
    scope: Scope
    module: str
    is_used: bool = False


@record(slots=True, eq=False)
class ImportBinding:
    """A name listed by a `use`; `target` is what it means in the module it comes from."""

    name: str
    span: Span
    target: Binding
    is_used: bool = False


Binding: TypeAlias = Union[
    LetBinding, ParamBinding, ValueBinding, FrameBinding, ComponentBinding, ModuleBinding, "ImportBinding"
]


@record(slots=True, eq=False)
class Scope:
    """Names declared between a pair of braces. `frame` is the block whose body this is, None for `for` and `if`.

    `via` are the component instances and loops through which the body was reached, outermost first.
    """

    parent: Scope | None
    frame: Frame | None = None
    bindings: dict[str, Binding] = field(default_factory=dict)
    via: tuple[Span, ...] = ()
    is_std: bool = False

    def chain(self) -> Iterator[Scope]:
        """Yield this scope and those around it, innermost first."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def find(self, name: str) -> Binding | None:
        """Return what a name is bound to here or around, blocks that only a loop declares left aside."""
        scope: Scope | None = self
        while scope is not None:
            found = scope.bindings.get(name)
            if found is not None:
                return found
            scope = scope.parent
        return None

    def names(self) -> Iterator[str]:
        """Yield every name visible from here."""
        for scope in self.chain():
            yield from scope.bindings
            if scope.frame is not None:
                yield from (child.name for child in scope.frame.children if child.name)


@record(frozen=True, slots=True)
class Typed:
    """An expected type with what it is expected by, for messages."""

    type: Type
    what: str
