"""What the catalogue prints of cages, and what its boxes of shared pipelines can run."""

from __future__ import annotations

import pytest

from optidsl.catalog.rules import selects
from optidsl.catalog.show import describe
from optidsl.fabric.box import Box, box_at
from tests.support import cages, designs
from tests.support.library import standard


def lines_of(name: str) -> list[str]:
    told = describe(standard(), name)
    assert told is not None
    return [" ".join(line.split()) for line in told.splitlines()]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("sn5600", "cage_power 1..64 18W (with two 3 kW supplies) vendor-doc nv-sn5000"),
        ("qm9700", "cage_power 1..32 17W (power class 8) vendor-doc nv-qm97"),
        ("ds5000", "pipeline 1..64 every 2 10 ports vendor-doc hh-ds5000"),
        ("ds4101", "pipeline 1..32 every 2 16 ports vendor-doc hh-ds4101"),
        ("z9864f", "variant reverse-airflow cage_power 14..20 step 2 6W vendor-doc dell-pwr"),
        ("z9864f", "variant reverse-airflow airflow reverse vendor-doc dell-pwr"),
        ("z9864f-reverse-airflow", "cage_power 33..63 step 2 18W vendor-doc dell-pwr"),
        ("m2-w6940-128x1-fr4", "engine 8 ports vendor-doc mic-cpo"),
        ("m2-w6940-128x1-fr4", "laser 4 ports vendor-doc mic-cpo"),
        ("sn4700", "breakout 1x400Gbps, 2x200Gbps, 4x100Gbps, 4x25Gbps on 4 lanes vendor-doc sbi"),
    ],
)
def test_what_is_printed(name: str, line: str) -> None:
    assert line in lines_of(name)


@pytest.mark.parametrize(
    ("name", "down", "up", "most", "beside"),
    [("ds5000", 100, 400, 256, 64), ("ds4101", 100, 400, 256, 0), ("ds5000", 200, 800, 256, 0)],
)
def test_ports_of_boxes_with_pipelines(name: str, down: int, up: int, most: int, beside: int) -> None:
    box = box_at(standard().switches[name], down * designs.GBPS, up * designs.GBPS, designs.SPAN)
    assert isinstance(box, Box)
    assert box.capacity == most
    assert box.fits(most, beside)
    assert not box.fits(most, beside + 1)


def test_a_rule_on_a_model_holds_for_its_variants() -> None:
    (reverse,) = standard().switches["z9864f"].variants
    assert selects("z9864f", reverse)
    assert selects("z9864f-reverse-airflow", reverse)
    assert not selects("z9864f-reverse-airflow", standard().switches["z9864f"])


def test_a_refusal_says_on_what_the_limit_rests() -> None:
    hot = cages.module("hot", "osfp", "8x100Gbps", 25, "800g-x")
    tiers = "    tier leaf { model = sn5600 }\n    connect endpoints -- leaf { length = 5m, module = hot }\n"
    host = cages.server("800Gbps", "8x100Gbps", "osfp")
    (message,) = cages.messages(cages.design(2, tiers, host + hot, "use std.switches { sn5600 }\n"))
    assert message.endswith(
        "hot draws up to 25 W, cage 1 of the sn5600 allows 18 W (with two 3 kW supplies): 7 W too much"
    )
