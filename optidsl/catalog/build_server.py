"""Servers and appliances from their entities."""

from __future__ import annotations

from optidsl.catalog.offer import offer_of
from optidsl.catalog.parts import Confidence, Fact, HostPort, Nic, ServerModel
from optidsl.catalog.reader import Reader, need
from optidsl.catalog.scale_up import scale_up_of
from optidsl.schema.entity import AttrValue, Entity

_DOUBT: tuple[Confidence, ...] = ("design", "standard", "vendor-doc", "secondary", "unverified")
"""Confidences from the firmest to the weakest."""


def server_model(reader: Reader) -> ServerModel:
    """Return the server that an entity describes."""
    return ServerModel(
        name=reader.entity.name,
        span=reader.entity.label_span,
        part_numbers=reader.texts("part_numbers"),
        vendor=reader.text("vendor"),
        gpus=reader.count_fact("gpus"),
        units=reader.scaled_fact("units", "U"),
        power_max_mw=reader.scaled_fact("power_max", "mW"),
        nics=tuple(_nic(reader.child(nic)) for nic in sorted(reader.entity.of_kind("nic"), key=lambda nic: nic.name)),
        scale_up=scale_up_of(reader),
    )


def _nic(reader: Reader) -> Nic:
    ports = tuple(reader.entity.of_kind("port"))
    return Nic(
        name=reader.entity.name,
        span=reader.entity.label_span,
        rate_mbps=need(reader.scaled_fact("rate", "Mbps")),
        lanes=need(reader.lanes_fact("lanes")),
        accepts=need(reader.texts_fact("accepts")),
        bores_per_cage=reader.count("bores_per_cage", 1),
        protocols=reader.texts("protocols"),
        cage_power_mw=reader.scaled_fact("cage_power", "mW"),
        fec=reader.text_fact("fec"),
        adapter=reader.part_name("adapter"),
        ports=tuple(_port(reader.child(port)) for port in ports),
        ports_source=_port_count(reader, ports),
        offer=offer_of(reader),
        firmware=reader.text("firmware"),
        modes=reader.lanes_list_fact("modes"),
    )


def _port(reader: Reader) -> HostPort:
    gpu = reader.optional_count("gpu")
    rail = reader.optional_count("rail")
    return HostPort(
        name=reader.entity.name,
        cage=reader.text("cage"),
        bore=reader.count("bore", 1),
        gpu=gpu,
        rail=gpu if rail is None else rail,
        device=reader.optional_text("device"),
    )


def _port_count(reader: Reader, ports: tuple[Entity, ...]) -> Fact[int]:
    """Return the number of ports with the weakest source that any port's place rests on."""
    stated = [attr for port in ports if (attr := port.get("cage")) is not None]
    if not stated:
        return Fact(0, "", "design", reader.entity.label_span)
    weakest: AttrValue = max(stated, key=lambda attr: _DOUBT.index(reader.confidence(attr)))
    return Fact(len(ports), weakest.cite or "", reader.confidence(weakest), reader.entity.label_span)
