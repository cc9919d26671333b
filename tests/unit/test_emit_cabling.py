"""The cut sheet, the labels and the bill of material."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import numpy as np
import pytest

from optidsl.emit.cabling import CablingEmitter
from optidsl.emit.cabling.bom import bom_csv
from optidsl.emit.cabling.cables import COLUMNS
from optidsl.plan.model import Plan, PlanFact
from tests.support.plans import ethernet_clos, infiniband_rails

LEAF_TO_SPINE = {
    "cable_id": "compute-leaf-001:Ethernet12--compute-spine-002:Ethernet0",
    "status": "planned",
    "label_a": "r03-01:etp2b/r04-03:etp1a",
    "label_z": "r04-03:etp1a/r03-01:etp2b",
    "a_site": "dc1",
    "a_hall": "h1",
    "a_row": "a",
    "a_rack": "r03",
    "a_ru": "1",
    "a_node": "compute-leaf-001",
    "a_role": "leaf",
    "a_platform": "switch-64",
    "a_port": "Ethernet12",
    "a_alias": "etp2b",
    "a_lane": "12..15",
    "a_optic_sku": "ACME-OSFP-2XDR4",
    "a_connector": "mpo-12",
    "a_polish": "apc",
    "z_site": "dc1",
    "z_hall": "h1",
    "z_row": "a",
    "z_rack": "r04",
    "z_ru": "3",
    "z_node": "compute-spine-002",
    "z_role": "spine",
    "z_platform": "switch-64",
    "z_port": "Ethernet0",
    "z_alias": "etp1a",
    "z_lane": "0..3",
    "z_optic_sku": "ACME-OSFP-2XDR4",
    "z_connector": "mpo-12",
    "z_polish": "apc",
    "medium": "singlemode",
    "fiber_type": "os2",
    "cable_sku": "ACME-SMF-MPO-015",
    "polarity": "b",
    "route_m": "12.600",
    "slack_m": "0.630",
    "ordered_m": "15.000",
    "speed": "400G",
    "loss_db": "1.520",
    "budget_db": "3.000",
    "margin_db": "1.480",
    "source_ref": "design.optd:41",
}
BOTH_PLANS = pytest.mark.parametrize("plan", [ethernet_clos(), infiniband_rails()], ids=["ethernet", "infiniband"])


def cables_csv(plan: Plan) -> str:
    return dict(CablingEmitter().emit(plan))["cabling/cables.csv"]


def labels_csv(plan: Plan) -> str:
    return dict(CablingEmitter().emit(plan))["cabling/labels.csv"]


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def renamed(plan: Plan, row: int, name: str) -> Plan:
    names = list(plan.devices.name)
    names[row] = name
    return replace(plan, devices=replace(plan.devices, name=tuple(names)))


def ends_of_plan(plan: Plan) -> set[frozenset[tuple[str, str]]]:
    """The cables of a plan, read from its columns one by one."""

    def end(device: int, port: int) -> tuple[str, str]:
        return plan.devices.name[device], plan.groups[plan.devices.group[device]].ports.name[port]

    links = plan.links
    rows = range(len(links.segment))
    return {frozenset({end(links.a_device[i], links.a_port[i]), end(links.z_device[i], links.z_port[i])}) for i in rows}


def by_number(cable_id: str) -> list[object]:
    """What sorts ids with the numbers in them by value, ends apart."""
    ends = [re.split("([0-9]+)", word) for end in cable_id.split("--") for word in end.split(":")]
    return [[int(part) if part.isdigit() else part for part in end] for end in ends]


def test_rows_come_in_natural_order_whatever_the_names_pad() -> None:
    plan = ethernet_clos(n_servers=12)
    for row in range(12):
        plan = renamed(plan, row, f"web-{row + 1}")
    named = [row["a_node"] for row in table(cables_csv(plan)) if row["a_role"] == "gpu"]
    assert named == [f"web-{i}" for i in range(1, 13)]
    labelled = [row["device"] for row in table(labels_csv(plan)) if row["device"].startswith("web")]
    assert labelled == named


def test_the_gender_that_no_source_states_stays_empty() -> None:
    rows = table(cables_csv(ethernet_clos()))
    assert {row[f"{end}_gender"] for row in rows for end in "az"} == {""}


def test_a_row_holds_what_the_plan_says_of_a_cable() -> None:
    rows = {row["cable_id"]: row for row in table(cables_csv(ethernet_clos()))}
    row = rows[LEAF_TO_SPINE["cable_id"]]
    assert {name: value for name, value in row.items() if value} == LEAF_TO_SPINE


def test_every_column_is_there_in_the_agreed_order() -> None:
    assert len(COLUMNS) == 61
    assert cables_csv(ethernet_clos()).splitlines()[0] == ",".join(COLUMNS)
    assert [c.removeprefix("a_") for c in COLUMNS if c.startswith("a_")] == [
        c.removeprefix("z_") for c in COLUMNS if c.startswith("z_")
    ]


@BOTH_PLANS
def test_the_sheet_read_back_is_the_plan(plan: Plan) -> None:
    rows = table(cables_csv(plan))
    found = {frozenset({(row["a_node"], row["a_port"]), (row["z_node"], row["z_port"])}) for row in rows}
    assert found == ends_of_plan(plan)
    assert len(rows) == len(plan.links.segment)
    assert [row["cable_id"] for row in rows] == sorted((row["cable_id"] for row in rows), key=by_number)
    ordered = sorted(int(row["ordered_m"].replace(".", "")) for row in rows)
    assert ordered == sorted(plan.links.ordered_mm.tolist())


@BOTH_PLANS
def test_cable_part_numbers_add_up_to_the_bill_of_material(plan: Plan) -> None:
    ordered: dict[str, int] = {}
    for row in table(cables_csv(plan)):
        ordered[row["cable_sku"]] = ordered.get(row["cable_sku"], 0) + 1
    bought = {row["part_number"]: int(row["quantity"]) for row in table(bom_csv(plan)) if row["category"] == "cable"}
    assert ordered == bought


def test_ids_do_not_depend_on_the_order_of_links() -> None:
    plan = ethernet_clos()
    order = np.arange(len(plan.links.segment))[::-1]
    columns = {name: getattr(plan.links, name)[order] for name in plan.links.__slots__ if name != "assembly"}
    assert cables_csv(replace(plan, links=replace(plan.links, **columns))) == cables_csv(plan)


def test_growth_renames_no_cable() -> None:
    before = {row["cable_id"] for row in table(cables_csv(infiniband_rails()))}
    after = {row["cable_id"] for row in table(cables_csv(infiniband_rails(n_spines=4)))}
    assert before < after


def test_names_with_commas_and_quotes_are_quoted() -> None:
    name = 'gpu "left", 1'
    plan = renamed(ethernet_clos(), 0, name)
    assert sum(row["a_node"] == name for row in table(cables_csv(plan))) == 1
    assert {row["device"] for row in table(labels_csv(plan))} >= {name}
    assert f'"{name}:nic0--compute-leaf-001:Ethernet0"'.replace('"left"', '""left""') in cables_csv(plan)


def with_direct(plan: Plan, row: int, *, bores: int, form_factors: tuple[str, str] = ("osfp", "osfp")) -> Plan:
    """The plan with a passive copper cable serving one of its classes; switches take `osfp`, servers `osfp-rhs`."""

    def fact(value: int | str | tuple[str, ...]) -> PlanFact:
        return PlanFact(value=value, source="", confidence="design")

    a, z = form_factors
    facts = {"form_factor_a": fact(a), "form_factor_z": fact(z), "bores": fact(bores)}
    cable = plan.parts["smf-mpo"].model_copy(
        update={"name": "dac-2m", "kind": "direct_cable", "part_numbers": (), "facts": facts}
    )
    accepts = {"switch-64": ("accepts", ("osfp",)), "gpu-server": ("nic.compute.accepts", ("osfp-rhs",))}
    parts = {**plan.parts, "dac-2m": cable}
    for name, (field, words) in accepts.items():
        parts[name] = parts[name].model_copy(update={"facts": {**parts[name].facts, field: fact(words)}})
    direct = {"a_module": "", "z_module": "", "fiber": "", "direct": "dac-2m", "medium": "dac", "grade": ""}
    classes = list(plan.classes)
    classes[row] = classes[row].model_copy(update=direct | {"loss_mdb": None, "budget_mdb": None})
    return replace(plan, parts=parts, classes=tuple(classes))


@pytest.mark.parametrize("form_factors", [("osfp-rhs", "osfp"), ("osfp", "osfp-rhs")])
def test_a_direct_cable_has_no_optics_and_its_plugs_where_they_fit(form_factors: tuple[str, str]) -> None:
    plan = with_direct(ethernet_clos(), 0, bores=1, form_factors=form_factors)
    row = next(row for row in table(cables_csv(plan)) if row["a_node"] == "gpu-001")
    assert (row["a_optic_sku"], row["a_connector"], row["z_connector"]) == ("", "osfp-rhs", "osfp")
    assert (row["medium"], row["cable_sku"], row["loss_db"], row["margin_db"]) == ("dac", "dac-2m", "", "")


def test_a_direct_cable_between_whole_cages_is_one_row() -> None:
    plan = with_direct(infiniband_rails(), 1, bores=2)
    rows = [row for row in table(cables_csv(plan)) if row["medium"] == "dac"]
    assert len(rows) == int((plan.links.segment == 1).sum()) // 2
    assert (rows[0]["cable_id"], rows[0]["speed"], rows[0]["a_lane"], rows[0]["a_alias"]) == (
        "compute-leaf-001:5/1+5/2--compute-spine-001:1/1+1/2",
        "2x400G",
        "32..35+36..39",
        "",
    )
    assert rows[0]["label_z"] == "r04-01:1.1+1.2/r03-01:5.1+5.2"
    found = {
        frozenset({(row["a_node"], a), (row["z_node"], z)})
        for row in table(cables_csv(plan))
        for a, z in zip(row["a_port"].split("+"), row["z_port"].split("+"), strict=True)
    }
    assert found == ends_of_plan(plan)


def test_labels_of_a_cable_between_whole_cages_are_one_pair() -> None:
    plan = with_direct(ethernet_clos(n_servers=16, n_parallel=2), 1, bores=2)
    rows = [row for row in table(labels_csv(plan)) if "+" in row["port"]]
    assert len(rows) == 2 * 8
    assert (rows[0]["port"], rows[0]["label"]) == ("Ethernet16+Ethernet20", "r05-01:etp3a+etp3b/r06-01:etp1a+etp1b")


def test_links_of_one_cage_to_different_cages_are_cables_of_their_own() -> None:
    plan = with_direct(ethernet_clos(), 1, bores=2)
    assert len(table(cables_csv(plan))) == len(plan.links.segment)


def test_unknown_places_and_lengths_stay_empty() -> None:
    plan = ethernet_clos()
    rack, unit = plan.devices.rack.copy(), plan.devices.unit.copy()
    rack[0], unit[0] = -1, 0
    ordered = np.full_like(plan.links.ordered_mm, -1)
    plan = replace(
        plan,
        devices=replace(plan.devices, rack=rack, unit=unit),
        links=replace(plan.links, ordered_mm=ordered),
    )
    row = next(row for row in table(cables_csv(plan)) if row["a_node"] == "gpu-001")
    assert [row[f"a_{column}"] for column in ("site", "hall", "row", "rack", "ru")] == [""] * 5
    assert row["ordered_m"] == ""
    assert row["cable_sku"] == "ACME-SMF-MPO"
    assert row["label_a"] == "gpu-001:nic0/r03-01:etp1a"


def test_a_negative_margin_keeps_its_sign() -> None:
    plan = ethernet_clos()
    worse = plan.classes[1].model_copy(update={"loss_mdb": 3_310})
    rows = table(cables_csv(replace(plan, classes=(plan.classes[0], worse))))
    assert rows[0]["margin_db"] == "-0.310"


# ------------------------------------------------------------------ labels


def test_labels_come_near_end_first() -> None:
    assert labels_csv(infiniband_rails()).splitlines()[:3] == [
        "cable_id,end,device,port,label",
        "compute-leaf-001:5/1--compute-spine-001:1/1,A,compute-leaf-001,5/1,r03-01:5.1/r04-01:1.1",
        "compute-leaf-001:5/1--compute-spine-001:1/1,Z,compute-spine-001,1/1,r04-01:1.1/r03-01:5.1",
    ]


@BOTH_PLANS
def test_labels_are_unique_and_the_two_ends_mirror_each_other(plan: Plan) -> None:
    rows = table(labels_csv(plan))
    assert len({row["label"] for row in rows}) == len(rows) == 2 * len(plan.links.segment)
    for a, z in zip(rows[::2], rows[1::2], strict=True):
        assert (a["end"], z["end"], a["cable_id"]) == ("A", "Z", z["cable_id"])
        assert a["label"].split("/") == z["label"].split("/")[::-1]


def test_devices_that_share_a_place_are_labelled_by_name() -> None:
    plan = ethernet_clos()
    unit = plan.devices.unit.copy()
    unit[1] = unit[0]
    rows = table(labels_csv(replace(plan, devices=replace(plan.devices, unit=unit))))
    assert len({row["label"] for row in rows}) == len(rows)
    assert any(row["label"].startswith("gpu-002:nic0/") for row in rows)


def test_several_sites_are_told_apart() -> None:
    plan = ethernet_clos()
    racks = (plan.racks[0].model_copy(update={"site": "dc2"}), *plan.racks[1:])
    rows = table(labels_csv(replace(plan, racks=racks)))
    assert any(row["label"] == "dc2.r01-01:nic0/dc1.r03-01:etp1a" for row in rows)


# ------------------------------------------------------------------ bill of material


def test_the_bill_of_material_exactly() -> None:
    assert bom_csv(ethernet_clos()) == (
        "category,part,part_number,vendor,length_m,quantity,power_max_w,power_max_total_w\n"
        "switch,switch-64,ACME-SWITCH-64,acme,,6,1800,10800\n"
        "server,gpu-server,ACME-GPU-SERVER,acme,,8,10200,81600\n"
        "transceiver,osfp-2xdr4,ACME-OSFP-2XDR4,acme,,12,17,204\n"
        "transceiver,osfp-dr4,ACME-OSFP-DR4,acme,,8,9,72\n"
        "cable,smf-mpo,ACME-SMF-MPO-005,acme,5.000,1,0,0\n"
        "cable,smf-mpo,ACME-SMF-MPO-007,acme,7.000,4,0,0\n"
        "cable,smf-mpo,ACME-SMF-MPO-010,acme,10.000,3,0,0\n"
        "cable,smf-mpo,ACME-SMF-MPO-015,acme,15.000,6,0,0\n"
        "cable,smf-mpo,ACME-SMF-MPO-020,acme,20.000,2,0,0\n"
    )


def test_a_power_that_nobody_states_stays_empty() -> None:
    plan = ethernet_clos()
    line = plan.bom[0].model_copy(update={"power_max_mw": None})
    row = table(bom_csv(replace(plan, bom=(line,))))[0]
    assert (row["power_max_w"], row["power_max_total_w"]) == ("", "")
