"""Fibre assemblies and cables with plugs from their entities."""

from __future__ import annotations

from optidsl.catalog.parts import DirectCable, FiberCable
from optidsl.catalog.reader import Reader, need


def fiber_cable(reader: Reader) -> FiberCable:
    """Return the fibre assembly that an entity describes."""
    return FiberCable(
        name=reader.entity.name,
        span=reader.entity.label_span,
        part_numbers=reader.texts("part_numbers"),
        vendor=reader.text("vendor"),
        grade=need(reader.text_fact("grade")),
        medium=need(reader.text_fact("medium")),
        connector=need(reader.text_fact("connector")),
        polarity=reader.text_fact("polarity"),
        ends=reader.count("ends", 1),
        lengths_mm=reader.scaled_list_fact("lengths", "mm"),
        max_total_mm=reader.scaled_fact("max_total", "mm"),
        part_number_form=reader.optional_text("part_number_form"),
    )


def direct_cable(reader: Reader) -> DirectCable:
    """Return the cable with plugs that an entity describes."""
    return DirectCable(
        name=reader.entity.name,
        span=reader.entity.label_span,
        part_numbers=reader.texts("part_numbers"),
        vendor=reader.text("vendor"),
        technology=need(reader.text_fact("technology")),
        form_factor_a=need(reader.text_fact("form_factor_a")),
        form_factor_z=need(reader.text_fact("form_factor_z")),
        lanes=need(reader.lanes_fact("lanes")),
        bores=reader.count("bores", 1),
        ends=reader.count("ends", 1),
        lengths_mm=reader.scaled_list_fact("lengths", "mm"),
        power_a_mw=reader.scaled_fact("power_a", "mW"),
        power_z_mw=reader.scaled_fact("power_z", "mW"),
        protocols=reader.texts("protocols"),
        latency_ps=reader.scaled_fact("latency", "ps"),
    )
