"""What boxes state of what they offer to a protocol, and how long they take: switches and NICs alike."""

from __future__ import annotations

from optidsl.schema.model import Attribute
from optidsl.schema.protocols import FEATURES
from optidsl.schema.types import BOOL, TIME, listof, word

CABLE_LATENCY = Attribute(
    "latency", TIME, "The delay of both plugs together, the cable itself aside; 0 for passive copper.", minimum="0ns"
)

OFFER: tuple[Attribute, ...] = (
    Attribute("features", listof(word(*FEATURES)), "What it offers to a protocol, as `[pfc, ecn]`."),
    Attribute("lacks", listof(word(*FEATURES)), "What it is known not to offer."),
    Attribute("linear_host", BOOL, "Whether its SerDes drives modules without a signal processor (LPO)."),
    Attribute(
        "latency", TIME, "The delay of a packet through it, cut-through, its FEC decoder included.", minimum="0ns"
    ),
)
"""Attributes of a switch model and of a NIC. What neither `features` nor `lacks` names is not known."""
