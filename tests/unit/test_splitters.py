"""Cables with several far ends, from the choice of parts to the cut sheet, and planted faults in what the plan says."""

from __future__ import annotations

import csv
import io
from collections import Counter
from functools import cache

import numpy as np
import pytest

from optidsl._record import replace
from optidsl.api import Result, compile_text
from optidsl.catalog.parts import Catalog
from optidsl.fabric import synthesize
from optidsl.layout import place
from optidsl.optics.assemblies import legs_of
from optidsl.optics.candidates import ClassOptions, options_of
from optidsl.optics.classify import ClassView, views
from optidsl.pipeline import elaborate
from optidsl.plan.explain import explain
from optidsl.plan.io import dump, load
from optidsl.plan.model import Plan
from optidsl.plan.statistics import statistics
from optidsl.plan.verify import verify
from tests.support import splitters
from tests.support.programs import context_of
from tests.unit.test_plan_verify import part

MODULES = "module in [twin, single]"
COPPER = "rate = 200Gbps, cable = y-dac"


@cache
def compiled(**changes: str) -> Result:
    """Compile the design of three racks with words replaced."""
    return compile_text(splitters.design(**changes))


def plan_of(**changes: str) -> Plan:
    """Return the plan of a design that must compile."""
    result = compiled(**changes)
    assert result.plan is not None, [each.message for each in result.diagnostics]
    return result.plan


def errors(**changes: str) -> list[str]:
    """Return the errors of a design as `name: message`."""
    return [f"{each.name}: {each.message}" for each in compiled(**changes).diagnostics if each.severity == "error"]


def rows(result: Result, path: str) -> list[dict[str, str]]:
    """Return a table among the artefacts."""
    return list(csv.DictReader(io.StringIO(result.files[path])))


def class_of(names: set[str], **changes: str) -> tuple[ClassOptions, ClassView]:
    """Return what could serve the servers' links if the catalogue had these parts alone."""
    context = context_of({"design.optd": splitters.design(**changes)})
    static = elaborate("design.optd", context)
    assert static is not None, [each.message for each in context.sink.sorted()]
    design = static[1]

    def kept(catalog: Catalog, field: str) -> dict[str, object]:
        return {name: part for name, part in getattr(catalog, field).items() if name in names}

    fields = ("transceivers", "fiber_cables", "direct_cables")
    design = replace(design, catalog=replace(design.catalog, **{each: kept(design.catalog, each) for each in fields}))
    tables = synthesize(design, context)
    assert tables is not None
    placed = place(design, tables, context)
    assert placed is not None
    view = views(design, placed)[0]
    return options_of(design, view), view


# ------------------------------------------------------------------ fibre


def test_a_twin_port_module_serves_four_adapters_over_two_splitters() -> None:
    plan = plan_of()
    link_class = plan.classes[0]
    assert (link_class.candidate, link_class.near) == ("single + y-sm + twin", "z")
    bought = {(line.part, line.length_mm): line.quantity for line in plan.bom if line.category != "server"}
    assert bought == {
        ("leaf-box", 0): 1,
        ("twin", 0): 3,
        ("single", 0): 12,
        ("y-sm", 8_000): 1,
        ("y-sm", 9_000): 3,
        ("y-sm", 10_000): 2,
    }
    assert verify(plan) == []


def test_half_of_the_lanes_draw_what_the_maker_says_of_them() -> None:
    plan = plan_of()
    power = {line.part: line.power_max_mw for line in plan.bom}
    assert (power["twin"], power["single"]) == (17_000, 5_000)
    assert statistics(plan).totals.watts.modules == 3 * 17 + 12 * 5
    check = next(each for each in plan.checks if each.name == "cage-power" and "single" in each.detail)
    assert check.detail == "single draws up to 5 W, the gpu-box compute cage allows 6 W"
    assert class_of({"twin", "single", "y-sm"}, WATTS="4W")[0].options == ()


def test_legs_of_a_cable_have_the_length_of_the_longest() -> None:
    plan = plan_of(NODES="3", PLACE="[dc1.h1.a.gpu[3], dc1.h1.a.gpu[1]]", MODES="modes = [2x100Gbps]")
    links = plan.links
    assert links.assembly is not None
    for cable in set(links.assembly.tolist()):
        legs = links.assembly == cable
        assert len(set(links.ordered_mm[legs].tolist())) == 1
        assert links.ordered_mm[legs][0] >= links.required_mm[legs].max()


