"""The kinds of long links: routes of fibre between sites, and the line systems over them."""

from __future__ import annotations

from optidsl.schema.coherent import DISPERSION, PMD_COEFFICIENT
from optidsl.schema.model import Attribute, Kind
from optidsl.schema.types import ATTENUATION, FREQUENCY, GAIN, INT, LENGTH, LEVEL, Type, part, ref

ROUTE = Kind(
    "route",
    "Fibre between two sites (or halls), as spans in the order from `from` to `to`.",
    ("design",),
    (
        Attribute("from", ref("site", "hall"), "One end.", is_required=True),
        Attribute("to", ref("site", "hall"), "The other end.", is_required=True),
        Attribute("pairs", INT, "Fibre pairs; each carries one line.", default="1", minimum="1"),
    ),
)

SPAN = Kind(
    "span",
    "A stretch of fibre between two places where light can be amplified.",
    ("route",),
    (
        Attribute("length", LENGTH, "Its length.", is_required=True, minimum="1m"),
        Attribute("fiber", part("fiber_grade"), "The grade of its fibre.", is_required=True),
        Attribute(
            "loss",
            ATTENUATION,
            "Its attenuation at 1550 nm, as `0.205dB/km +/- 0.015dB/km`: the highest counts. That of the grade, if it "
            "holds at 1550 nm, when absent.",
            "nature",
            minimum="0dB/km",
        ),
        Attribute("splices", INT, "Splices on the way.", default="0", minimum="0"),
        Attribute("splice_loss", GAIN, "The most that one splice loses.", minimum="0dB"),
        Attribute("connectors", INT, "Mated connectors, those at its ends included.", default="2", minimum="0"),
        Attribute("connector_loss", GAIN, "The most that one mated pair loses.", minimum="0dB"),
        Attribute("dispersion", DISPERSION, "Chromatic dispersion as measured; the grade's when absent."),
        Attribute("pmd", PMD_COEFFICIENT, "PMD coefficient as measured; the grade's when absent."),
    ),
)

LINE = Kind(
    "line",
    "A line system over one fibre pair of a route, alike in both directions. A `connect` runs over it with `via`.",
    ("design",),
    (
        Attribute("over", ref("route"), "The route.", is_required=True),
        Attribute("grid", FREQUENCY, "The spacing of its channels, as `75GHz`.", is_required=True),
        Attribute("mux", part("mux_model"), "The multiplexer at each end.", is_required=True),
        Attribute("channels", INT, "The most waves it carries; the multiplexer's channels when absent.", minimum="1"),
        Attribute(
            "transmit",
            LEVEL,
            "What every module is set to send; the least and the most that the module may send when absent.",
        ),
        Attribute("launch", LEVEL, "Power of a channel into every span, which amplifiers without a `gain` restore."),
        Attribute("pdl", GAIN, "Polarisation dependent loss of the whole line.", minimum="0dB"),
        Attribute("span_loss", GAIN, "The most that one span may lose.", minimum="0dB"),
    ),
)

_SET: tuple[Attribute, ...] = (
    Attribute("model", part("amplifier_model"), "What it is.", is_required=True),
    Attribute("gain", GAIN, "Its gain; as much as restores the `launch` of the line when absent.", minimum="0dB"),
    Attribute("noise_figure", GAIN, "Its noise figure as measured; the model's when absent.", minimum="0dB"),
)

BOOSTER = Kind("booster", "The amplifier that sends into the route, at each end.", ("line",), _SET, label="none")
PREAMP = Kind("preamp", "The amplifier that receives from the route, at each end.", ("line",), _SET, label="none")
AMPLIFIER = Kind(
    "amplifier",
    "Amplifiers between two spans, one for each direction.",
    ("line",),
    (Attribute("after", Type("Word"), "The span of the route that it follows.", is_required=True), *_SET),
)

KINDS: tuple[Kind, ...] = (ROUTE, SPAN, LINE, BOOSTER, PREAMP, AMPLIFIER)
