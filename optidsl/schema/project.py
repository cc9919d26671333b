"""The kinds that describe a project: the design, its variants, its rules on parts, addresses and names."""

from __future__ import annotations

from optidsl.schema.model import Attribute, Kind
from optidsl.schema.types import GAIN, INT, PREFIX, STRING, Type, listof, template, word

ANY_WORD = Type("Word")
"""A bare word or a string: names of vendors, form factors and fibre grades, which no table closes."""

_LAST_ASN = "4294967294"
"""The last number that may be used: 4294967295 is reserved. Source: RFC 6793; RFC 7300."""

STOP_OR_WARN = word("stop", "warn")

NAME_TEMPLATE = template(
    "design", "site", "hall", "row", "rack", "fabric", "tier", "plane", "pod", "node", "key", "index"
)

DESIGN = Kind(
    "design",
    "The network to build: where things stand, what stands there, the fabrics, and what they promise.",
    ("module",),
    (
        Attribute("title", STRING, "One line for the head of every document.", default='""'),
        Attribute("owner", STRING, "Who answers for the design.", default='""'),
        Attribute("emit", listof(ANY_WORD), "Names of the emitters to run; all that apply when absent."),
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
        Attribute("form_factors", ANY_WORD, "Form factors that may be bought, as `in [osfp, qsfp112]`.", "bounded"),
        Attribute("vendors", ANY_WORD, "Vendors that may be bought from.", "bounded"),
        Attribute("media", word("multimode", "singlemode", "dac", "acc", "aec", "aoc"), "Media allowed.", "bounded"),
        Attribute("grades", ANY_WORD, "Fibre grades allowed, as `in [om4, os2]`.", "bounded"),
        Attribute(
            "margin", GAIN, "The least margin a link budget must keep, as `>= 1dB`.", "bounded", default=">= 0dB"
        ),
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
        Attribute("rack_power", STOP_OR_WARN, "The power of a rack against its limit.", default="warn"),
    ),
    label="none",
)

ADDRESSING = Kind(
    "addressing",
    "Where loopback and link addresses come from.",
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
        Attribute("mtu", INT, "The MTU of every fabric port, in bytes.", default="9216", minimum="576", maximum="9216"),
    ),
    label="none",
)

ASN = Kind(
    "asn",
    "Autonomous system numbers after RFC 7938: one for the spines, one for every leaf.",
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
    "Templates of device names; a field may carry a format, as `{index:03}`.",
    ("design",),
    (
        Attribute("switch", NAME_TEMPLATE, "The name of a switch.", default='"{fabric}-{tier}{index:03}"'),
        Attribute("node", NAME_TEMPLATE, "The name of a node.", default='"{node}-{key}"'),
    ),
    label="none",
)

KINDS: tuple[Kind, ...] = (
    DESIGN,
    COMPONENT,
    ENVIRONMENT,
    SOURCE,
    POLICY,
    UNKNOWN,
    ADDRESSING,
    ASN,
    NAMING,
)

FUTURE_KINDS: frozenset[str] = frozenset(
    (
        "adjacency",
        "amplifier",
        "amplifier_model",
        "building",
        "checkpoint",
        "class",
        "collective",
        "compat",
        "defaults",
        "distribution",
        "emit",
        "encryption",
        "expect",
        "firmware",
        "fx",
        "group",
        "growth",
        "hut",
        "ingest",
        "line",
        "link",
        "maintenance",
        "mixed",
        "mux",
        "objective",
        "ocs",
        "ocs_model",
        "patch_panel",
        "phase",
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
        "route",
        "schema",
        "sla",
        "span",
        "spares",
        "storage",
        "telemetry",
        "tenant",
        "test",
        "vlan",
        "vni",
        "waive",
        "wave",
        "workload",
    )
)
"""Kinds that the language has a place for and this edition does not read."""