def test_legs_to_different_racks_share_the_longer_length() -> None:
    options, view = class_of({"twin", "single", "y-sm"})
    legs = legs_of(view, "z", 8)  # more ports than a cage has: one cable for each cage
    required = view.required_mm
    assert len(set(legs.number.tolist())) == 3
    for number in set(legs.number.tolist()):
        mine = legs.number == number
        assert set(legs.required_mm[mine].tolist()) == {int(required[mine].max())}
        assert int(legs.is_first[mine].sum()) == 1
    assert options.open


def test_the_cap_of_the_whole_channel() -> None:
    connect = f"rate = 200Gbps, cable = y-sm, {MODULES}, length = "
    assert plan_of(CONNECT=f"{connect}50m").bom[-1].length_mm == 50_000
    assert errors(CONNECT=f"{connect}60m") == [
        "reach-exceeded: nothing serves `compute: gpu -- leaf`: y-sm may span 50 m, the longest cable is 70 m, 20 m "
        "more (12 links; longest gpu-1 -> compute-leaf001)"
    ]


def test_wavelengths_on_one_fibre_cannot_be_split() -> None:
    changed = 'pmd = "400g-dr4"'
    text = splitters.PARTS.replace(changed, 'pmd = "400g-fr4"')
    assert text.count('"400g-fr4"') == 2
    original, splitters.PARTS = splitters.PARTS, text
    try:
        found, _ = class_of({"twin", "single", "y-sm"})
    finally:
        splitters.PARTS = original
    assert not found.options
    miss = next(each for each in found.unfit if each.name == "single + y-sm + twin" and each.check.name == "rule")
    assert miss.check.detail == ("single does not go with y-sm: four wavelengths share one fibre and cannot be split")


def test_lanes_on_one_pair_of_fibres_cannot_be_split_whatever_they_are_called() -> None:
    text = splitters.design().replace('pmd = "400g-dr4"', 'pmd = "own-wdm"').replace("mpo-12-apc", "lc-upc")
    made = compile_text(text)
    told = [each.message for each in made.diagnostics if each.severity == "error"]
    assert any("sends 4 lanes of a bore over one pair of fibres, which no splitter parts" in each for each in told)


def test_the_verifier_finds_lanes_on_one_pair_of_fibres() -> None:
    plan = plan_of()
    for name in ("twin", "single"):
        plan = part(plan, name, connector="lc-upc")
    told = [each.message for each in verify(plan)]
    assert any("twin sends 4 lanes of a bore over one pair of fibres, on a splitter" in each for each in told)


def test_a_straight_fibre_does_not_serve_a_split_cage() -> None:
    found, _ = class_of({"twin", "single", "mfp7e30"})
    assert not found.options
    details = {each.check.detail for each in found.unfit if each.name == "twin" and each.where == "z"}
    assert details == {"a bore of twin runs 400 Gbps, the link 200 Gbps"}


def test_a_splitter_does_not_serve_whole_bores() -> None:
    found, _ = class_of({"twin", "single", "y-sm"}, CONNECT="rate = 400Gbps", WATTS="10W")
    assert not found.options
    assert {each.check.detail for each in found.unfit if each.where == "fiber"} == {
        "y-sm has 2 far ends, the link needs 1 far end a bore"
    }


# ------------------------------------------------------------------ rates of the adapter


def test_an_adapter_without_the_rate_is_refused() -> None:
    assert errors(MODES="") == [
        "rate-not-offered: a port of `gpu-box.compute` cannot run at 200 Gbit/s; it offers 400 Gbit/s"
    ]


def test_a_mode_that_is_no_slower_contradicts_the_adapter() -> None:
    assert errors(MODES="modes = [8x50Gbps]") == [
        "part-inconsistent: gpu-box: nic compute of 4x100Gbps has no mode 8x50Gbps: a mode has fewer or slower lanes"
    ]


def test_lanes_of_a_leg_must_be_those_of_the_port() -> None:
    found, _ = class_of({"y-dac"}, MODES="modes = [4x50Gbps]", CONNECT=COPPER)
    assert [each.check.detail for each in found.unfit if each.where == "direct"] == [
        "a leg of y-dac has 2 lanes of 100 Gbps, a port of the gpu-box compute cage 4"
    ]


# ------------------------------------------------------------------ cables with plugs


