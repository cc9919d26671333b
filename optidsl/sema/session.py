"""What the parts of elaboration share: the sink, the counters, and each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from optidsl._context import Context
from optidsl._record import field, record
from optidsl.diag import InternalError, Sink, Span
from optidsl.modules import Program
from optidsl.schema.entity import Entity
from optidsl.sema.frame import Frame, Key, Override
from optidsl.sema.scope import Binding, ParamBinding, Scope, Typed
from optidsl.sema.values import Value
from optidsl.syntax import nodes

if TYPE_CHECKING:
    from optidsl.sema.growth import PhaseSite

EXPANSION_LIMIT = 1_000_000
"""Iterations of loops and comprehensions in one compilation."""


FAMILY_LIMIT = 1_000_000
"""Keys of one family."""


@record(frozen=True, slots=True)
class Wires:
    """Functions that call each other in a circle: names need values, values need blocks, blocks need names."""

    evaluate: Callable[[Session, nodes.Expr, Scope, Typed | None], Value]
    expand: Callable[[Session, Frame], None]
    read: Callable[[Session, Frame, str, Span], Value]
    param: Callable[[Session, ParamBinding], Value]
    keys: Callable[[Session, Frame], tuple[Key, ...] | None]
    sources: Callable[[Session], Scope | None]


@record(slots=True, eq=False)
class Session:
    """One elaboration: its counters, its modules' scopes, and the overrides that wait for their targets."""

    context: Context
    program: Program
    scopes: dict[str, Scope] = field(default_factory=dict)
    frames: dict[str, Frame] = field(default_factory=dict)
    parts: dict[str, tuple[Entity, ...]] = field(default_factory=dict)
    realm: str = ""
    expansions: int = 0
    symbols: int = 0
    naming: list[tuple[str, Span]] = field(default_factory=list)
    lenient: int = 0
    picks_devices: bool = False  # while `fail` of a test is read: single switches and planes have names there
    trace: list[tuple[Span, str, Value, Value]] | None = None
    empty: set[Span] = field(default_factory=set)  # calls of `all` and `none` that held for want of members
    overrides: list[Override] = field(default_factory=list)
    bindings: list[Binding] = field(default_factory=list)
    wires: Wires | None = None
    phases: tuple[PhaseSite, ...] | None = None  # of growth; None: not looked for yet

    def evaluate(self, expr: nodes.Expr, scope: Scope, expected: Typed | None) -> Value:
        """Evaluate an expression."""
        return self._wired.evaluate(self, expr, scope, expected)

    def expand(self, frame: Frame) -> None:
        """Give a block its children, running loops."""
        self._wired.expand(self, frame)

    def read(self, frame: Frame, name: str, span: Span) -> Value:
        """Return the value of an attribute of a block, as an expression sees it."""
        return self._wired.read(self, frame, name, span)

    def param(self, binding: ParamBinding) -> Value:
        """Return the value of a param: given from outside, or its default."""
        return self._wired.param(self, binding)

    def keys(self, frame: Frame) -> tuple[Key, ...] | None:
        """Return the keys of a family, None for a block without keys."""
        return self._wired.keys(self, frame)

    def standard_sources(self) -> Scope | None:
        """Return the scope of the sources that every `cite` may name, opened when the first is read."""
        return self._wired.sources(self)

    @property
    def _wired(self) -> Wires:
        if self.wires is None:
            raise InternalError("a session is used before it is wired")
        return self.wires

    @property
    def sink(self) -> Sink:
        """Where diagnostics go."""
        return self.context.sink

    def text(self, span: Span) -> str:
        """Return the source under a span in one line."""
        return " ".join(self.context.sources.slice(span).split())

    def count_expansion(self, amount: int, span: Span) -> bool:
        """Count iterations; report and return False when the limit is passed."""
        if self.expansions > EXPANSION_LIMIT:
            return False
        self.expansions += amount
        if self.expansions <= EXPANSION_LIMIT:
            return True
        self.sink.error(
            "expansion-limit",
            f"loops expand to more than {EXPANSION_LIMIT:,} items: declare a family with keys, "
            "as `node gpu[1..2048]`, instead of a loop",
            span,
            f"this loop passes the limit with {amount:,} more",
        )
        return False

    def fresh_symbol(self) -> tuple[str, int]:
        """Return the identity of a new choice of nature."""
        self.symbols += 1
        return (self.realm, self.symbols)
