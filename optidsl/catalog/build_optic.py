"""Transceivers, fibre grades and connectors from their entities."""

from __future__ import annotations

from optidsl.catalog.parts import Connector, FiberGrade, FiberLimit, Transceiver
from optidsl.catalog.reader import Reader, need
from optidsl.diag import InternalError


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
    )


def _limit(reader: Reader) -> FiberLimit:
    return FiberLimit(reader.entity.name, need(reader.scaled_fact("reach", "mm")), reader.scaled_fact("loss", "mdB"))


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
    )


def connector(reader: Reader) -> Connector:
    """Return the connector that an entity describes."""
    return Connector(reader.entity.name, reader.entity.label_span, need(reader.scaled_fact("loss", "mdB")))
