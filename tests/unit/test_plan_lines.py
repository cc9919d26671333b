"""Lines in the plan: figures, purchase, explanation, and the second opinion with planted faults."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest

from optidsl._record import replace
from optidsl.diag import Sink
from optidsl.emit import artefacts
from optidsl.plan.budget_text import explain_budget
from optidsl.plan.explain import explain
from optidsl.plan.io import dump, load
from optidsl.plan.model import Plan
from optidsl.plan.statistics import statistics
from optidsl.plan.summary import summary_text
from optidsl.plan.verify import verify
from tests.support.lines import LINE, ROUTE, compiled, text

OWN = "via = north-line, module = own-zr"


@pytest.fixture(scope="module")
def plan() -> Plan:
    found, context = compiled(text(connect=OWN))
    assert found is not None, [each.message for each in context.sink.sorted()]
    return found.plan


def test_plan_holds_the_line_and_reads_back(plan: Plan) -> None:
    [line] = plan.lines
    assert (line.name, line.length_mm, line.waves, line.channels, line.latency_ns) == (
        "north-line",
        100_000_000,
        1,
        63,
        490_000,
    )
    [signal] = plan.signals
    assert (signal.osnr_mdb, signal.penalty_mdb, signal.needed_mdb, signal.margin_mdb) == (26_919, 52, 24_000, 2_867)
    assert load(dump(plan)).lines == plan.lines
    assert dump(load(dump(plan))) == dump(plan)


def test_bom_has_what_a_line_is_made_of(plan: Plan) -> None:
    bought = {(line.category, line.part): line.quantity for line in plan.bom}
    assert bought["amplifier", "edfa"] == 4
    assert bought["mux", "mux-64"] == 2
    assert bought["transceiver", "own-zr"] == 2
    assert ("cable", "north-line") not in bought
    told = summary_text(plan, statistics(plan))
    assert "4 x    edfa, amplifier" in told
    assert "2 x    mux-64, multiplexer" in told


def test_a_wave_is_no_cable_to_order(plan: Plan) -> None:
    text = artefacts(plan, ("cabling",), Sink())["cabling/cables.csv"].text
    rows = {row["cable_id"]: row for row in csv.DictReader(io.StringIO(text))}
    wave = rows["wan-leaf001:2--wan-spine001:1"]
    assert (wave["trunk_id"], wave["cable_sku"], wave["ordered_m"]) == ("north-line", "", "")
    assert wave["route_m"] == "100000.000"


def test_explain_shows_every_term_of_the_noise(plan: Plan) -> None:
    told = explain(plan, "north-line")
    assert told is not None
    for words in (
        "line north-line: 100 km in 1 span of route north, east to west",
        "waves      1 of 63 channels of 75 GHz",
        "latency    490 us one way",
        "booster                  OSNR  34.00 dB alone, at -10 dBm, gain 11 dB",
        "preamp                   OSNR  29.42 dB alone, at -22 dBm, gain 20 dB",
        "together                 OSNR  26.92 dB, received -7 dBm",
        "margin                          2.87 dB",
    ):
        assert words in told
    by_class = explain(plan, "wan: leaf -- spine")
    assert by_class is not None
    assert "nonlinear noise" in by_class


def test_budget_of_a_wave_is_its_noise(plan: Plan) -> None:
    told = explain_budget(plan, "wan-leaf001 wan-spine001", "text")
    assert told is not None
    assert "a wave of line north-line" in told
    content = explain_budget(plan, "wan-leaf001 wan-spine001", "json")
    assert content is not None
    assert json.loads(content)["signal"]["margin_mdb"] == 2_867


def test_a_good_plan_passes(plan: Plan) -> None:
    assert verify(plan) == []


def _line(plan: Plan, **changes: object) -> Plan:
    return replace(plan, lines=(plan.lines[0].model_copy(update=changes),))


def _span(plan: Plan, **changes: object) -> Plan:
    return _line(plan, spans=(plan.lines[0].spans[0].model_copy(update=changes),))


def _preamp(plan: Plan, **changes: object) -> Plan:
    booster, preamp = plan.lines[0].amplifiers
    return _line(plan, amplifiers=(booster, preamp.model_copy(update=changes)))


FAULTS: list[tuple[str, Callable[[Plan], Plan], list[str]]] = [
    ("a noisier amplifier", lambda plan: _preamp(plan, noise_figure_mdb=9_000), ["osnr-mismatch", "osnr-short"]),
    ("more loss", lambda plan: _span(plan, attenuation_mdb_per_km=250), ["osnr-mismatch", "osnr-short"]),
    ("too much gain", lambda plan: _preamp(plan, gain_mdb=26_200), ["amplifier-limit"]),
    ("another length", lambda plan: _line(plan, length_mm=99_000_000), ["line-mismatch", "line-mismatch"]),
    ("more waves", lambda plan: _line(plan, waves=2), ["line-mismatch"]),
    ("no channel", lambda plan: _line(plan, channels=0), ["plan-damaged"]),
    ("no launch of the module", lambda plan: _span(plan, connector_loss_mdb=None), ["check-unfounded"]),
    ("no signal", lambda plan: replace(plan, signals=()), ["check-unfounded"]),
    (
        "a fairer signal",
        lambda p: replace(p, signals=(p.signals[0].model_copy(update={"osnr_mdb": 28_000}),)),
        ["osnr-mismatch"],
    ),
    ("fewer amplifiers bought", lambda plan: replace(plan, bom=plan.bom[:-2]), ["bom-mismatch", "bom-mismatch"]),
    ("another line", lambda plan: _line(plan, name="other"), ["plan-damaged"]),
]


@pytest.mark.parametrize(("change", "names"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_a_planted_fault_is_found(plan: Plan, change: Callable[[Plan], Plan], names: list[str]) -> None:
    assert sorted(each.name for each in verify(change(plan))) == names


def test_two_estimates_agree_over_many_spans() -> None:
    """The second opinion has other formulas; it must not cry over a good plan of many spans."""
    spans = "\n".join(f"span s{n} {{ length = 60km, fiber = glass, connector_loss = 0.5dB }}" for n in range(1, 5))
    huts = "\n".join(f"amplifier h{n} {{ model = edfa, after = s{n} }}" for n in range(1, 4))
    route = ROUTE.replace("span n1 { length = 100km, fiber = glass, connector_loss = 0.5dB }", spans)
    line = LINE.replace("    preamp", f"    {huts}\n    preamp").replace("20dB", "15dB")
    body = "policy { osnr_margin >= 0dB }"
    found, context = compiled(text(route, line, connect=OWN, body=body))
    assert found is not None, [each.message for each in context.sink.sorted()]
    assert found.plan.lines[0].latency_ns == 1_176_000
