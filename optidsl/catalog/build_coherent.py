"""Coherent modules, amplifiers and multiplexers from their entities."""

from __future__ import annotations

from optidsl.catalog.coherent import AmplifierModel, Coherent, MuxModel, Penalty, Window
from optidsl.catalog.parts import Fact
from optidsl.catalog.reader import Reader, need

_UNITS = {"dispersion": "fs/nm", "pmd": "fs", "pdl": "mdB"}


def coherent(reader: Reader) -> Coherent | None:
    """Return what a transceiver's entity states of its coherent side, None when it has none."""
    entity = next(reader.entity.of_kind("coherent"), None)
    if entity is None:
        return None
    own = reader.child(entity)
    penalties = [_penalty(own.child(child)) for child in entity.of_kind("penalty")]
    return Coherent(
        own.scaled_fact("osnr_min", "mdB"),
        own.scaled_fact("tx_osnr", "mdB"),
        own.scaled_fact("spacing", "MHz"),
        own.flag_fact("tunable"),
        own.scaled_fact("loss_max", "mdB"),
        tuple(penalty for some in penalties for penalty in some),
        tuple(_window(own.child(child)) for child in entity.of_kind("window")),
    )


def _penalty(reader: Reader) -> list[Penalty]:
    found = []
    for impairment, unit in _UNITS.items():
        at: Fact[int] | None = reader.scaled_fact(impairment, unit)
        if at is not None:
            found.append(Penalty(impairment, at, need(reader.scaled_fact("osnr", "mdB"))))
    return found


def _window(reader: Reader) -> Window:
    return Window(
        need(reader.scaled_fact("rx_min", "mdBm")),
        need(reader.scaled_fact("rx_max", "mdBm")),
        need(reader.scaled_fact("osnr_min", "mdB")),
    )


def amplifier_model(reader: Reader) -> AmplifierModel:
    """Return the amplifier that an entity describes."""
    return AmplifierModel(
        reader.entity.name,
        reader.entity.label_span,
        reader.texts("part_numbers"),
        reader.text("vendor"),
        reader.scaled_fact("units", "U"),
        reader.scaled_fact("power_max", "mW"),
        reader.scaled_fact("gain_min", "mdB"),
        need(reader.scaled_fact("gain_max", "mdB")),
        need(reader.scaled_fact("p_max", "mdBm")),
        reader.scaled_fact("noise_figure", "mdB"),
        reader.scaled_fact("noise_figure_best", "mdB"),
        reader.scaled_fact("noise_figure_worst", "mdB"),
    )


def mux_model(reader: Reader) -> MuxModel:
    """Return the multiplexer that an entity describes."""
    return MuxModel(
        reader.entity.name,
        reader.entity.label_span,
        reader.texts("part_numbers"),
        reader.text("vendor"),
        reader.scaled_fact("units", "U"),
        reader.scaled_fact("power_max", "mW"),
        need(reader.scaled_fact("loss", "mdB")),
        need(reader.count_fact("channels")),
        need(reader.scaled_fact("spacing", "MHz")),
    )
