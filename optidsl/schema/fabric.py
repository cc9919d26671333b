"""The kinds that describe a network: fabrics, tiers, and what connects them."""

from __future__ import annotations

from optidsl.schema.model import Attribute, Kind
from optidsl.schema.types import ENDPOINTS, INT, LENGTH, RATE, RATIO, part, word

FABRIC = Kind(
    "fabric",
    "A network of one protocol over the endpoints named.",
    ("design",),
    (
        Attribute("kind", word("clos", "fat_tree", "rail_optimized"), "The topology's family.", is_required=True),
        Attribute("protocol", word("infiniband", "ethernet"), "What the ports speak.", is_required=True),
        Attribute(
            "endpoints", ENDPOINTS, "The ports it serves, as `gpu.nic.compute + ufm.nic.fabric`.", is_required=True
        ),
        Attribute(
            "oversubscription",
            RATIO,
            "Bandwidth towards the endpoints over bandwidth upwards, at most.",
            "bounded",
            default="1:1",
        ),
        Attribute(
            "planes", INT, "Parallel networks that the endpoints' ports are dealt over.", default="1", minimum="1"
        ),
        Attribute(
            "tiers", INT, "How many of the tiers written are used; all of them when absent.", "bounded", minimum="1"
        ),
    ),
)

TIER = Kind(
    "tier",
    "Switches of one level; the first tier of a fabric is the leaf.",
    ("fabric",),
    (
        Attribute("model", part("switch_model"), "The switch.", "bounded", is_required=True),
        Attribute("count", INT, "How many; derived when open.", "bounded", minimum="1"),
        Attribute("down", INT, "Ports of one switch kept for the level below.", "bounded", minimum="0"),
        Attribute("up", INT, "Ports of one switch kept for the level above.", "bounded", minimum="0"),
    ),
)

CONNECT = Kind(
    "connect",
    "What is asked of the links between two neighbouring levels: `connect leaf -- spine { rate = 400Gbps }`.",
    ("fabric",),
    (
        Attribute("rate", RATE, "The rate of one link; the endpoints' own when absent.", "bounded", minimum="1Mbps"),
        Attribute(
            "medium", word("multimode", "singlemode", "dac", "acc", "aec", "aoc"), "What the links run over.", "bounded"
        ),
        Attribute("module", part("transceiver"), "The module in both ends.", "bounded"),
        Attribute("cable", part("fiber_cable", "direct_cable"), "The cable.", "bounded"),
        Attribute(
            "length",
            LENGTH,
            "`= 30m` states it in place of the floor plan, `<= 50m` requires it.",
            "bounded",
            minimum="0m",
        ),
        Attribute("parallel", INT, "Links between each pair of switches.", "bounded", minimum="1"),
        Attribute(
            "connections", INT, "Mated connections in the channel, both ends included.", default="2", minimum="2"
        ),
    ),
    label="none",
    is_repeatable=True,
)

KINDS: tuple[Kind, ...] = (FABRIC, TIER, CONNECT)
