"""Published HyperX, Slim Fly and Jellyfish networks, cell for cell, from designs in `tests/published`."""

from __future__ import annotations

import pytest

from tests.golden.test_published_families import Cells, fabric_of, table


@pytest.mark.parametrize(("given", "expected"), table("hyperx"))
def test_hyperx(given: Cells, expected: Cells, capsys: pytest.CaptureFixture[str]) -> None:
    sizes = {f"s{axis}": size for axis, size in enumerate(given["S"], 1)}
    assert set(given["K"][1:]) == {1}
    fabric = fabric_of("hyperx", capsys, **sizes, k1=given["K"][0], t=given["T"])
    segments = [segment for segment in fabric["segments"] if "dimension" in segment]
    assert fabric["tiers"][0]["down"] == given["T"]
    assert {
        "switches": fabric["tiers"][0]["switches"],
        "terminals": fabric["endpoints"],
        "links_per_dimension": [segment["links"] for segment in segments],
        "radix": fabric["tiers"][0]["down"] + sum(segment["ports"] for segment in segments),
        "diameter": fabric["hops"] - 1,
    } == expected


@pytest.mark.parametrize(("given", "expected"), table("slimfly-q5"))
def test_slim_fly(given: Cells, expected: Cells, capsys: pytest.CaptureFixture[str]) -> None:
    fabric = fabric_of("slimfly-q5", capsys)
    links, down = fabric["links"], fabric["tiers"][0]["down"]
    degree = links["local"]["ports"] + links["global"]["ports"]
    assert (fabric["parameters"]["order"], down) == (given["q"], given["p"])
    assert {
        "q": fabric["parameters"]["order"],
        "routers": fabric["tiers"][0]["switches"],
        "network_degree": degree,
        "router_links": links["local"]["links"] + links["global"]["links"],
        "diameter": fabric["hops"] - 1,
        "terminals": fabric["endpoints"],
        "router_radix": down + degree,
    } == expected


@pytest.mark.parametrize(("given", "expected"), table("jellyfish"))
def test_jellyfish(given: list[int], expected: Cells, capsys: pytest.CaptureFixture[str]) -> None:
    fabric = fabric_of("jellyfish", capsys, **dict(zip("nkr", given, strict=True)))
    links, tier = fabric["links"]["random"], fabric["tiers"][0]
    assert {
        "switches": tier["switches"],
        "ports": tier["down"] + links["ports"],
        "network_degree": links["ports"],
        "servers": fabric["endpoints"],
        "switch_links": links["links"],
    } == expected


def test_the_published_tables_have_cases() -> None:
    counts = [len(table(name)) for name in ("hyperx", "slimfly-q5", "jellyfish")]
    assert counts in ([4, 1, 2], [0, 0, 0])