def test_a_copper_splitter_serves_four_adapters() -> None:
    plan = plan_of(CONNECT=COPPER)
    assert [(line.part, line.length_mm, line.quantity) for line in plan.bom if line.category == "cable"] == [
        ("y-dac", 10_000, 3)
    ]
    assert plan.classes[0].near == "z"
    assert verify(plan) == []
    assert statistics(plan).totals.watts.modules == pytest.approx(3 * 0.5)


@pytest.mark.parametrize("technology", ["acc", "aec", "aoc"])
def test_other_cables_with_plugs_break_out_alike(technology: str) -> None:
    extra = f"""direct_cable y-{technology} {{
  technology = {technology}
  ends = 4
  form_factor_a = osfp
  form_factor_z = osfp-rhs
  lanes = 8x100Gbps
  lengths = [10m]
  power_a = 1W
  power_z = 1W
  protocols = [infiniband]
}}"""
    found, _ = class_of({f"y-{technology}"}, EXTRA=extra, CONNECT="rate = 200Gbps")
    assert [(option.candidate.name, option.candidate.hub) for option in found.open] == [(f"y-{technology}", "z")]


def test_a_near_end_serves_as_many_ports_as_it_has_legs() -> None:
    extra = """direct_cable y-two {
  technology = acc
  ends = 2
  form_factor_a = osfp
  form_factor_z = osfp-rhs
  lanes = 4x100Gbps
  lengths = [10m]
  protocols = [infiniband]
}"""
    found, _ = class_of({"y-two"}, EXTRA=extra, CONNECT="rate = 200Gbps")
    (miss,) = (each for each in found.unfit if each.where == "direct")
    assert miss.check.detail == "the near end of y-two serves 2 ports, the leaf-box cage runs 4 ports"


def test_a_spare_leg_is_in_the_cut_sheet() -> None:
    result = compiled(CONNECT=COPPER, NODES="5")
    sheet = rows(result, "cabling/cables.csv")
    assert Counter(row["status"] for row in sheet) == {"planned": 10, "spare": 2}
    spare = [row for row in sheet if row["status"] == "spare"]
    assert [(row["cable_id"], row["leg"], row["z_port"], row["a_node"]) for row in spare] == [
        ("compute-leaf001:3/1+3/2+3/3+3/4", "c", "3/3", ""),
        ("compute-leaf001:3/1+3/2+3/3+3/4", "d", "3/4", ""),
    ]
    assert {row["quantity"] for row in rows(result, "bom/bom.csv") if row["category"] == "cable"} == {"3"}


# ------------------------------------------------------------------ artefacts


def test_the_cut_sheet_has_a_line_for_each_leg() -> None:
    sheet = rows(compiled(), "cabling/cables.csv")
    assert list(sheet[0])[:2] == ["cable_id", "leg"]
    assert len(sheet) == 12
    assert Counter(row["cable_id"] for row in sheet) == {
        f"compute-leaf001:{cage}/{port}+{cage}/{port + 1}": 2 for cage in (1, 2, 3) for port in (1, 3)
    }
    first, second = sheet[:2]
    assert (first["leg"], first["a_node"], first["a_port"], first["z_port"]) == ("a", "gpu-1", "n0", "1/1")
    assert (second["leg"], second["a_node"], second["a_port"], second["z_port"]) == ("b", "gpu-1", "n1", "1/2")
    assert first["label_z"] == second["label_z"] == "a-net-01:1.1+1.2/a-gpu-1-01:n0+a-gpu-1-01:n1"
    assert (first["label_a"], first["ordered_m"], first["speed"]) == ("a-gpu-1-01:n0/a-net-01:1.1", "10.000", "200G")


def test_labels_have_one_near_end_and_one_line_for_each_leg() -> None:
    lines = rows(compiled(), "cabling/labels.csv")
    assert [(line["end"], line["device"], line["port"]) for line in lines[:3]] == [
        ("Z", "compute-leaf001", "1/1+1/2"),
        ("Aa", "gpu-1", "n0"),
        ("Ab", "gpu-1", "n1"),
    ]
    assert len(lines) == 6 + 12


def test_simulators_and_configurations_see_links() -> None:
    topology = compiled().files["infiniband/compute/topology.net"]
    assert topology.count('"H-') >= 12 or topology.count("gpu-") >= 12


