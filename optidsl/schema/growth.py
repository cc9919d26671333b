"""The kinds by which a design says in what steps it is built."""

from __future__ import annotations

from optidsl.schema.model import Attribute, Kind
from optidsl.schema.types import DATE, INT, TIME

GROWTH = Kind(
    "growth",
    "The steps in which the design is built. The last phase is what is planned; an earlier one is the part of that "
    "plan that stands then, so that no cable in service moves.",
    ("design",),
    label="none",
)

PHASE = Kind(
    "phase",
    "One step, as `phase one { pods = 4, ready = 2027-03-01 }`: values of the design's params, and when it is ready. "
    "Stronger than a param's default, weaker than an override and the command line.",
    ("growth",),
    (
        Attribute(
            "ready",
            DATE,
            "The day it is ready. Phases follow one another by these days, or as they are written where none has one.",
        ),
        Attribute("rewire", INT, "How many cables in service may move: 0.", default="0", minimum="0"),
        Attribute("downtime", TIME, "How long devices in service may be down: 0s.", default="0s", minimum="0s"),
    ),
)

KINDS: tuple[Kind, ...] = (GROWTH, PHASE)
