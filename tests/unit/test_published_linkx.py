"""NVIDIA's published LinkX rules: modules, fibres and copper as stated, and each rule with a good and a mutated design.

The entries are read from the folder in `OPTIDSL_PUBLISHED` (default: `../shared/published` beside the checkout).
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from optidsl._context import Context
from optidsl.api import TextLoader
from optidsl.catalog.parts import Catalog, DirectCable
from optidsl.optics.rules import binding
from optidsl.sema.standard import standard_catalog
from tests.support.designs import messages
from tests.support.one_link import Words, is_accepted, misses

PUBLISHED = Path(
    os.environ.get("OPTIDSL_PUBLISHED", Path(__file__).resolve().parents[2].parent / "shared" / "published")
)
FILE = PUBLISHED / "nvidia-linkx-rules.yaml"

pytestmark = pytest.mark.skipif(not FILE.is_file(), reason=f"no published rules in {PUBLISHED}")


def _expected() -> dict[str, Any]:
    if not FILE.is_file():
        return {"modules": [], "fibres": [], "copper": [], "rules": []}
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))["expected"]
    return found


@cache
def catalog() -> Catalog:
    """Return the standard catalogue."""
    context = Context(TextLoader({}))
    found = standard_catalog(context)
    assert found is not None, messages(context)
    return found


def named(table: dict[str, Any], number: str) -> Any:
    """Return the part of a number: by its name, or by its part numbers."""
    by_name = table.get(number.lower())
    return by_name or next(part for part in table.values() if number in part.part_numbers)


@pytest.mark.parametrize("entry", _expected()["modules"], ids=lambda entry: entry["part"])
def test_modules(entry: dict[str, Any]) -> None:
    part = named(catalog().transceivers, entry["part"])
    assert part.medium.value == entry["media"].replace(" ", "")
    assert part.form_factor.value.startswith(entry["form"].lower())
    assert max(limit.reach_mm.value for limit in part.limits) == entry["reach_m"] * 1000
    assert part.power_max_mw.value == entry["watts_400g_max"] * 1000
    if "watts_400g_typ" in entry:
        assert part.power_typ_mw.value == entry["watts_400g_typ"] * 1000
    assert part.power_split_mw.value == entry["watts_200g_max"] * 1000
    assert entry.get("watts_200g_typ", 0) * 1000 <= part.power_split_mw.value


@pytest.mark.parametrize("entry", _expected()["fibres"], ids=lambda entry: entry["part"])
def test_fibres(entry: dict[str, Any]) -> None:
    part = named(catalog().fiber_cables, entry["part"])
    assert (part.medium.value, part.ends) == (entry["media"].replace(" ", ""), entry["split"])


@pytest.mark.parametrize("entry", _expected()["copper"], ids=lambda entry: entry["part"])
def test_copper(entry: dict[str, Any]) -> None:
    part: DirectCable = named(catalog().direct_cables, entry["part"])
    match = re.fullmatch(r"(\d) x (\d+)G (\w+)", entry["split"])
    assert match is not None
    assert part.ends == int(match[1])
    assert part.lanes.value.count * part.lanes.value.rate_mbps // part.ends == int(match[2]) * 1000
    assert part.form_factor_z.value.startswith(match[3].lower())
    if "lengths_m" in entry:
        assert part.lengths_mm is not None
        assert [length / 1000 for length in part.lengths_mm.value] == entry["lengths_m"]


def test_active_copper() -> None:
    lengths = {
        length
        for part in catalog().direct_cables.values()
        if part.technology.value == "acc" and part.lengths_mm is not None
        for length in part.lengths_mm.value
    }
    assert {metres * 1000 for metres in _expected()["active_copper_m"]} <= lengths


# ------------------------------------------------------------------ rules: a good design, and a mutated one

FLAT_SWITCH = """
switch_model flat-switch {
  protocols = [infiniband]
  port_name = "p{{port}}"
  cages     = 8
  lanes     = 4x100Gbps
  accepts   = [osfp-rhs, qsfp112]
  breakout  = [1x400Gbps]
  units     = 1U
  power_max = 500W
  cage_power { cages = 1..8, power = 17W }
}
"""


def test_single_port_modules_are_not_for_switches() -> None:
    assert is_accepted()
    flat: Words = {"switch": "flat-switch", "own": FLAT_SWITCH}
    assert not is_accepted(**flat)
    assert misses(**flat)["z mms4x00-ns400"] == (
        "mms4x00-ns400 does not go with flat-switch: single-port OSFP modules are not for switches"
    )
    assert misses(**flat)["z mma1z00-ns400"] == (
        "mma1z00-ns400 does not go with flat-switch: QSFP112 modules are for adapters only"
    )


def test_bluefield_3_takes_qsfp112_only() -> None:
    bluefield: Words = {"accepts": "qsfp112"}
    assert is_accepted(**bluefield, bound="medium = multimode")
    assert not is_accepted(**bluefield, bound="module in [optics.mms4x00-ns, optics.mms4x00-ns400]")
    assert misses(**bluefield)["a mms4x00-ns400"] == ("mms4x00-ns400 is osfp-rhs, the own-host net cage takes qsfp112")


def test_a_straight_fibre_serves_two_and_a_splitter_four() -> None:
    straight: Words = {"switch": "sn5600", "protocol": "ethernet"}
    split: Words = {**straight, "rate": "200Gbps", "lanes": "2x100Gbps"}
    assert is_accepted(**straight, bound="cable in [cables.mfp7e10, cables.mfp7e10-om4]")
    assert not is_accepted(**straight, bound="cable in [cables.mfp7e20]")
    assert is_accepted(**split, bound="cable in [cables.mfp7e20]")
    assert not is_accepted(**split, bound="cable in [cables.mfp7e10, cables.mfp7e10-om4]")


def test_the_fibres_of_a_module_are_straight_or_splitters() -> None:
    fibers = catalog().fiber_cables
    for straight, splitter in (("mfp7e10", "mfp7e20"), ("mfp7e30", "mfp7e40")):
        assert binding(catalog(), "same-module", fibers[straight], fibers[straight]) is None
        assert binding(catalog(), "same-module", fibers[splitter], fibers[splitter]) is None
        rule = binding(catalog(), "same-module", fibers[straight], fibers[splitter])
        assert rule is not None
        assert rule.verdict == "forbidden"


def test_flat_tops_are_for_cages_with_riding_heat_sinks() -> None:
    assert is_accepted(accepts="osfp-rhs")
    assert misses()["z mms4x00-ns-flt"] == "mms4x00-ns-flt is osfp-rhs, the qm9700 cage takes osfp"
    finned: Words = {"accepts": "osfp", "bound": "module in [optics.mms4x00-ns, optics.mms4x00-ns400]"}
    assert not is_accepted(**finned)
    assert misses(**finned)["a mms4x00-ns400"] == "mms4x00-ns400 is osfp-rhs, the own-host net cage takes osfp"


def test_every_rule_of_the_page_has_a_test() -> None:
    assert len(_expected()["rules"]) == 5
