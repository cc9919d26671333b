"""What a module says of its signal and of itself beyond average powers, and the attenuators that weaken a signal."""

from __future__ import annotations

from optidsl.schema.model import Attribute, Kind
from optidsl.schema.types import BOOL, FREQUENCY, GAIN, LEVEL, NUM, POWER, STRING, TIME, Type, listof, word

SIGNAL: tuple[Attribute, ...] = (
    Attribute("sff8024", STRING, 'The SFF-8024 code the module reports, as `"SM:28"`.'),
    Attribute("baud", FREQUENCY, "The symbol rate of a lane, as `53.125Gbaud`."),
    Attribute("tx_oma_min", LEVEL, "The least optical modulation amplitude (OMA, outer) that a lane sends."),
    Attribute("tx_oma_max", LEVEL, "The most OMA that a lane sends."),
    Attribute("tx_oma_tdecq_min", LEVEL, "The least OMA less TDECQ that a lane sends."),
    Attribute("tdecq_max", GAIN, "The most TDECQ (SECQ at the receiver) of a lane.", minimum="0dB"),
    Attribute("er_min", GAIN, "The least extinction ratio of a lane.", minimum="0dB"),
    Attribute("rx_oma_max", LEVEL, "The most OMA that a lane's receiver bears."),
    Attribute("rx_sens_oma", LEVEL, "The OMA that a lane's receiver needs of a clean signal."),
    Attribute("rx_stressed_oma", LEVEL, "The OMA that a lane's receiver needs of a signal of `tdecq_max`."),
    Attribute(
        "prefec_ber",
        NUM,
        "The most bit errors before correction, as a share of the bits: `0.00024`.",
        minimum="0",
        maximum="1",
    ),
    Attribute("power_split", POWER, "The most the module draws with its bores on 1:2 splitters."),
    Attribute("linear", BOOL, "Whether it has no signal processor and relies on the host's (LPO).", default="false"),
    Attribute("latency", TIME, "The delay of one module.", minimum="0ns"),
    Attribute(
        "built_in",
        BOOL,
        "Whether it is part of its box (co-packaged): not bought, its watts in the box.",
        default="false",
    ),
)
"""Attributes of a transceiver."""

ATTENUATOR = Kind(
    "attenuator",
    "A fixed attenuator, plugged in at the receiving end of a link that would be too bright.",
    ("module", "design"),
    (
        Attribute("vendor", STRING, "Who makes it.", default='""'),
        Attribute("part_numbers", listof(STRING), "What to order, and other names."),
        Attribute("connector", Type("Word"), "The plug, with its polish: `lc-upc`.", is_required=True),
        Attribute("medium", word("multimode", "singlemode"), "The kind of fibre.", is_required=True),
        Attribute("loss", GAIN, "What it takes away.", is_required=True, minimum="0dB"),
        Attribute("tolerance", GAIN, "How far it may be off, both ways; exact when absent.", minimum="0dB"),
    ),
    is_part=True,
)
