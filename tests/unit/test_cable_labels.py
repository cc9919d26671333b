"""Cable labels by templates of the author: what they print, that they read back, and what is refused."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from typing import Any

import pytest

from optidsl import pipeline
from optidsl.api import compile_text
from optidsl.diag import Diagnostic
from optidsl.emit.cabling import CablingEmitter
from optidsl.lock import write_lock
from optidsl.plan.cable_labels import are_labels_good
from optidsl.plan.io import dump, load
from optidsl.plan.model import Plan
from optidsl.plan.verify import verify
from tests.support import splitters
from tests.support.plans import ethernet_clos, infiniband_rails
from tests.support.programs import context_of

TEXT = """optd 1

switch_model modular {{
  protocols = [ethernet]
  cages     = 16
  lanes     = 4x100Gbps
  accepts   = [house]
  breakout  = [1x400Gbps]
  units     = 5U
  port_name = "{port}"
  cage_power {{ cages = 1..16, power = 20W }}
}}
server_model terminal {{
  units = 2U
  nic eth {{
    rate = 400Gbps, lanes = 4x100Gbps, accepts = [house], protocols = [ethernet], cage_power = 20W
    port "11" {{ cage = "11" }}
    port "12" {{ cage = "12" }}
  }}
}}
direct_cable copper {{
  technology    = dac
  form_factor_a = house
  form_factor_z = house
  lanes         = 4x100Gbps
  lengths       = [50m]
  protocols     = [ethernet]
  power_a       = 0.1W
  power_z       = 0.1W
}}
design labelled {{
  site dc {{
    hall h {{
      row_pitch  = 3m
      rack_pitch = 0.6m
      tray {{ drop = 0m }}
      row A {{ rack a[1..2] {{ units = 42U }} }}
      row B {{ rack b[1..2] {{ units = 42U }} }}
    }}
  }}
  node t[1..6] {{ model = terminal, place {{ at = dc.h.B, per_rack = 3 }} }}
  fabric f {{
    kind      = custom
    protocol  = ethernet
    endpoints = t.nic.eth
    tier sw {{ model = modular, count = 3, down = 4, place {{ at = dc.h.A }} }}
    connect sw[1] -- sw[2]
    connect sw[2] -- sw[3] {{ from_ports = ["{first}"], to_ports = ["{second}"] }}
  }}
  naming {{ {naming} }}
}}
"""
MN_B_C_D = re.compile(r"(?P<row>[A-Z])(?P<column>\d\d)-(?P<chassis>\d\d)(?:-(?P<slot>\d\d))?-(?P<port>\d\d)")
ENGINEERING = (
    'label = "{row}{column:02}-{chassis:02}-{slot:02}-{port:02}", '
    'node_label = "{row}{column:02}-{chassis:02}-{port:02}"'
)
DEFAULT = "{rack}-{unit:02}:{port}/{far_rack}-{far_unit:02}:{far_port}"


def compiled(
    naming: str, port: str = "{{cage}}/5", ends: tuple[str, str] = ("9/5", "10/5")
) -> tuple[pipeline.Compiled | None, list[Diagnostic]]:
    text = TEXT.format(naming=naming, port=port, first=ends[0], second=ends[1])
    context = context_of({"design.optd": text})
    found = pipeline.compile_design("design.optd", context)
    return found, context.sink.sorted()


def refused(naming: str, **more: Any) -> Diagnostic:
    found, said = compiled(naming, **more)
    assert found is None
    (error,) = [each for each in said if each.severity == "error"]
    return error


def plan_of(naming: str) -> pipeline.Compiled:
    found, said = compiled(naming)
    assert found is not None, said
    return found


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


def with_labels(plan: Plan, **templates: str) -> Plan:
    return replace(plan, header=plan.header.model_copy(update={"cable_labels": templates}))


def labels_of(plan: Plan) -> list[dict[str, str]]:
    return rows(dict(CablingEmitter().emit(plan))["cabling/labels.csv"])


def test_engineering_labels_read_back_into_row_column_chassis_slot_and_port() -> None:
    """Source: H3C SecPath M9000, S12500R and HPE FlexNetwork 7500 installation guides, "Engineering labels"."""
    found = plan_of(ENGINEERING)
    table = rows(found.files["cabling/labels.csv"])
    assert len({row["label"] for row in table}) == len(table) == 2 * (12 + 2)
    for row in table:
        match = MN_B_C_D.fullmatch(row["label"])
        assert match is not None, row
        plan, device = found.plan, found.plan.devices.name.index(row["device"])
        rack = plan.racks[int(plan.devices.rack[device])]
        assert (match["row"], f"{rack.row}-{rack.row.lower()}-{int(match['column'])}") == (rack.row, rack.name)
        below = (plan.devices.rack == plan.devices.rack[device]) & (plan.devices.unit <= plan.devices.unit[device])
        assert int(match["chassis"]) == int(below.sum())
        slot = None if match["slot"] is None else int(match["slot"])
        assert row["port"] == (f"{int(match['port'])}" if slot is None else f"{slot}/{int(match['port'])}")


def test_the_published_examples_come_out() -> None:
    table = {row["label"]: row for row in rows(plan_of(ENGINEERING).files["cabling/labels.csv"])}
    assert (table["A01-03-10-05"]["device"], table["A01-03-10-05"]["port"]) == ("f-sw003", "10/5")
    assert (table["B02-03-12"]["device"], table["B02-03-12"]["port"]) == ("t-6", "12")


def test_the_cut_sheet_has_the_same_labels() -> None:
    files = plan_of(ENGINEERING).files
    cut = {
        (row["cable_id"], end.upper()): row[f"label_{end}"] for row in rows(files["cabling/cables.csv"]) for end in "az"
    }
    assert cut == {(row["cable_id"], row["end"]): row["label"] for row in rows(files["cabling/labels.csv"])}


def test_a_template_stays_out_of_plans_that_have_none_and_travels_in_those_that_do() -> None:
    plain, labelled = plan_of('switch = "{fabric}-{tier}{index:03}"'), plan_of(ENGINEERING)
    assert "cable_labels" not in plain.files["plan.json"]
    assert plain.lock_text == labelled.lock_text
    assert load(dump(labelled.plan)).header.cable_labels == labelled.plan.header.cable_labels
    assert write_lock(labelled.plan) == labelled.lock_text


def test_a_template_can_print_what_is_printed_without_one() -> None:
    plan = ethernet_clos()
    assert labels_of(with_labels(plan, switch=DEFAULT)) == labels_of(plan)


def test_ports_of_one_plug_are_one_end() -> None:
    plan = with_labels(infiniband_rails(n_parallel=4), switch="{device}:{cage:02}.{bore}", node="{device}:{cage}")
    assert len({(row["cable_id"], row["end"]) for row in labels_of(plan)}) == len(labels_of(plan))


def test_two_ends_alike_are_refused_and_both_are_named() -> None:
    error = refused('label = "{row}{column:02}-{chassis:02}"')
    assert error.name == "label-collision"
    assert error.message == "the cable ends at t-1:11 and at t-1:12 would both be labelled `B01-01`"


def test_ends_of_two_devices_alike_are_refused() -> None:
    error = refused('label = "{row}{column:02}-{port:02}"')
    assert error.message == "the cable ends at t-1:11 and at t-2:11 would both be labelled `B01-11`"


def test_a_field_that_an_end_lacks_is_refused() -> None:
    error = refused('label = "{row}{column:02}-{chassis:02}-{slot:02}-{port:02}"')
    assert error.name == "label-template"
    assert error.message == (
        "the label template `{row}{column:02}-{chassis:02}-{slot:02}-{port:02}` has no {slot} for t-1:11"
    )
    error = refused('label = "{device}-{port}-{far_slot}"', port="p{{cage}}", ends=("p9", "p10"))
    assert error.message == (
        "the label template `{device}-{port}-{far_slot}` has no {far_slot} for the far end of t-1:11"
    )


def test_a_width_needs_a_port_with_one_number_at_its_end() -> None:
    error = refused('label = "{device}-{port:02}"', port="swp{{cage}}s{{bore0}}", ends=("swp9s0", "swp10s0"))
    assert error.message == "the label template `{device}-{port:02}` has no {port} for f-sw001:swp9s0"
    assert "two: use {cage} and {bore}" in error.notes[0]
    found, _ = compiled('label = "{device}-{cage:02}.{bore}"', "swp{{cage}}s{{bore0}}", ("swp9s0", "swp10s0"))
    assert found is not None


def test_without_a_rack_a_template_over_places_is_refused() -> None:
    plan = ethernet_clos()
    bare = replace(plan, devices=replace(plan.devices, rack=plan.devices.rack * 0 - 1))
    context = context_of({})
    assert not are_labels_good(with_labels(bare, switch="{row}-{device}-{port}"), None, context)
    (error,) = context.sink.sorted()
    assert error.message.startswith("the label template `{row}-{device}-{port}` has no {row} for ")
    assert error.notes == ("the device stands in no rack, or its place has no number",)
    assert are_labels_good(with_labels(bare, switch="{device}-{port}"), None, context)


def test_a_splitter_has_one_label_at_its_near_end_and_one_at_each_leg() -> None:
    naming = 'naming { label = "{device}:{cage}.{bore}>{far_device}", node_label = "{device}:{port}" }\n  minimize'
    result = compile_text(splitters.design().replace("minimize", naming, 1))
    assert result.plan is not None, [each.message for each in result.diagnostics]
    table = [
        row for row in rows(result.files["cabling/labels.csv"]) if row["cable_id"].startswith("compute-leaf001:1/1")
    ]
    near, *legs = sorted(table, key=lambda row: len(row["end"]))
    assert near["label"] == "compute-leaf001:1.1+2>gpu-1" or near["label"].startswith("compute-leaf001:1.1+2>gpu-1+")
    assert [row["end"] for row in legs] == ["Aa", "Ab"]
    assert {row["label"] for row in legs} == {f"{row['device']}:{row['port']}" for row in legs}


@pytest.mark.parametrize(
    ("templates", "message"),
    [
        (
            {"switch": "{row}{column:02}-{port}"},
            "the cable ends at f-sw001:1/5 and at f-sw001:2/5 are both labelled `A01-5`",
        ),
        ({"switch": "{device}-{slot}"}, "the label template `{device}-{slot}` prints nothing for t-1:11"),
        ({"switch": "{device}-{shelf}"}, "the label template `{device}-{shelf}` prints nothing for t-1:11"),
        ({"switch": "{device}-{port"}, "the label template `{device}-{port` prints nothing for t-1:11"),
    ],
)
def test_the_verifier_judges_the_templates_of_a_plan(templates: dict[str, str], message: str) -> None:
    plan = plan_of(ENGINEERING).plan
    assert verify(plan) == []
    assert [each.message for each in verify(with_labels(plan, **templates))] == [message]
