"""Published direct networks, cell for cell, from designs in `tests/published`.

The tables are read from the folder in `OPTIDSL_PUBLISHED` (default: `../shared/published` beside the checkout).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from optidsl.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = Path(os.environ.get("OPTIDSL_PUBLISHED", ROOT.parent / "shared" / "published"))
DESIGNS = ROOT / "tests" / "published"

Cells = dict[str, Any]


def table(name: str) -> list[tuple[Cells, Cells]]:
    """Return the inputs and the expected cells of every case."""
    file = PUBLISHED / f"{name}.yaml"
    if not file.is_file():
        return []
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    return list(zip(content["inputs"]["cases"], content["expected"], strict=True))


def fabric_of(name: str, capsys: pytest.CaptureFixture[str], **params: int) -> Cells:
    """Compile a design and return the statistics of its fabric."""
    given = [word for key, value in params.items() for word in ("--param", f"{key}={value}")]
    assert main(["stats", str(DESIGNS / f"{name}.optd"), *given, "--format", "json"]) == 0
    (fabric,) = json.loads(capsys.readouterr().out)["fabrics"]
    found: Cells = fabric
    found["links"] = {segment.get("dimension", "endpoints"): segment for segment in found["segments"]}
    return found


def test_the_published_tables_are_there() -> None:
    if not PUBLISHED.is_dir() and "OPTIDSL_PUBLISHED" not in os.environ:
        pytest.skip(f"no published tables in {PUBLISHED}")
    assert len(table("dragonfly-balanced")) == len(table("torus-machines")) == 2


@pytest.mark.parametrize(("given", "expected"), table("dragonfly-balanced"))
def test_balanced_dragonflies(given: Cells, expected: Cells, capsys: pytest.CaptureFixture[str]) -> None:
    fabric = fabric_of("dragonfly-balanced", capsys, p=given["p"])
    links, parameters = fabric["links"], fabric["parameters"]
    assert parameters["routers_per_group"] == given["a"]
    assert parameters["global_ports"] == given["h"]
    assert {
        "groups": fabric["groups"],
        "routers": fabric["tiers"][0]["switches"],
        "terminals": fabric["endpoints"],
        "router_radix": fabric["tiers"][0]["down"] + links["local"]["ports"] + links["global"]["ports"],
        "local_links": links["local"]["links"],
        "global_links": links["global"]["links"],
        "links_per_group_pair": parameters["links_per_group_pair"],
    } == expected


@pytest.mark.parametrize(("given", "expected"), table("torus-machines"))
def test_torus_machines(given: Cells, expected: Cells, capsys: pytest.CaptureFixture[str]) -> None:
    fabric = fabric_of("torus-machines", capsys, **dict(zip("xyz", given["dims"], strict=True)))
    assert fabric["endpoints"] == given["nodes_per_router"] * expected["routers"]
    assert {
        "name": given["name"],
        "routers": fabric["tiers"][0]["switches"],
        "links": sum(segment["links"] for segment in fabric["segments"] if "dimension" in segment),
        "diameter": fabric["hops"] - 1,
    } == expected


def only(name: str) -> tuple[Cells, Cells]:
    """Return the inputs and the expected cells of a table with one case."""
    file = PUBLISHED / f"{name}.yaml"
    if not file.is_file():
        pytest.skip(f"no published tables in {PUBLISHED}")
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    return content["inputs"], content["expected"]


def test_slingshot_group(capsys: pytest.CaptureFixture[str]) -> None:
    given, expected = only("slingshot-group")
    fabric = fabric_of("slingshot-group", capsys)
    links, parameters = fabric["links"], fabric["parameters"]
    routers, ports = parameters["routers_per_group"], fabric["tiers"][0]["down"]
    assert (fabric["groups"], routers, ports) == (given["groups"], given["switches_per_group"], given["edge_ports"])
    assert links["global"]["links"] == parameters["links_per_group_pair"] == given["links_per_group_pair"]
    assert {
        "endpoints_per_group": fabric["endpoints"] // fabric["groups"],
        "intra_ports_per_group": routers * links["local"]["ports"],
        "global_ports_per_group_max": routers * links["global"]["ports"],
        "switch_ports_used_max": ports + links["local"]["ports"] + links["global"]["ports"],
    } == expected


def test_theta(capsys: pytest.CaptureFixture[str]) -> None:
    given, expected = only("theta-aries")
    fabric = fabric_of("theta-aries", capsys)
    links, (columns, rows) = fabric["links"], fabric["parameters"]["group_dims"]
    groups, routers = fabric["groups"], fabric["tiers"][0]["switches"]
    assert (groups, rows, columns) == (given["groups"], given["router_rows"], given["router_cols"])
    distinct = [
        links[name]["links"] // (groups * given[multiplicity])
        for name, multiplicity in (("row", "row_multiplicity"), ("column", "col_multiplicity"))
    ]
    assert {
        "routers_per_group": rows * columns,
        "routers": routers,
        "nodes": fabric["endpoints"],
        "distinct_local_links_per_group": sum(distinct),
        "local_links_per_group": (links["row"]["links"] + links["column"]["links"]) // groups,
        "global_links": links["global"]["links"],
        "mean_global_ports_per_router": 2 * links["global"]["links"] / routers,
    } == expected
