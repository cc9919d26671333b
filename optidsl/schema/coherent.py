"""The kinds of the catalogue for coherent links: what a module states of itself, amplifiers, multiplexers."""

from __future__ import annotations

from optidsl.schema.model import Attribute, Kind
from optidsl.schema.types import (
    BOOL,
    FREQUENCY,
    GAIN,
    INT,
    LEVEL,
    POWER,
    RACK_UNITS,
    STRING,
    TIME,
    Type,
    listof,
)

PER_LENGTH = Type("Time/Length")
"""Dispersion of a whole route (`2000ps/nm`), and delay for a length (`4.9us/km`)."""

PMD_COEFFICIENT = Type("Time/rtkm")
DISPERSION = Type("Dispersion")

GLASS: tuple[Attribute, ...] = (
    Attribute("dispersion", DISPERSION, "Chromatic dispersion at 1550 nm, as `16.7ps/nm/km`."),
    Attribute("pmd", PMD_COEFFICIENT, "Coefficient of polarisation mode dispersion, as `0.04ps/rtkm`."),
    Attribute("effective_area", INT, "Effective area in µm², which decides the nonlinear noise.", minimum="1"),
    Attribute("latency", PER_LENGTH, "Delay for a length, as `4.9us/km`."),
)
"""Attributes of a fibre grade, which routes rest on."""

COHERENT = Kind(
    "coherent",
    "What makes a transceiver coherent: it runs over the wavelengths of a `line`. Its symbol rate is the module's "
    "`baud`.",
    ("transceiver",),
    (
        Attribute("osnr_min", GAIN, "The least OSNR (in 0.1 nm) at its receiver."),
        Attribute("tx_osnr", GAIN, "The OSNR that it sends."),
        Attribute("spacing", FREQUENCY, "The least spacing of channels, as `75GHz`."),
        Attribute("tunable", BOOL, "Whether it can be set to any channel of the band."),
        Attribute("loss_max", GAIN, "The most that a line may lose whose only amplifiers stand at its sending end."),
    ),
    label="none",
    is_part=True,
)

PENALTY = Kind(
    "penalty",
    "The OSNR that an impairment costs a coherent module, linear between two of them and infinite beyond the last: "
    "`penalty { dispersion = 20000ps/nm, osnr = 0.5dB }`.",
    ("coherent",),
    (
        Attribute("dispersion", PER_LENGTH, "Chromatic dispersion of the whole line."),
        Attribute("pmd", TIME, "Polarisation mode dispersion of the whole line, as `20ps`.", minimum="0ps"),
        Attribute("pdl", GAIN, "Polarisation dependent loss of the whole line, as `1.5dB`.", minimum="0dB"),
        Attribute("osnr", GAIN, "What it costs.", is_required=True, minimum="0dB"),
    ),
    label="none",
    is_part=True,
)

WINDOW = Kind(
    "window",
    "Powers that the receiver of a coherent module takes, with the OSNR it needs there in place of `osnr_min`. Of "
    "several, one must hold: `window { rx_min = -12dBm, rx_max = 0dBm, osnr_min = 26dB }`.",
    ("coherent",),
    (
        Attribute("rx_min", LEVEL, "The least power of the channel.", is_required=True),
        Attribute("rx_max", LEVEL, "The most power of the channel.", is_required=True),
        Attribute("osnr_min", GAIN, "The least OSNR (in 0.1 nm) in this window.", is_required=True),
    ),
    label="none",
    is_part=True,
)

_BOUGHT: tuple[Attribute, ...] = (
    Attribute("vendor", STRING, "Who makes it.", default='""'),
    Attribute("part_numbers", listof(STRING), "What to order, and other names."),
    Attribute("units", RACK_UNITS, "The height."),
    Attribute("power_max", POWER, "The most it draws.", minimum="0W"),
)

AMPLIFIER_MODEL = Kind(
    "amplifier_model",
    "An optical amplifier of one direction. Its noise figure is one number, or follows from those at the lowest and "
    "the highest gain as of two stages with an attenuator between them; below its lowest gain a pad stands before it.",
    ("module", "design"),
    (
        *_BOUGHT,
        Attribute("gain_min", GAIN, "The lowest gain without a pad."),
        Attribute("gain_max", GAIN, "The highest gain.", is_required=True),
        Attribute("p_max", LEVEL, "The most power of all channels together at its output.", is_required=True),
        Attribute("noise_figure", GAIN, "The noise figure at every gain."),
        Attribute("noise_figure_best", GAIN, "The noise figure at the highest gain."),
        Attribute("noise_figure_worst", GAIN, "The noise figure at the lowest gain."),
    ),
    is_part=True,
)

MUX_MODEL = Kind(
    "mux_model",
    "A multiplexer and demultiplexer for the channels of one end of a line.",
    ("module", "design"),
    (
        *_BOUGHT,
        Attribute("loss", GAIN, "The most that a channel loses, each way.", is_required=True),
        Attribute("channels", INT, "How many channels it has ports for.", is_required=True),
        Attribute("spacing", FREQUENCY, "The spacing of its channels.", is_required=True),
    ),
    is_part=True,
)

KINDS: tuple[Kind, ...] = (COHERENT, PENALTY, WINDOW, AMPLIFIER_MODEL, MUX_MODEL)
