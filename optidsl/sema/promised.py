"""What is judged on the finished network: expectations, and the tests that they stand in."""

from __future__ import annotations

from typing import Literal

from optidsl._record import record
from optidsl.catalog.governance import Waiver
from optidsl.diag import Span
from optidsl.sema.values import Comparison

TargetKind = Literal["tier", "node", "rack", "row", "hall", "plane", "fabric", "device", "link"]


@record(frozen=True, slots=True)
class Target:
    """Something that fails: what is named, and the keys picked of it (None: all).

    `path` is the address without the design's name; of a `device` it is the name of a device or of a port. `ends`
    are the two ends of a `link`; `planes` narrows a tier to planes.
    """

    kind: TargetKind
    text: str
    span: Span
    path: tuple[str, ...] = ()
    keys: tuple[str, ...] | None = None
    planes: tuple[int, ...] | None = None
    ends: tuple[Target, ...] = ()


@record(frozen=True, slots=True)
class Promised:
    """An `expect`, or a `require` or `prefer` of a quantity that only the finished network has.

    `comparisons` are those not decided yet; `broken` says what was found false already, "" where nothing was.
    """

    verb: str
    name: str
    text: str
    comparisons: tuple[Comparison, ...]
    broken: str
    because: str
    is_warning: bool
    span: Span
    via: tuple[Span, ...] = ()
    waiver: Waiver | None = None


@record(frozen=True, slots=True)
class Test:
    """A `test` block: expectations, and what has failed; `fail_any` is a kind of element or ""."""

    name: str
    fail: tuple[Target, ...]
    fail_span: Span | None
    fail_any: str
    expectations: tuple[Promised, ...]
    span: Span
