"""Blocks while they are elaborated: a frame gathers the bodies that shape a block, its children, and its writers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optidsl._record import field, record
from optidsl.diag import Span
from optidsl.schema.model import Kind
from optidsl.sema.scope import ComponentBinding, ParamBinding, Scope
from optidsl.sema.values import Value
from optidsl.source import Origin
from optidsl.syntax import nodes

if TYPE_CHECKING:
    from optidsl.sema.blocks import Placement

Key = int | str

ENVIRONMENT_RANK = 0
"""Rank of an override of the selected environment, the strongest layer."""

OVERRIDE_RANK = 1
"""Rank of an override of the design itself."""

BODY_RANK = 2
"""Rank of a block's own body; a component's or base's body comes one after its user's."""


@record(frozen=True, slots=True)
class Cite:
    """The source that a `cite` block gives to what stands inside it; `confidence` None: as sure as the source."""

    source: str
    confidence: str | None


@record(frozen=True, slots=True)
class Layer:
    """A body that shapes a frame, and the scope its items see. The lowest rank is the strongest."""

    rank: int
    body: nodes.Body
    parent: Scope
    cite: Cite | None = None


@record(frozen=True, slots=True)
class Step:
    """One step of an override's path: a name, or the keys between brackets (`subs` set, `name` empty)."""

    span: Span
    name: str
    subs: tuple[nodes.Subscript, ...] | None


@record(slots=True, eq=False)
class Override:
    """`override path = value`; `matched` counts the steps that some block answered to, `near` the last that did."""

    item: nodes.Override
    scope: Scope
    rank: int
    steps: tuple[Step, ...]
    is_used: bool = False
    matched: int = 0
    near: Frame | None = None


@record(frozen=True, slots=True)
class Pending:
    """An override on its way down: the steps of its path that the frames above have not consumed."""

    override: Override
    step: int


@record(frozen=True, slots=True)
class Written:
    """One statement about an attribute. `op` is `=` or a bound's operator."""

    rank: int
    op: str
    value: nodes.Expr
    scope: Scope
    span: Span
    cite: Cite | None = None
    override: Override | None = None


@record(frozen=True, slots=True)
class Resolved:
    """What all layers together say about an attribute. `is_broken` after an error: it stays silent from then on."""

    span: Span
    value_span: Span
    value: Value | None = None
    options: tuple[Value, ...] | None = None
    lower: Value | None = None
    upper: Value | None = None
    cite: Cite | None = None
    is_default: bool = False
    is_broken: bool = False


@record(frozen=True, slots=True)
class GoalSite:
    """A `require` and its like, with the scope it stands in."""

    item: nodes.Goal
    scope: Scope
    frame: Frame


@record(slots=True, eq=False)
class Frame:
    """A block while it is elaborated. `state`: 0 new, 1 names declared, 2 loops being expanded, 3 complete."""

    kind: Kind
    name: str
    parent: Frame | None
    address: tuple[str, ...]
    origin: Origin
    label_span: Span
    doc: str = ""
    layers: list[Layer] = field(default_factory=list)
    key_subs: tuple[nodes.Subscript, ...] | None = None
    key_scope: Scope | None = None
    key_values: tuple[Key, ...] | None = None
    state: int = 0
    children: list[Frame] = field(default_factory=list)
    connects: list[tuple[Placement, nodes.Connect]] = field(default_factory=list)  # met, and added once tiers are
    child_by_name: dict[str, Frame] = field(default_factory=dict)
    static_children: dict[int, Frame] = field(default_factory=dict)
    layer_scopes: list[Scope] = field(default_factory=list)
    base: tuple[nodes.Key, Scope] | None = None
    component: ComponentBinding | None = None
    written: dict[str, list[Written]] = field(default_factory=dict)
    values: dict[str, Resolved | None] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)
    goals: list[GoalSite] = field(default_factory=list)
    params: dict[str, ParamBinding] = field(default_factory=dict)
    pending: list[Pending] = field(default_factory=list)
    ends: tuple[str, str] | None = None
    end_numbers: tuple[tuple[int, ...] | None, tuple[int, ...] | None] = (None, None)  # switches that the ends name
    is_broken: bool = False

    @property
    def is_part(self) -> bool:
        """Tell whether this is a catalogue part (or a block inside one)."""
        return self.kind.is_part

    @property
    def is_instance(self) -> bool:
        """Tell whether this is an instance of a component."""
        return self.component is not None

    @property
    def container(self) -> str:
        """Return the kind whose blocks may stand here: an instance stands for the block around it."""
        frame = self
        while frame.component is not None and frame.parent is not None:
            frame = frame.parent
        return frame.kind.name

    @property
    def display(self) -> str:
        """The address without the design's name, as an author would write it."""
        return ".".join(self.address[1:] if len(self.address) > 1 else self.address)

    def child(self, name: str) -> Frame | None:
        """Return the child of that name (or of that kind, when it has no name)."""
        return self.child_by_name.get(name)
