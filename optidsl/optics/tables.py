"""Link classes, what could serve each, and what was chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from optidsl._record import record
from optidsl.catalog.governance import Waiver
from optidsl.catalog.parts import Attenuator, DirectCable, FiberCable, Transceiver
from optidsl.diag import Span
from optidsl.fabric.tables import FabricTables

if TYPE_CHECKING:
    from optidsl.optics.score import Score
    from optidsl.sema.transport import Line

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

Verdict = Literal["holds", "fails", "unknown"]


@record(frozen=True, slots=True)
class LinkClass:
    """Links that no rule can tell apart: same segment, same end groups; `longest_mm` decides for all of them.

    `links` are rows of the link table. `name` reads "compute: leaf -- spine".
    """

    name: str
    segment: int
    a_group: int
    z_group: int
    links: I32
    shortest_mm: int
    longest_mm: int
    longest_link: int


@record(frozen=True, slots=True)
class Check:
    """One physical or compatibility check of a candidate on a class, with its figures for messages and the plan.

    `missing` names the field without a usable number when the verdict is unknown; `blame` are the source places
    of the requirement (not of the part). `about` are the part and the box it speaks of, where it speaks of one pair;
    `waived` is what lets an unknown answer pass.
    """

    name: str  # reach loss overload min-length form-factor cage-power lanes fec connector polish protocol rule policy …
    verdict: Verdict
    detail: str
    margin: int | None = None  # in `unit`, negative when it fails
    unit: str = ""
    missing: str = ""
    source: str = ""
    confidence: str = ""
    blame: tuple[Span, ...] = ()
    about: tuple[str, ...] = ()
    waived: Waiver | None = None


@record(frozen=True, slots=True)
class Candidate:
    """A way to build a link: module + fibre + module, or a direct-attach cable.

    `hub` is the side of the near end of a cable with several far ends, "" of one with a single far end.
    """

    a_module: Transceiver | None
    z_module: Transceiver | None
    fiber: FiberCable | None
    direct: DirectCable | None
    checks: tuple[Check, ...] = ()
    hub: Literal["", "a", "z"] = ""
    a_attenuator: Attenuator | None = None  # before the a end's receiver
    z_attenuator: Attenuator | None = None
    line: Line | None = None  # what `fiber` is a wave of
    a_alternates: tuple[str, ...] = ()  # modules of other vendors that may take the place of this one
    z_alternates: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """A stable name: "mms4x00-ns + mfp7e30 + mms4x00-ns400"."""
        if self.direct is not None:
            return self.direct.name
        assert self.a_module is not None
        assert self.z_module is not None
        assert self.fiber is not None
        a, z = (f" ({each.name})" if each is not None else "" for each in (self.a_attenuator, self.z_attenuator))
        return f"{self.a_module.name}{a} + {self.fiber.name} + {self.z_module.name}{z}"

    @property
    def attenuators(self) -> tuple[Attenuator, ...]:
        """The attenuators of one link, a end first."""
        return tuple(each for each in (self.a_attenuator, self.z_attenuator) if each is not None)


@record(frozen=True, slots=True)
class ClassChoice:
    """What serves a class: `ordered_mm` per link (same order as `LinkClass.links`)."""

    link_class: LinkClass
    candidate: Candidate
    ordered_mm: I64
    runner_up: str = ""
    reason: str = ""


@record(frozen=True, slots=True)
class Choice:
    """The chosen part per class, and how sure the engine is."""

    classes: tuple[ClassChoice, ...]
    proof: str  # `optimal`, `gap <= 0.65 %` or `first feasible`
    objective: str
    score: Score | None = None  # what it is worth under the author's objectives
    shapes: str = ""  # how many shapes of the network were weighed; "" where there was one
    tables: FabricTables | None = None  # with the cages seated otherwise, where the watts of modules ask for it
