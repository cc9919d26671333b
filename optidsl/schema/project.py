"""The kinds that describe a project: the design, its variants, its rules on parts, addresses and names."""

from __future__ import annotations

from optidsl.schema.governance import GOVERNED, POLICY_KINDS
from optidsl.schema.model import Attribute, Kind
from optidsl.schema.purchase import CURRENCY
from optidsl.schema.statistical import STATISTICAL
from optidsl.schema.types import GAIN, INT, NUM, PREFIX, STRING, TIME, Type, listof, template, word

ANY_WORD = Type("Word")
"""A bare word or a string: names of vendors, form factors and fibre grades, which no table closes."""

_LAST_ASN = "4294967294"
"""The last number that may be used: 4294967295 is reserved. Source: RFC 6793; RFC 7300."""

STOP_OR_WARN = word("stop", "warn")

NAME_TEMPLATE = template(
    "design", "site", "hall", "row", "rack", "fabric", "tier", "plane", "pod", "node", "key", "index"
)

LABEL_NUMBERS = ("column", "unit", "chassis", "slot", "port", "cage", "bore")
"""Fields of cable labels that take a width."""

_LABEL_FIELDS = ("site", "hall", "row", "rack", "device", *LABEL_NUMBERS)
LABEL_TEMPLATE = template(*_LABEL_FIELDS, *(f"far_{name}" for name in _LABEL_FIELDS))

DESIGN = Kind(
    "design",
    "The network to build: where things stand, what stands there, the fabrics, and what they promise.",
    ("module",),
    (
        Attribute("title", STRING, "One line for the head of every document.", default='""'),
        Attribute("owner", STRING, "Who answers for the design.", default='""'),
        CURRENCY,
        Attribute("emit", listof(ANY_WORD), "Names of the emitters to run; all that apply when absent, but for `dot`."),
    ),
)

COMPONENT = Kind(
    "component",
    'A kind of your own: params and the blocks they shape. `Pod "a" { size = 4 }` instantiates component `Pod`.',
    ("module", "design"),
)

ENVIRONMENT = Kind(
    "environment",
    "A named variant of the design, made of overrides only; selected on the command line.",
    ("design",),
)

SOURCE = Kind(
    "source",
    "A document that numbers about real parts were read in.",
    ("module",),
    (
        Attribute("title", STRING, "The document's title, revision and table.", is_required=True),
        Attribute("at", STRING, "Where it can be read.", default='""'),
        Attribute(
            "confidence",
            word("standard", "vendor-doc", "secondary", "unverified"),
            "How far a check may rest on its numbers.",
            is_required=True,
        ),
    ),
)

POLICY = Kind(
    "policy",
    "Rules on parts that hold for the whole design.",
    ("design",),
    (
        Attribute("optic_skus", INT, "How many different transceivers the design may use.", "bounded", minimum="1"),
        Attribute(
            "cable_skus", INT, "How many different cables (part and length) the design may use.", "bounded", minimum="1"
        ),
        Attribute(
            "fiber_types",
            INT,
            "How many types of fibre assembly the design may use; grade and connector with its polish make "
            "a type, as `os2` on `mpo-12-apc`.",
            "bounded",
            minimum="1",
        ),
        Attribute(
            "growth_reserve",
            NUM,
            "The least share of the ports for endpoints that every fabric leaves free: of the ports that the switches "
            "of the endpoints' tier have towards these, beside their ports up. Tiers above do not count.",
            minimum="0",
            maximum="0.99",
        ),
        Attribute(
            "multi_source",
            INT,
            "How many vendors must make every optic: an alternate is of the same form, optical interface and bores, "
            "and passes every check where it would stand in for the one chosen, the far module and the cable staying. "
            "The bill of material names them.",
            minimum="1",
        ),
        Attribute("form_factors", ANY_WORD, "Form factors that may be bought, as `in [osfp, qsfp112]`.", "bounded"),
        Attribute("vendors", ANY_WORD, "Vendors that may be bought from.", "bounded"),
        Attribute("media", word("multimode", "singlemode", "dac", "acc", "aec", "aoc"), "Media allowed.", "bounded"),
        Attribute("grades", ANY_WORD, "Fibre grades allowed, as `in [om4, os2]`.", "bounded"),
        Attribute(
            "margin", GAIN, "The least margin a link budget must keep, as `>= 1dB`.", "bounded", default=">= 0dB"
        ),
        Attribute(
            "osnr_margin",
            GAIN,
            "The least OSNR that a wave of a line must have beyond what its module needs.",
            "bounded",
            default=">= 2dB",
        ),
        *GOVERNED,
    ),
    label="optional",
)

