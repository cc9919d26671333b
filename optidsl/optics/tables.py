"""Link classes, what could serve each, and what was chosen."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from optidsl._record import record
from optidsl.catalog.parts import DirectCable, FiberCable, Transceiver
from optidsl.diag import Span

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
    of the requirement (not of the part).
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


@record(frozen=True, slots=True)
class Candidate:
    """A way to build a link: module + fibre + module, or a direct-attach cable."""

    a_module: Transceiver | None
    z_module: Transceiver | None
    fiber: FiberCable | None
    direct: DirectCable | None
    checks: tuple[Check, ...] = ()

    @property
    def name(self) -> str:
        """A stable name: "mms4x00-ns + mfp7e30 + mms4x00-ns400"."""
        if self.direct is not None:
            return self.direct.name
        assert self.a_module is not None
        assert self.z_module is not None
        assert self.fiber is not None
        return f"{self.a_module.name} + {self.fiber.name} + {self.z_module.name}"


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
    proof: Literal["optimal", "feasible"]
    objective: str
