"""The kinds that describe a network: fabrics, tiers, and what connects them."""

from __future__ import annotations

from optidsl._protocols import PROTOCOLS
from optidsl.schema.families import FAMILIES, PARAMETERS
from optidsl.schema.model import Attribute, Kind
from optidsl.schema.protocols import FEATURES
from optidsl.schema.seats import SEAT, VARIANT
from optidsl.schema.types import ENDPOINTS, GAIN, INT, LENGTH, PREFIX, RATE, RATIO, STRING, listof, part, ref, word

_KIND_DOC = (
    f"The topology's family: {'; '.join(f'`{family.kind}`, {family.doc}' for family in FAMILIES)}. "
    "`in [clos, fat_tree]` leaves the choice."
)

FABRIC = Kind(
    "fabric",
    "A network of one protocol over the endpoints named.",
    ("design",),
    (
        Attribute("kind", word(*(family.kind for family in FAMILIES)), _KIND_DOC, "bounded", is_required=True),
        Attribute(
            "protocol",
            word(*PROTOCOLS),
            "What the fabric speaks: `roce` (RoCEv2) and `ultra-ethernet` run over Ethernet and ask more of its boxes; "
            "`ici` joins chips without a network that anybody configures.",
            is_required=True,
        ),
        Attribute(
            "features", listof(word(*FEATURES)), "What its switches must offer besides, as `[adaptive-routing]`."
        ),
        Attribute(
            "endpoints",
            ENDPOINTS,
            "The ports it serves, as `gpu.nic.compute + ufm.nic.fabric`: in this order, each by the keys of its nodes.",
            is_required=True,
        ),
        Attribute(
            "planes",
            INT,
            "Parallel networks that the endpoints' ports are dealt over; `in [1, 2, 4]` leaves the choice.",
            "bounded",
            default="1",
            minimum="1",
        ),
        Attribute(
            "planes_by",
            word("rail", "port"),
            "How ports are dealt over planes: by their rail, or those of one rail (a dual-plane NIC's two) in turn.",
            default="rail",
        ),
        *PARAMETERS,
    ),
)

TIER = Kind(
    "tier",
    "Switches of one level; the first tier of a fabric is the leaf.",
    ("fabric",),
    (
        Attribute(
            "model", part("switch_model"), "The switch; `in [a, b]` leaves the choice.", "bounded", is_required=True
        ),
        Attribute("count", INT, "How many; derived when open.", "bounded", minimum="1"),
        Attribute(
            "retired",
            listof(INT),
            "Keys that no switch of the tier has, as `[3]` when switch 3 is gone: the others keep theirs, and with "
            "them their names, numbers and ports. Keys count from 1.",
        ),
        Attribute("down", INT, "Ports of one switch kept for the level below.", "bounded", minimum="0"),
        Attribute("up", INT, "Ports of one switch kept for the level above.", "bounded", minimum="0"),
        Attribute(
            "oversubscription",
            RATIO,
            "Bandwidth down over bandwidth up of one switch, as `= 5:4` or `<= 3:1`; of trees, below the top.",
            "bounded",
        ),
        Attribute("asn", listof(INT), "The AS number of each switch, in their order, in place of the design's `asn`."),
        Attribute(
            "loopback",
            listof(PREFIX),
            "The loopback address of each switch, in their order, as `[10.0.3.0/32, 10.0.3.1/32]`.",
        ),
        VARIANT,
    ),
)

CONNECT = Kind(
    "connect",
    "What is asked of the links between two neighbouring levels: `connect leaf -- spine { rate = 400Gbps }`. Or of "
    "those between switches of one tier: `connect router -- router`, or of one dimension, "
    "`connect router.global -- router.global`, in place of what is asked of all. In a `custom` fabric "
    "`connect router[1] -- router[2, 3] { parallel = 2 }` makes links: from each of the first to each of the second.",
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
            "`= 30m` states it in place of the floor plan, `<= 50m` requires it. Links of a `custom` fabric may each "
            "state their own.",
            "bounded",
            minimum="0m",
            maximum="40000km",
        ),
        Attribute("parallel", INT, "Links between each pair of switches.", "bounded", minimum="1"),
        Attribute(
            "uneven",
            INT,
            "By how many the links of two pairs may differ: 1 deals uplinks in turn where they do not divide evenly.",
            default="0",
            minimum="0",
            maximum="1",
        ),
        Attribute(
            "scheme",
            listof(word("striped", "own_first", "by_link")),
            "Which port goes where, between two tiers of a tree: uplinks `striped`, one after another to each switch "
            "above; the switch above of the same number as a switch's share of those below `own_first`, then the "
            "next; ports above `by_link`, the first link of every switch below, then the second. Between switches of "
            "one tier `by_link` only: the first link to every neighbour, then the second.",
        ),
        Attribute(
            "p2p",
            listof(PREFIX),
            "The /31 of each link, in the order of the switches below and of their uplinks, as `[10.0.5.0/31, …]`.",
        ),
        Attribute(
            "from_ports", listof(STRING), "Of a `custom` fabric: the ports at the first end, by name, one a link."
        ),
        Attribute("to_ports", listof(STRING), "The ports at the second end, in the same order."),
        Attribute(
            "connections", INT, "Mated connections in the channel, both ends included.", default="2", minimum="2"
        ),
        Attribute("splices", INT, "Splices in the channel.", default="0", minimum="0"),
        Attribute("splice_loss", GAIN, "The most loss of one splice.", minimum="0dB"),
        Attribute("via", ref("line"), "The line that links between the two ends of its route run over."),
    ),
    label="none",
    is_repeatable=True,
)

KINDS: tuple[Kind, ...] = (FABRIC, TIER, SEAT, CONNECT)
