"""The kinds by which a team governs its parts: versions of firmware, tested bundles, approvals, waivers."""

from __future__ import annotations

from optidsl.schema.model import Attribute, Kind
from optidsl.schema.types import BOOL, DATE, LENGTH, STRING, Type, word

ANY_WORD = Type("Word")
"""A bare word: names of firmware families, which no table closes."""

FAMILY = Attribute(
    "firmware", ANY_WORD, "The family of firmware it runs, as `connectx-7`; rules and `policy` name it by that word."
)
"""An attribute of a switch model and of a NIC."""

CONDITIONS: tuple[Attribute, ...] = (
    Attribute("of", ANY_WORD, "The family of firmware that `firmware`, `firmware_min` and `fixed` speak of."),
    Attribute(
        "firmware",
        STRING,
        'The versions the rule is published for, as `"28.38.1002..28.38.1900"`: first seen in, still listed in. Before '
        "the first it does not apply; beyond the last nothing is known, unless `fixed` says more.",
    ),
    Attribute("fixed", STRING, "The first version in which what the rule tells of is mended."),
    Attribute("firmware_min", STRING, "The least version that the pair needs."),
    Attribute("far", STRING, "What the box at the far end must be for the rule to apply: a selector; `in-cage` only."),
    Attribute("longer_than", LENGTH, "The length above which the rule applies; `in-cage` only.", minimum="0m"),
)
"""Attributes of a rule that say when it applies."""

GOVERNED: tuple[Attribute, ...] = (
    Attribute(
        "unlisted",
        word("allow", "warn", "stop"),
        "What follows when a box has a list of parts (`in-cage` rules that allow) and the part is not on it.",
        default="allow",
    ),
    Attribute(
        "approved_only",
        BOOL,
        "Whether modules, cables and switches need an `approval`; a rejected part is never used.",
        default="false",
    ),
)
"""Attributes of `policy`."""

BUNDLE = Kind(
    "bundle",
    "Versions that a maker tested or ships together. A design that states versions of two or more members is compared "
    "with every bundle, and warned when none has that combination.",
    ("module", "design"),
    is_part=True,
)

MEMBER = Kind(
    "member",
    'One piece of a bundle by its family: `member connectx-7 { version = "28.47.2682" }`.',
    ("bundle",),
    (Attribute("version", STRING, "Its version.", is_required=True),),
    is_part=True,
    names_another=True,
)

APPROVAL = Kind(
    "approval",
    "A team's word on a part, in any file that the design uses: `approval mms4x00-ns { verdict = approved, because = "
    '"…" }`. A rejected part is never used; `policy { approved_only = true }` leaves only approved ones.',
    ("module", "design"),
    (
        Attribute("verdict", word("approved", "rejected"), "The word.", is_required=True),
        Attribute("because", STRING, "Why.", is_required=True),
        Attribute("until", DATE, "The last day it holds. Past it, a design that rests on it is refused."),
    ),
    is_part=True,
    names_another=True,
)

FIRMWARE = Kind(
    "firmware",
    'The version that the boxes of a family run: `firmware connectx-7 { version = "28.39.1002" }`.',
    ("policy",),
    (Attribute("version", STRING, "The version, numbers with dots between.", is_required=True),),
    names_another=True,
)

WAIVE = Kind(
    "waive",
    "Lets something pass until a day. Its name is that of a check, whose *unknown* answer then passes; or of a "
    "`require`, which may then fail; or of a `rule`, which is then ignored. What physics refuses cannot be waived.",
    ("policy",),
    (
        Attribute("of", STRING, "Only for this part; of a check or a rule."),
        Attribute("at", STRING, "Only in this box (the name of its model); of a check or a rule."),
        Attribute("until", DATE, "The last day it holds; past it, the design is refused.", is_required=True),
        Attribute("because", STRING, "Why; printed with the day in every report.", is_required=True),
    ),
    names_another=True,
)

WAIVABLE: tuple[str, ...] = (
    *("amplifier-gain", "amplifier-power", "bores-aligned", "cage-power", "connector", "copper-reach", "damage"),
    *("dispersion", "fec", "firmware", "firmware-warning", "form-factor", "grid", "lane-rate", "lanes"),
    *("launch-power", "lengths-on-sale", "linear-host", "loss", "margin", "medium", "min-length", "modulation"),
    *("not-listed", "oma", "oma-overload", "osnr", "overload", "pdl", "pmd", "polish", "rate", "reach"),
    *("receive-power", "rule-warning", "second-source", "span-loss", "splitter", "wavelength"),
)
"""Checks of parts whose unknown answer a waiver may let pass."""

KINDS: tuple[Kind, ...] = (BUNDLE, MEMBER, APPROVAL)
POLICY_KINDS: tuple[Kind, ...] = (FIRMWARE, WAIVE)