def test_the_plan_comes_back_from_its_text() -> None:
    plan = plan_of()
    again = load(dump(plan))
    assert again.links.assembly is not None
    assert plan.links.assembly is not None
    assert again.links.assembly.tolist() == plan.links.assembly.tolist()
    assert again.classes[0].near == "z"
    told = explain(plan, "compute: gpu -- leaf") or ""
    assert told.startswith("links compute: gpu -- leaf: 12 legs of 6 cables at 200 Gbit/s\n")


def test_plans_without_splitters_say_nothing_of_them() -> None:
    text = dump(plan_of(CONNECT=f"rate = 400Gbps, {MODULES}", WATTS="10W"))
    assert '"assembly"' not in text
    assert '"near"' not in text


# ------------------------------------------------------------------ planted faults


def named(plan: Plan) -> set[str]:
    """Return the names of what the verifier finds."""
    return {each.name for each in verify(plan)}


def test_swapped_legs_are_found() -> None:
    plan = plan_of()
    assert plan.links.assembly is not None
    swapped = plan.links.assembly.copy()
    swapped[[0, 2]] = swapped[[2, 0]]
    found = verify(replace(plan, links=replace(plan.links, assembly=swapped)))
    assert [each.name for each in found] == ["assembly-mismatch"]
    assert "would have its near end in several places" in found[0].message


def test_a_cable_too_many_is_found() -> None:
    plan = plan_of()
    assert plan.links.assembly is not None
    torn = plan.links.assembly.copy()
    torn[1] = 11
    found = verify(replace(plan, links=replace(plan.links, assembly=torn)))
    assert [each.name for each in found] == ["assembly-mismatch"]
    assert "the legs at one near end are recorded as several cables" in found[0].message


def test_missing_numbers_are_found() -> None:
    plan = plan_of()
    assert "assembly-mismatch" in named(replace(plan, links=replace(plan.links, assembly=None)))


def test_legs_of_two_lengths_are_found() -> None:
    plan = plan_of()
    ordered = plan.links.ordered_mm.copy()
    ordered[0] = 50_000
    found = {each.name: each.message for each in verify(replace(plan, links=replace(plan.links, ordered_mm=ordered)))}
    assert "the legs of its cable are ordered in 10 m and 50 m, a cable has one length" in found["assembly-lengths"]


def test_straight_fibres_beside_splitters_are_found() -> None:
    plan = plan_of()
    straight = plan.parts["y-sm"].model_copy(
        update={"name": "straight", "facts": {k: v for k, v in plan.parts["y-sm"].facts.items() if k != "ends"}}
    )
    other = plan.classes[0].model_copy(update={"name": "other", "fiber": "straight", "near": ""})
    link_class = plan.links.link_class.copy()
    link_class[2:4] = 1
    mixed = replace(
        plan,
        parts={**plan.parts, "straight": straight},
        classes=(*plan.classes, other),
        links=replace(plan.links, link_class=link_class),
    )
    found = {each.name: each.message for each in verify(mixed)}
    assert found["cage-mixed-cables"] == (
        "the module in the cage of compute-leaf001:1/1 would take straight and y-sm: straight fibres or splitters, "
        "not both"
    )


@pytest.mark.parametrize("seed", range(20))
def test_the_verifier_never_raises_on_odd_numbers(seed: int) -> None:
    plan = plan_of(CONNECT=COPPER, NODES="5")
    assert plan.links.assembly is not None
    values = np.random.default_rng(seed)
    odd = values.integers(-3, 99, len(plan.links.assembly)).astype(np.int32)
    for each in verify(replace(plan, links=replace(plan.links, assembly=odd))):
        assert "\n" not in each.message


def test_legs_in_the_rack_of_the_switch_and_beyond_are_one_cable() -> None:
    text = splitters.design(CONNECT=COPPER, NODES="4", PLACE="[dc1.h1.a.net, dc1.h1.a.gpu]")
    result = compile_text(text.replace("per_rack = 2", "per_rack = 1"))
    plan = result.plan
    assert plan is not None, [each.message for each in result.diagnostics]
    assert [each.name.rpartition(" (")[2] for each in plan.classes] == ["between racks)", "same rack)"]
    assert verify(plan) == []
    assert [(line.part, line.length_mm, line.quantity) for line in plan.bom if line.category == "cable"] == [
        ("y-dac", 10_000, 2)
    ]
    near = [row for row in rows(result, "cabling/labels.csv") if row["end"] == "Z"]
    assert len(near) == 2
