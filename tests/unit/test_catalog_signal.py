"""OMA numbers of a module that contradict one another are found by the lint; sound rows pass."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from optidsl.catalog.facts import facts_of
from optidsl.catalog.lint import lint
from optidsl.catalog.lint_signal import signal_faults
from optidsl.catalog.parts import FiberLimit, Transceiver
from optidsl.catalog.rules import selects
from optidsl.catalog.search import search, summary
from optidsl.catalog.show import describe, describe_json
from tests.support.designs import fact
from tests.support.light import attenuator, lit
from tests.support.parts import dr4

DR4 = {
    "tx_oma_min_mdbm": -800,
    "tx_oma_tdecq_min_mdbm": -2_200,
    "tdecq_max_mdb": 3_400,
    "rx_sens_oma_mdbm": -4_400,
    "rx_stressed_oma_mdbm": -1_900,
}


def with_oma(**changes: int) -> Transceiver:
    """Return 400GBASE-DR4 with its published OMA numbers, some of them changed."""
    numbers: dict[str, Any] = {name: fact(value, "vendor-doc") for name, value in {**DR4, **changes}.items()}
    return replace(dr4(), **numbers)


def test_the_row_of_the_standard_is_sound() -> None:
    assert not list(signal_faults(with_oma()))
    assert not list(signal_faults(dr4()))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"tx_oma_tdecq_min_mdbm": -700}, "tx_oma_tdecq_min is -0.7 dBm, above tx_oma_min, -0.8 dBm"),
        ({"rx_sens_oma_mdbm": -1_800}, "rx_sens_oma is -1.8 dBm, above rx_stressed_oma, -1.9 dBm"),
        ({"rx_sens_oma_mdbm": -5_400}, "rx_stressed_oma less tdecq_max is -5.3 dBm, above rx_sens_oma, -5.4 dBm"),
        ({"tx_oma_min_mdbm": -1_500}, "tx_oma_min less loss over os2 is -4.5 dBm, below rx_sens_oma, -4.4 dBm"),
        (
            {"tx_oma_tdecq_min_mdbm": -2_400},
            "tx_oma_tdecq_min less loss over os2 is -5.4 dBm, below rx_stressed_oma less tdecq_max, -5.3 dBm",
        ),
    ],
)
def test_each_law_finds_its_planted_fault(changes: dict[str, int], fault: str) -> None:
    part = with_oma(**changes)
    assert fault in list(signal_faults(part))
    catalog = lit([part]).catalog
    assert f"dr4: {fault} [oma]" in [str(finding) for finding in lint(catalog)]


def test_every_number_is_shown() -> None:
    part = replace(
        with_oma(),
        sff8024=fact("SM:28"),
        baud_kbaud=fact(53_125_000),
        prefec_ber=fact(Fraction(24, 100_000)),
        power_split_mw=fact(6_000),
        linear=fact(True),
        latency_ps=fact(20_000),
        built_in=fact(False),
        er_min_mdb=fact(3_500),
        limits=(FiberLimit("os2", fact(500_000), fact(3_000), fact(2_750)),),
    )
    shown = {each.name: each.text for each in facts_of(part)}
    assert {
        "sff8024": "SM:28",
        "baud": "53.125Gbaud",
        "prefec_ber": "0.00024",
        "power_split": "6W",
        "linear": "true",
        "latency": "20ns",
        "built_in": "false",
        "er_min": "3.5dB",
        "tx_oma_tdecq_min": "-2.2dBm",
        "over os2 connections": "2.75dB",
    }.items() <= shown.items()
    assert selects("transceiver sff8024=SM:28 linear=true", part)
    assert not selects("linear=true", with_oma())


def test_an_attenuator_is_found_and_shown() -> None:
    catalog = lit([dr4()], [attenuator("lc-2db", 2_000, tolerance_mdb=200)]).catalog
    assert summary(catalog.attenuators["lc-2db"]) == "acme, lc-upc, singlemode, 2dB"
    assert [hit.name for hit in search(catalog, "attenuator 2db")] == ["lc-2db"]
    told = describe(catalog, "lc-2db") or ""
    assert "tolerance" in told and "0.2dB" in told
    assert '"kind": "attenuator"' in (describe_json(catalog, "lc-2db") or "")
    assert selects("attenuator connector=lc-upc", catalog.attenuators["lc-2db"])
