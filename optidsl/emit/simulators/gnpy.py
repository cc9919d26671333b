"""GNPy inputs, one set for each line: what an independent engine says of its OSNR."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from itertools import pairwise

from optidsl.emit.simulators.gnpy_equipment import Document, edfas, fibers, span_variety, transceivers, variety_of
from optidsl.plan.line_model import PlanLine, PlanSignal
from optidsl.plan.model import Plan


class GnpyEmitter:
    """GNPy 3.0.1 inputs of each line: topology, equipment, and one request for each class of links over it.

    Reads: lines, signals, and the figures of modules, amplifiers, multiplexers and glass.
    Makes, in `simulators/gnpy/<line>/`: `topology.json`, `equipment.json` and `services.json`, which
    `gnpy-path-request -e equipment.json topology.json services.json` reads.

    A multiplexer is a ROADM that brings each channel to the level it has there and adds no noise. Every amplifier has
    the gain that the plan reckons with, in both directions; the comb is full. A line whose levels are not known is
    left out. GNPy's requests ask for the module's mode with its penalties and the system margin of the policy.
    """

    name = "gnpy"
    title = "GNPy inputs"

    def applies(self, plan: Plan) -> bool:
        """Tell whether anything arrives over a line."""
        return bool(plan.signals)

    def emit(self, plan: Plan) -> Iterator[tuple[str, str]]:
        """Yield three files for each line."""
        for line in plan.lines:
            signals = [signal for signal in plan.signals if plan.classes[signal.link_class].line == line.name]
            if signals:
                folder = f"simulators/gnpy/{line.name}"
                yield f"{folder}/topology.json", _text(_topology(plan, line, signals[0]))
                yield f"{folder}/equipment.json", _text(_equipment(plan, line, signals))
                yield f"{folder}/services.json", _text(_services(plan, line, signals))


def _text(content: Document) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


# ------------------------------------------------------------------ topology


def _topology(plan: Plan, line: PlanLine, signal: PlanSignal) -> Document:
    """Return both directions as chains between two transceivers."""
    elements: list[Document] = []
    for end in ("a", "z"):
        elements += [{"uid": f"trx {end}", "type": "Transceiver"}, {"uid": f"mux {end}", "type": "Roadm"}]
    connections: list[Document] = []
    for near, far, is_back in (("a", "z", False), ("z", "a", True)):
        way = _way(plan, line, signal, f"{near}-{far}", is_back=is_back)
        elements += way
        chain = [f"trx {near}", f"mux {near}", *(str(each["uid"]) for each in way), f"mux {far}", f"trx {far}"]
        connections += [{"from_node": one, "to_node": other} for one, other in pairwise(chain)]
    return {"network_name": line.name, "elements": elements, "connections": connections}


def _way(plan: Plan, line: PlanLine, signal: PlanSignal, name: str, *, is_back: bool) -> list[Document]:
    """Return the amplifiers and spans of one direction, each amplifier with its gain."""
    level = _entry_mdbm(plan, line, signal)
    spans = line.spans[::-1] if is_back else line.spans
    found: list[Document] = []
    for place in range(len(spans) + 1):
        at = len(spans) - place if is_back else place
        for each in line.amplifiers:
            is_here = place in (0, len(spans)) and each.role == ("booster" if place == 0 else "preamp")
            if not is_here and not (each.role == "amplifier" and each.at == at):
                continue
            gain = (line.launch_mdbm or 0) - level if each.gain_mdb is None else each.gain_mdb
            level += gain
            found.append(
                {
                    "uid": f"{each.name} {name}",
                    "type": "Edfa",
                    "type_variety": variety_of(each, gain),
                    "operational": {"gain_target": gain / 1000, "tilt_target": 0, "out_voa": 0},
                }
            )
        if place < len(spans):
            span = spans[place]
            joints = span.splices * (span.splice_loss_mdb or 0) + span.connectors * (span.connector_loss_mdb or 0)
            entry = (span.connector_loss_mdb or 0) if span.connectors else 0
            fiber = -(-span.length_mm * (span.attenuation_mdb_per_km or 0) // 1_000_000)
            level -= fiber + joints
            params = {
                "length": span.length_mm / 1e6,
                "length_units": "km",
                "loss_coef": (span.attenuation_mdb_per_km or 0) / 1000,
                "con_in": entry / 1000,
                "con_out": (joints - entry) / 1000,
            }
            uid = f"{span.name} {name}"
            found.append({"uid": uid, "type": "Fiber", "type_variety": span_variety(span), "params": params})
    return found


def _entry_mdbm(plan: Plan, line: PlanLine, signal: PlanSignal) -> int:
    """Return the level of a channel behind the first multiplexer."""
    loss = plan.parts[line.mux].facts["loss_mdb"].value
    return signal.terms[0].level_mdbm - (loss if isinstance(loss, int) else 0)


# ------------------------------------------------------------------ equipment and requests


def _equipment(plan: Plan, line: PlanLine, signals: list[PlanSignal]) -> Document:
    gains = {
        str(each["type_variety"]): each["operational"]["gain_target"]
        for is_back in (False, True)
        for each in _way(plan, line, signals[0], "", is_back=is_back)
        if each["type"] == "Edfa"
    }
    modes = transceivers(plan, line, signals)
    first = modes[0]["mode"][0]
    spacing = line.grid_mhz * 1_000_000
    return {
        "Edfa": edfas(plan, line, gains),
        "Fiber": fibers(plan, line),
        "RamanFiber": [],
        "Span": [
            {
                "power_mode": False,
                "delta_power_range_db": [0, 0, 0.5],
                "max_fiber_lineic_loss_for_raman": 0.25,
                "target_extended_gain": 0,
                "max_length": 150,
                "length_units": "km",
                "max_loss": 60,
                "padding": 0,
                "EOL": 0,
                "con_in": 0,
                "con_out": 0,
            }
        ],
        "Roadm": [
            {
                "target_pch_out_db": _entry_mdbm(plan, line, signals[0]) / 1000,
                "add_drop_osnr": 100,
                "pmd": 0,
                "pdl": (line.pdl_mdb or 0) / 1000 / math.sqrt(2),
                "restrictions": {"preamp_variety_list": [], "booster_variety_list": []},
            }
        ],
        "SI": [
            {
                "f_min": modes[0]["frequency"]["min"],
                "f_max": modes[0]["frequency"]["max"],
                "baud_rate": first["baud_rate"],
                "spacing": spacing,
                "power_dbm": (line.launch_mdbm or 0) / 1000,
                "power_range_db": [0, 0, 1],
                "tx_power_dbm": signals[0].terms[0].level_mdbm / 1000,
                "roll_off": 0,
                "tx_osnr": first["tx_osnr"],
                "sys_margins": plan.policy.osnr_margin_mdb / 1000,
                "use_si_channel_count_for_design": True,
            }
        ],
        "Transceiver": modes,
    }


def _services(plan: Plan, line: PlanLine, signals: list[PlanSignal]) -> Document:
    requests: list[Document] = []
    for number, signal in enumerate(signals):
        link_class = plan.classes[signal.link_class]
        rate = plan.segments[link_class.segment].rate_mbps * 1_000_000
        requests.append(
            {
                "request-id": str(number),
                "source": "trx a",
                "destination": "trx z",
                "src-tp-id": "trx a",
                "dst-tp-id": "trx z",
                "bidirectional": True,
                "path-constraints": {
                    "te-bandwidth": {
                        "technology": "flexi-grid",
                        "trx_type": signal.receiver,
                        "trx_mode": "wave",
                        "spacing": line.grid_mhz * 1_000_000,
                        "max-nb-of-channel": line.channels,
                        "output-power": None,
                        "path_bandwidth": rate,
                    }
                },
            }
        )
    return {"path-request": requests}
