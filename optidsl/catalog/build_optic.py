"""Transceivers, fibre grades and connectors from their entities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optidsl.catalog.parts import Attenuator, Connector, FiberGrade, FiberLimit, Transceiver
from optidsl.catalog.reader import Reader, need
from optidsl.diag import InternalError

if TYPE_CHECKING:
    from optidsl.catalog.coherent import Coherent


def transceiver(reader: Reader) -> Transceiver:
    """Return the transceiver that an entity describes."""
    entity = reader.entity
    return Transceiver(
        name=entity.name,
        span=entity.label_span,
        part_numbers=reader.texts("part_numbers"),
        vendor=reader.text("vendor"),
        form_factor=need(reader.text_fact("form_factor")),
        bores=reader.count("bores", 1),
        lanes=need(reader.lanes_fact("lanes")),
        modulation=need(reader.text_fact("modulation")),
        pmd=need(reader.text_fact("pmd")),
        medium=need(reader.text_fact("medium")),
        connector=need(reader.text_fact("connector")),
        wavelength=reader.text_fact("wavelength"),
        fec=reader.text_fact("fec"),
        limits=tuple(_limit(reader.child(child)) for child in entity.of_kind("over")),
        faces=tuple(
            (child.name, need(reader.child(child).scaled_fact("reach", "mm"))) for child in entity.of_kind("faces")
        ),
        min_length_mm=reader.scaled_fact("min_length", "mm"),
        power_max_mw=reader.scaled_fact("power_max", "mW"),
        power_typ_mw=reader.scaled_fact("power_typ", "mW"),
        tx_min_mdbm=reader.scaled_fact("tx_min", "mdBm"),
        tx_max_mdbm=reader.scaled_fact("tx_max", "mdBm"),
        rx_min_mdbm=reader.scaled_fact("rx_min", "mdBm"),
        rx_max_mdbm=reader.scaled_fact("rx_max", "mdBm"),
        rx_damage_mdbm=reader.scaled_fact("rx_damage", "mdBm"),
        channel_connections=reader.count_fact("channel_connections"),
        channel_connection_loss_mdb=reader.scaled_fact("channel_connection_loss", "mdB"),
        protocols=reader.texts("protocols"),
        sff8024=reader.text_fact("sff8024"),
        baud_kbaud=reader.scaled_fact("baud", "kbaud"),
        tx_oma_min_mdbm=reader.scaled_fact("tx_oma_min", "mdBm"),
        tx_oma_max_mdbm=reader.scaled_fact("tx_oma_max", "mdBm"),
        tx_oma_tdecq_min_mdbm=reader.scaled_fact("tx_oma_tdecq_min", "mdBm"),
        tdecq_max_mdb=reader.scaled_fact("tdecq_max", "mdB"),
        er_min_mdb=reader.scaled_fact("er_min", "mdB"),
        rx_oma_max_mdbm=reader.scaled_fact("rx_oma_max", "mdBm"),
        rx_sens_oma_mdbm=reader.scaled_fact("rx_sens_oma", "mdBm"),
        rx_stressed_oma_mdbm=reader.scaled_fact("rx_stressed_oma", "mdBm"),
        prefec_ber=reader.number_fact("prefec_ber"),
        power_split_mw=reader.scaled_fact("power_split", "mW"),
        linear=reader.flag_fact("linear"),
        latency_ps=reader.scaled_fact("latency", "ps"),
        built_in=reader.flag_fact("built_in"),
        coherent=_coherent(reader),
    )


def _coherent(reader: Reader) -> Coherent | None:
    if next(reader.entity.of_kind("coherent"), None) is None:
        return None
    from optidsl.catalog.build_coherent import coherent

    return coherent(reader)


def _limit(reader: Reader) -> FiberLimit:
    reach = need(reader.scaled_fact("reach", "mm"))
    loss, connections = reader.scaled_fact("loss", "mdB"), reader.scaled_fact("connections", "mdB")
    return FiberLimit(reader.entity.name, reach, loss, connections)


def attenuator(reader: Reader) -> Attenuator:
    """Return the attenuator that an entity describes."""
    return Attenuator(
        name=reader.entity.name,
        span=reader.entity.label_span,
        part_numbers=reader.texts("part_numbers"),
        vendor=reader.text("vendor"),
        connector=need(reader.text_fact("connector")),
        medium=need(reader.text_fact("medium")),
        loss_mdb=need(reader.scaled_fact("loss", "mdB")),
        tolerance_mdb=reader.scaled_fact("tolerance", "mdB"),
    )


def fiber_grade(reader: Reader) -> FiberGrade:
    """Return the fibre grade that an entity describes."""
    wavelength_nm = reader.entity.scaled("wavelength", "nm")
    if wavelength_nm is None:
        raise InternalError("a fibre grade has no wavelength after the check for it")
    return FiberGrade(
        reader.entity.name,
        reader.entity.label_span,
        need(reader.text_fact("medium")),
        need(reader.scaled_fact("attenuation", "mdB/km")),
        wavelength_nm,
        reader.scaled_fact("dispersion", "fs/nm/km"),
        reader.scaled_fact("pmd", "fs/rtkm"),
        reader.count_fact("effective_area"),
        reader.scaled_fact("latency", "ns/km"),
    )


def connector(reader: Reader) -> Connector:
    """Return the connector that an entity describes."""
    return Connector(reader.entity.name, reader.entity.label_span, need(reader.scaled_fact("loss", "mdB")))
