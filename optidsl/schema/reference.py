"""The kinds that describe no part to buy: classes of modules, adapters, and figures to look up."""

from __future__ import annotations

from optidsl.schema.model import Attribute, Kind
from optidsl.schema.types import BOOL, FREQUENCY, INT, LANES, NUM, RATE, STRING, Type, listof, word

_WORD = Type("Word")

_LEAST, _MOST = "-1000000000000", "1000000000000"
"""A figure is told and never summed: hours and counts may exceed what a quantity of the design may be."""

_FIGURE: tuple[Attribute, ...] = (
    Attribute("subject", STRING, "What the figure is about.", is_required=True),
    Attribute("value", NUM, "The figure, where it is one number.", minimum=_LEAST, maximum=_MOST),
    Attribute("least", NUM, "The lower end, where it is a range or a bound.", minimum=_LEAST, maximum=_MOST),
    Attribute("most", NUM, "The upper end, where it is a range or a bound.", minimum=_LEAST, maximum=_MOST),
    Attribute("unit", STRING, "Its unit, as `FIT`.", is_required=True),
    Attribute("conditions", STRING, "When it holds, and how it was found."),
)

PMD = Kind(
    "pmd",
    "A class of module: what one bore speaks, as its standard defines it. A transceiver with the same `speaks` in its "
    "`pmd` must have these lanes, modulation, symbol rate and medium.",
    ("module", "design"),
    (
        Attribute("speaks", _WORD, 'The class as transceivers name it in `pmd`, as `"400g-dr4"`.', is_required=True),
        Attribute("lanes", LANES, "Lanes of one bore, as `4x100Gbps`.", is_required=True),
        Attribute("modulation", _WORD, "`nrz`, `pam4`, ….", is_required=True),
        Attribute("medium", word("multimode", "singlemode"), "The kind of fibre."),
        Attribute("baud", FREQUENCY, "The symbol rate of a lane, as `53.125Gbaud`."),
        Attribute("sff8024", STRING, 'Its SFF-8024 code, as `"SM:28"`; the clause of the standard may follow.'),
        Attribute("fec", _WORD, "The forward error correction that the host must run, as `rs-544`."),
        Attribute("linear", BOOL, "Whether its modules have no signal processor (LPO).", default="false"),
    ),
    is_part=True,
)

NIC_MODEL = Kind(
    "nic_model",
    "A network adapter as it is sold. The `nic` of a server names it with `adapter = NAME` and must agree with it.",
    ("module", "design"),
    (
        Attribute("vendor", STRING, "Who makes it.", default='""'),
        Attribute("part_numbers", listof(STRING), "What to order, and other names."),
        Attribute("ports", INT, "Network ports of the card."),
        Attribute("rate", RATE, "The most that one port carries."),
        Attribute("accepts", listof(_WORD), "The form factors that the cages take."),
        Attribute("host", STRING, "How it is attached to its host."),
        Attribute("protocols", listof(word("infiniband", "ethernet")), "The protocols it carries.", is_required=True),
    ),
    is_part=True,
)

REFERENCE = Kind(
    "reference",
    "A figure to look up: dispersion, return loss, skew, …. `optidsl catalog show` prints it with its source; no check "
    "rests on it.",
    ("module", "design"),
    _FIGURE,
    is_part=True,
)

RELIABILITY = Kind(
    "reliability",
    "A figure on how often something fails, as published. `optidsl catalog show` prints it with its source.",
    ("module", "design"),
    _FIGURE,
    is_part=True,
)

KINDS: tuple[Kind, ...] = (PMD, NIC_MODEL, REFERENCE, RELIABILITY)
