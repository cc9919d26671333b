"""The public API: text in, plan and diagnostics out."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

import optidsl
from optidsl._context import Options
from optidsl._errors import UsageError

ROOT = Path(__file__).resolve().parents[2]
FIRST = ROOT / "optidsl/cli/first_design.optd"
H100 = ROOT / "examples/superpod-h100/design.optd"


def test_every_public_name_is_there() -> None:
    assert all(getattr(optidsl, name) is not None for name in optidsl.__all__)
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = optidsl.no_such_name


def test_text_compiles_to_a_plan_with_its_artefacts() -> None:
    result = optidsl.compile_text(FIRST.read_text(encoding="utf-8"))
    assert result.is_ok
    assert result.plan is not None
    assert [d.severity for d in result.diagnostics if d.severity == "error"] == []
    assert json.loads(result.files["plan.json"])
    assert "cabling/cables.csv" in result.files
    assert result.lock_text.startswith("# optidsl.lock v1")


def test_a_file_and_its_text_give_the_same() -> None:
    from_file = optidsl.compile_file(FIRST)
    from_text = optidsl.compile_text(FIRST.read_text(encoding="utf-8"), name="first_design.optd")
    assert from_file.files == from_text.files
    assert from_file.lock_text == from_text.lock_text


def test_what_is_wrong_is_told_not_raised() -> None:
    result = optidsl.compile_text(FIRST.read_text(encoding="utf-8").replace("48U", "4U"))
    assert not result.is_ok
    assert result.files == {}
    assert any(d.name == "rack-full" for d in result.diagnostics)


def test_other_files_come_from_a_map() -> None:
    text = 'optd 1\n\nuse "./more.optd" { Room }\n\ndesign d {\n  Room "r" { }\n}\n'
    more = "optd 1\n\ncomponent Room {\n  site s {\n  }\n}\n"
    result = optidsl.check_text(text, others={"more.optd": more})
    assert [d.message for d in result.diagnostics if d.severity == "error"] == []


def test_format_and_load() -> None:
    text = FIRST.read_text(encoding="utf-8")
    assert optidsl.format_source(text) == text
    assert optidsl.format_source("design {") is None
    result = optidsl.compile_text(text)
    loaded = optidsl.load_plan(result.files["plan.json"])
    assert result.plan is not None
    assert loaded.header == result.plan.header
    with pytest.raises(UsageError, match="plan"):
        optidsl.load_plan("{}")


@pytest.mark.parametrize("units", [1, 2])
def test_gpu_g_of_every_dgx_h100_lands_on_rail_g(units: int) -> None:
    result = optidsl.compile_file(H100, options=Options(params={"su": str(units)}))
    plan = result.plan
    assert plan is not None
    links, devices = plan.links, plan.devices
    n_checked = 0
    for group in plan.groups:
        if group.kind != "node" or not group.gpus:
            continue
        rows = np.nonzero((links.a_device >= group.first) & (links.a_device < group.first + group.count))[0]
        gpu = np.array(group.ports.gpu)[links.a_port[rows]]
        leaf_rail = devices.rail[links.z_device[rows]]
        assert gpu.tolist() == leaf_rail.tolist() == links.rail[rows].tolist()
        n_checked += rows.size
        device, bores = np.array(group.ports.device), np.array(group.ports.cage_name)
        assert (bores[0], int(group.ports.gpu[0]), device[0]) == ("OSFP1", 7, "mlx5_11")
    assert n_checked == 8 * (32 * units - 1)


def test_the_cut_sheet_tells_the_loss_of_each_cable_not_of_its_class() -> None:
    result = optidsl.compile_file(H100)
    rows = list(csv.DictReader(result.files["cabling/cables.csv"].splitlines()))
    # Two connections of 0.35 dB, and OM3 at 3.0 dB/km.
    by_length = {row["ordered_m"]: (row["loss_db"], row["budget_db"], row["margin_db"]) for row in rows}
    assert by_length == {"10.000": ("0.730", "1.490", "0.760"), "15.000": ("0.745", "1.490", "0.745")}
