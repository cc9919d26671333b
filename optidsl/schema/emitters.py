"""What a design may name in `emit`."""

from __future__ import annotations

BUILT_IN_EMITTERS: tuple[str, ...] = (
    "bom",
    "cabling",
    "circuits",
    "containerlab",
    "dot",
    "frr",
    "gnpy",
    "infiniband",
    "report",
    "simgrid",
    "sonic",
)
"""The names of the emitters that come with the compiler, sorted."""

EMITTER_GROUP = "optidsl.emitters"
"""The group of entry points that other distributions declare their emitters in."""
