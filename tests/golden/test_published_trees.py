"""Published trees, cell for cell, from designs in `tests/published`."""

from __future__ import annotations

from typing import Any

import pytest

from optidsl import pipeline
from optidsl._context import Context
from optidsl.fabric import synthesize
from tests.golden.test_published_families import DESIGNS, PUBLISHED, Cells, fabric_of, only
from tests.support.designs import DictLoader


def tiers(fabric: Cells) -> list[Cells]:
    """Return the tiers of a fabric, leaf first."""
    found: list[Cells] = fabric["tiers"]
    return found


def links(fabric: Cells) -> list[int]:
    """Return the links below each tier, leaf first."""
    return [segment["links"] for segment in fabric["segments"]]


def cells(name: str) -> tuple[Any, Any]:
    """Return the inputs and expected cells of a table, empty where the tables are not there."""
    return only(name) if PUBLISHED.is_dir() else ({}, [])


@pytest.mark.parametrize("expected", cells("fat-tree-k")[1], ids=lambda cell: f"k{cell['k']}")
def test_k_ary_fat_trees(expected: Cells, capsys: pytest.CaptureFixture[str]) -> None:
    found = largest() if expected["k"] > 64 else k_ary_cells(fabric_of("fat-tree-k", capsys, k=expected["k"]))
    assert {name: found[name] for name in expected} == expected


def k_ary_cells(fabric: Cells) -> Cells:
    """Return the statistics of a fabric under the names of the table."""
    edge, aggregation, core = (tier["switches"] for tier in tiers(fabric))
    return {
        "k": fabric["parameters"]["k"],
        "hosts": fabric["endpoints"],
        "core": core,
        "aggregation": aggregation,
        "edge": edge,
        "switches": edge + aggregation + core,
        "host_links": links(fabric)[0],
        "edge_agg_links": links(fabric)[1],
        "agg_core_links": links(fabric)[2],
        "equal_cost_paths_between_pods": fabric["equal_cost_paths"],
    }


def largest() -> Cells:
    """Return the cells of k = 128 as synthesis lays it: half a million hosts are a long way to a plan."""
    texts = {name: (DESIGNS / name).read_text("utf-8") for name in ("fat-tree-k.optd", "stand-ins.optd")}
    texts["fat-tree-k.optd"] = texts["fat-tree-k.optd"].replace("2..128 = 4", "2..128 = 128")
    context = Context(DictLoader(texts))
    static = pipeline.elaborate("fat-tree-k.optd", context)
    assert static is not None
    tables = synthesize(static[1], context)
    assert tables is not None
    (shape,) = tables.shapes
    edge, aggregation, core = shape.counts
    return {
        "k": dict(shape.parameters)["k"],
        "hosts": shape.endpoints,
        "core": core,
        "aggregation": aggregation,
        "edge": edge,
        "switches": edge + aggregation + core,
    }


def test_stampede(capsys: pytest.CaptureFixture[str]) -> None:
    given, expected = only("stampede-oversubscribed")
    fabric = fabric_of("stampede-oversubscribed", capsys)
    leaf, core = tiers(fabric)
    assert (leaf["switches"], core["switches"]) == (given["leaves"], given["cores"])
    assert (leaf["down"], leaf["up"]) == (given["down"], given["up"])
    assert core["down"] <= given["core_ports"]
    assert {
        "leaf_ports_used": leaf["down"] + leaf["up"],
        "oversubscription": fabric["oversubscription"],
        "nodes_max": leaf["switches"] * leaf["down"],
        "core_ports_needed": core["switches"] * core["down"],
        "core_ports": core["switches"] * given["core_ports"],
        "fits": links(fabric)[1] <= core["switches"] * given["core_ports"],
    } == expected


def test_megascale(capsys: pytest.CaptureFixture[str]) -> None:
    given, expected = only("bytedance-megascale")
    fabric = fabric_of("bytedance-megascale", capsys)
    tor, tier2, tier3 = tiers(fabric)
    assert fabric["endpoints"] == given["gpus"]
    assert [segment["rate_mbps"] for segment in fabric["segments"][:2]] == [
        given["nic_gbps"] * 1000,
        given["port_gbps"] * 1000,
    ]
    assert {
        "servers": fabric["endpoints"] // given["nics_per_server"],
        "tor_sets": tor["switches"] // given["nics_per_server"],
        "tors": tor["switches"],
        "tor_down_200g_ports": tor["down"],
        "servers_per_tor_set_check": fabric["endpoints"] // tor["switches"],
        "tor_uplinks": links(fabric)[1],
        "tier2": tier2["switches"],
        "tier3": tier3["switches"],
    } == expected


def test_asterfusion(capsys: pytest.CaptureFixture[str]) -> None:
    given, expected = only("asterfusion-256")
    fabric = fabric_of("asterfusion-256", capsys)
    leaf, spine = tiers(fabric)
    per_port = given["port_gbps"] // given["nic_gbps"]
    assert (leaf["switches"], spine["switches"]) == (given["leaves"], given["spines"])
    assert {
        "gpus": fabric["endpoints"],
        "nics_per_leaf": leaf["down"],
        "switches": leaf["switches"] + spine["switches"],
        "leaf_down_ports": leaf["down"] // per_port,
        "leaf_up_ports": leaf["up"],
        "links_per_leaf_spine_pair": leaf["up"] // spine["switches"],
        "spine_ports_used": spine["down"],
        "oversubscription": fabric["oversubscription"],
        "leaf_spine_cables": links(fabric)[1],
    } == expected


@pytest.mark.parametrize("expected", cells("juniper-stripe-size")[1], ids=lambda cell: str(cell["leaf"]))
def test_stripes(expected: Cells, capsys: pytest.CaptureFixture[str]) -> None:
    given = cells("juniper-stripe-size")[0]
    fabric = fabric_of("juniper-stripe-size", capsys, ports=expected["ports_400g"])
    (leaf, _), gpus = tiers(fabric), fabric["endpoints"]
    assert leaf["switches"] == given["gpus_per_server"]
    assert leaf["up"] == leaf["down"]
    assert {
        "leaf": expected["leaf"],
        "ports_400g": leaf["down"] + leaf["up"],
        "servers": leaf["down"],
        "gpus": gpus,
    } == expected
    larger = fabric_of("juniper-stripe-size", capsys, ports=expected["ports_400g"], servers=expected["servers"] + 1)
    assert tiers(larger)[0]["switches"] == 2 * given["gpus_per_server"]  # one server more needs a second stripe
