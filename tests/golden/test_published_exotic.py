"""Published cubes over optical circuit switches, and NVLink racks, cell for cell, from designs in `tests/published`."""

from __future__ import annotations

import json

import pytest

from optidsl.api import compile_text
from optidsl.cli.main import main
from tests.golden.test_published_families import DESIGNS, Cells, only


def figures(name: str, capsys: pytest.CaptureFixture[str], **params: int) -> Cells:
    """Compile a design and return its statistics."""
    given = [word for key, value in params.items() for word in ("--param", f"{key}={value}")]
    assert main(["stats", str(DESIGNS / f"{name}.optd"), *given, "--format", "json"]) == 0
    found: Cells = json.loads(capsys.readouterr().out)
    return found


def test_tpu_v4(capsys: pytest.CaptureFixture[str]) -> None:
    given, expected = only("google-tpu-v4")
    found = figures("google-tpu-v4", capsys)
    (fabric,), (cube,) = found["fabrics"], found["scale_up"]
    cubes, switches = found["totals"]["nodes"], fabric["tiers"][0]
    assert (cubes, fabric["parameters"]["cube"]) == (given["cubes"], [given["cube_edge"]] * 3)
    assert {
        "chips_per_cube": cube["gpus"],
        "chips": found["totals"]["gpus"],
        "optical_links_per_cube": cube["open_ends"],
        "optical_links": fabric["endpoints"],
        "ocs": switches["switches"],
        "ocs_ports_used": switches["down"],
        "links_on_face": switches["switches"] // 3,
        "electrical_links_per_cube": cube["links"],
    } == expected


def test_tpu_v4_makes_a_circuit_of_two_fibre_ends(capsys: pytest.CaptureFixture[str]) -> None:
    """The table's note: 6,144 ends are 3,072 links of chips; other tori are other circuits over the same."""
    (fabric,) = figures("google-tpu-v4", capsys)["fabrics"]
    assert [each["circuits"] for each in fabric["slices"]] == [3072]
    (long,) = figures("google-tpu-v4", capsys, x=8, y=16, z=32)["fabrics"]
    assert [(each["dims"], each["circuits"]) for each in long["slices"]] == [([8, 16, 32], 3072)]
    assert long["segments"] == fabric["segments"]


def test_gb200_nvl72(capsys: pytest.CaptureFixture[str]) -> None:
    given, expected = only("superpod-gb200")
    unit = figures("superpod-gb200", capsys, racks=given["racks_per_su"])
    whole = figures("superpod-gb200", capsys, racks=128)
    (rack,) = unit["scale_up"]
    assert (rack["servers"], rack["gpus"]) == (given["compute_trays"], given["gpus"])
    assert rack["switches"] == given["switch_trays"] * given["chips_per_tray"]
    assert {
        "nvlinks_per_rack": rack["links"],
        "switch_chips": rack["switches"],
        "ports_used_per_chip": rack["links_per_switch"],
        "gpu_bandwidth_tbytes": rack["gpu_tbytes"],
        "rack_bandwidth_tbytes": rack["domain_tbytes"],
        "gpus_per_su": unit["totals"]["gpus"],
        "gpus_at_128_racks": whole["totals"]["gpus"],
        "compute_trays_per_su": unit["totals"]["nodes"],
    } == expected


def test_tests_of_cubes_say_what_is_known_of_them() -> None:
    """Its axes give the diameter of the torus of chips; what survives of its paths is not measured, and not guessed."""
    design = (DESIGNS / "google-tpu-v4.optd").read_text(encoding="utf-8").rstrip().removesuffix("}")
    others = {"parts/tpu.optd": (DESIGNS / "parts/tpu.optd").read_text(encoding="utf-8")}
    holds = "test whole { expect diameter(torus) == 24  expect links(torus) == 6144 }\n"
    ports = "test one { fail_any = switch  expect lost_endpoints(torus) <= 128  expect lost_nodes(torus) == 0 }\n"
    assert compile_text(f"{design}{holds}{ports}}}\n", others=others).is_ok
    paths = "test paths { fail_any = switch  expect reachable(torus) >= 90% }\n"
    result = compile_text(f"{design}{paths}}}\n", others=others)
    assert [each.message for each in result.diagnostics if each.severity == "error"] == [
        "cannot conclude on `reachable(torus) >= 90%` when torus-switch001 has failed: chips reach one another through "
        "cubes and circuits, and such paths are not measured"
    ]