UNKNOWN = Kind(
    "unknown",
    "What a check does when the catalogue lacks a number it needs.",
    ("policy",),
    (
        Attribute("reach", STOP_OR_WARN, "The reach of a module over the fibre grade.", default="stop"),
        Attribute("loss", STOP_OR_WARN, "The insertion loss of the channel.", default="stop"),
        Attribute("overload", STOP_OR_WARN, "The power at the receiver of a short link.", default="warn"),
        Attribute("cage_power", STOP_OR_WARN, "The power of a module against its cage.", default="stop"),
        Attribute("rack_power", STOP_OR_WARN, "The power of a rack, site or feed against its limit.", default="warn"),
        Attribute(
            "firmware",
            STOP_OR_WARN,
            "A rule that forbids for some versions of firmware, where the design states none or a later one.",
            default="warn",
        ),
        Attribute("features", STOP_OR_WARN, "What a protocol needs of switches and NICs.", default="warn"),
        Attribute("osnr", STOP_OR_WARN, "The OSNR, powers and gains of a line.", default="stop"),
        Attribute("dispersion", STOP_OR_WARN, "Dispersion, PMD and PDL of a line.", default="stop"),
        Attribute("linear", STOP_OR_WARN, "Whether a box drives a module without a signal processor.", default="stop"),
        Attribute(
            "second_source",
            STOP_OR_WARN,
            "Whether a module has the vendors that `multi_source` asks for.",
            default="stop",
        ),
        Attribute("spares", STOP_OR_WARN, "Whether spares kept by `confidence` are enough.", default="stop"),
    ),
    label="none",
)

ADDRESSING = Kind(
    "addressing",
    "Where loopback and link addresses come from. They follow from keys and ports: half of a pool is for the first "
    "fabric by name, half of the rest for the next; of that, leaves (or links of servers) have a half, the tiers above "
    "a quarter each. A pool that is too small for this is packed, and its numbers move when the fabric grows.",
    ("design",),
    (
        Attribute("loopback", PREFIX, "The pool of loopback addresses.", default="10.250.0.0/16"),
        Attribute("p2p", PREFIX, "The pool of point-to-point addresses.", default="10.128.0.0/12"),
        Attribute(
            "mode",
            word("unnumbered", "numbered"),
            "Whether links between switches have addresses; those of servers do.",
            default="unnumbered",
        ),
        Attribute(
            "even",
            word("lower", "upper"),
            "Which end of a link has the even address of its /31: the lower one (a server, a leaf), or the upper.",
            default="lower",
        ),
        Attribute(
            "reuse_after",
            TIME,
            "How long numbers of devices and links that went away stay unused, in days: `90d`, or `0d` to use them "
            "again at once. Left out, they stay unused until `optidsl lock release` frees them.",
            minimum="0d",
        ),
        Attribute("mtu", INT, "The MTU of every fabric port, in bytes.", default="9216", minimum="576", maximum="9216"),
    ),
    label="none",
)

ASN = Kind(
    "asn",
    "Autonomous system numbers after RFC 7938: one for the spines, one for every leaf, by its key.",
    ("design",),
    (
        Attribute(
            "spine",
            INT,
            "The number that the spines share.",
            default="4200000000",
            minimum="1",
            maximum=_LAST_ASN,
        ),
        Attribute(
            "leaf",
            INT,
            "The first and the last number for leaves, as `first..last`.",
            "nature",
            default="4200001000..4200009999",
            minimum="1",
            maximum=_LAST_ASN,
        ),
        Attribute(
            "core",
            INT,
            "The number that the core switches share.",
            default="4200000001",
            minimum="1",
            maximum=_LAST_ASN,
        ),
    ),
    label="none",
)

NAMING = Kind(
    "naming",
    "Templates of device names and cable labels; a field may carry a format, as `{index:03}`. `{index}` is the key of "
    "a switch: below a core that of spine 3 of pod 2 is 203.",
    ("design",),
    (
        Attribute("switch", NAME_TEMPLATE, "The name of a switch.", default='"{fabric}-{tier}{index:03}"'),
        Attribute("node", NAME_TEMPLATE, "The name of a node.", default='"{node}-{key}"'),
        Attribute(
            "label",
            LABEL_TEMPLATE,
            "The label of a cable's end, as `{row}{column:02}-{chassis:02}-{port:02}`; `rack-RU:port/rack-RU:port` "
            "when absent. `column` is the rack's number in its row, `chassis` the box's in its rack from the bottom: "
            "they count what stands there now, and change where something is put before; `unit` stays. "
            "`port` and `slot` are the parts of the port's name between `/`, with a width the number that they end "
            "in; `far_…` is of the other end.",
        ),
        Attribute("node_label", LABEL_TEMPLATE, "The same for ends at nodes; `label` when absent."),
    ),
    label="none",
)

OBJECTIVE = Kind(
    "objective",
    "What is best: lines of `minimize`, `maximize` and `prefer`, the first counting above all that follow.",
    ("design", "component"),
    label="none",
)

KINDS: tuple[Kind, ...] = (
    DESIGN,
    COMPONENT,
    ENVIRONMENT,
    SOURCE,
    POLICY,
    UNKNOWN,
    STATISTICAL,
    *POLICY_KINDS,
    ADDRESSING,
    ASN,
    NAMING,
    OBJECTIVE,
)

FUTURE_KINDS: frozenset[str] = frozenset(
    (
        "adjacency",
        "building",
        "checkpoint",
        "class",
        "collective",
        "compat",
        "defaults",
        "distribution",
        "emit",
        "encryption",
        "group",
        "hut",
        "ingest",
        "link",
        "maintenance",
        "mixed",
        "mux",
        "ocs",
        "ocs_model",
        "patch_panel",
        "plane",
        "qos",
        "rag",
        "rail",
        "replication",
        "restore",
        "roadm",
        "roadm_model",
        "role",
        "room",
        "schema",
        "sla",
        "storage",
        "telemetry",
        "tenant",
        "vlan",
        "vni",
        "wave",
        "workload",
    )
)
"""Kinds that the language has a place for and this edition does not read."""
