"""Published link loads, collective times and message times, cell for cell, from designs in `tests/published`."""

from __future__ import annotations

import json
import re
from fractions import Fraction

import pytest
import yaml

from optidsl import pipeline
from optidsl._context import Options
from optidsl.cli.files import context_for
from optidsl.cli.main import main
from tests.golden.test_published_families import DESIGNS, PUBLISHED, Cells, fabric_of, only, table

_TOPOLOGIES = ("polska", "nobel-us")


@pytest.mark.parametrize(("number", "name"), list(enumerate(_TOPOLOGIES)))
def test_backbone(number: int, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    inputs, expected = only("wan-polska-nobel")
    edges = inputs["topologies"][name]["edges"]
    fabric = fabric_of("wan-polska-nobel", capsys, n=number)
    design = str(DESIGNS / "wan-polska-nobel.optd")
    assert main(["loads", design, "--param", f"n={number}", "--format", "json"]) == 0
    directions = json.loads(capsys.readouterr().out)["fabrics"][0]["directions"]
    of_busiest = {(each["a"], each["z"]): Fraction(each["of_busiest"]) for each in directions}
    shares = [of_busiest[f"wan-city{a + 1:03}", f"wan-city{z + 1:03}"] for a, z, _ in edges]
    assert {
        "nodes": fabric["tiers"][0]["switches"],
        "links": fabric["links"]["link"]["links"],
        "km": _kilometres(number),
        "forward_percent": [round(float(share) * 100, 2) for share in shares],
    } == expected[name]
    assert max(of_busiest.values()) == 1


def _kilometres(number: int) -> float:
    path = DESIGNS / "wan-polska-nobel.optd"
    plan = pipeline.plan(path.name, context_for(path, Options(params={"n": str(number)})))
    assert plan is not None
    inner = [bool(segment.dimension) for segment in plan.segments]
    rows = [row for row, segment in enumerate(plan.links.segment.tolist()) if inner[segment]]
    assert (plan.links.ordered_mm[rows] == plan.links.required_mm[rows]).all()
    return int(plan.links.required_mm[rows].sum()) / 1_000_000


@pytest.mark.parametrize("number", range(2))
def test_the_design_of_the_backbones_states_the_table_itself(number: int) -> None:
    only("wan-polska-nobel")
    assert main(["test", str(DESIGNS / "wan-polska-nobel.optd"), "--param", f"n={number}"]) == 0


@pytest.mark.parametrize(("given", "expected"), table("nccl-busbw"))
def test_bus_bandwidths(given: Cells, expected: Cells) -> None:
    text = (DESIGNS / "nccl-busbw.optd").read_text(encoding="utf-8")
    op, ranks, size = given["op"], given["ranks"], given["bytes"] // 2**20
    shown = "1GiB" if size == 1024 else f"{size}MiB"
    call = f"collective_time({op}, ranks = {ranks}, bytes = {shown}, bandwidth = {given['busbw_gbytes']}GBps)"
    time = re.search(rf"round\({re.escape(call)} / 1us, 3\) == ([\d.]+)\n", text)
    factor = re.search(rf"round\(bus_factor\({op}, {ranks}\), 6\) == ([\d.]+)\n", text)
    assert time is not None
    assert factor is not None
    found = {"op": op, "ranks": ranks, "factor": float(factor[1]), "time_us": float(time[1])}
    assert found == expected


def test_the_design_of_bus_bandwidths_holds() -> None:
    only_there("nccl-busbw")
    assert main(["test", str(DESIGNS / "nccl-busbw.optd")]) == 0


def only_there(name: str) -> Cells:
    """Return a published table, or skip."""
    file = PUBLISHED / f"{name}.yaml"
    if not file.is_file():
        pytest.skip(f"no published tables in {PUBLISHED}")
    content: Cells = yaml.safe_load(file.read_text(encoding="utf-8"))
    return content


_NAMES = {
    "ring16_1_to_4": "ring16",
    "full16": "full16",
    "switch16": "switch16",
    "dim1_ring2": "dim1",
    "dim2_full8": "dim2",
    "dim3_switch4": "dim3",
}


def test_times_of_messages(capsys: pytest.CaptureFixture[str]) -> None:
    content = only_there("astra-unaware")
    text = (DESIGNS / "astra-unaware.optd").read_text(encoding="utf-8")
    stated = dict(re.findall(r'Network "(\w+)" +\{(.+)\}', text))
    assert {name: _number(stated[own], "published") for name, own in _NAMES.items()} == content["expected"]
    defaults = dict(re.findall(r"param (\w+): +Int = (\d+)", text)) | {"latency": "500"}
    for case in content["inputs"]["cases"]:
        own = stated[_NAMES[case["name"]]]
        latency, gigabytes = (_number(own, name, defaults[name]) for name in ("latency", "gigabytes"))
        assert (gigabytes, latency, 2**20) == (case["bandwidth"], case["latency"], case["bytes"])
    assert main(["test", str(DESIGNS / "astra-unaware.optd")]) == 0
    assert capsys.readouterr().out.count("ok ") == len(_NAMES)


def _number(text: str, name: str, default: str = "") -> int:
    found = re.search(rf"\b{name} = (\d+)", text)
    return int(default if found is None else found[1])
