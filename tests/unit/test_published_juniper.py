"""Juniper's table of validated pairs of optics: every pair may face each other, and no OSFP part fits a QSFP-DD cage.

The table is read from the folder in `OPTIDSL_PUBLISHED` (default: `../shared/published` beside the checkout).
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest
import yaml

from optidsl.api import compile_text
from optidsl.catalog.parts import Catalog, Transceiver
from optidsl.fabric import synthesize
from optidsl.layout import place
from optidsl.optics.candidates import options_of
from optidsl.optics.check_pair import pair_checks
from optidsl.optics.classify import views
from optidsl.pipeline import elaborate
from tests.support.programs import context_of

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = Path(os.environ.get("OPTIDSL_PUBLISHED", ROOT.parent / "shared" / "published"))
TABLE = PUBLISHED / "juniper-optics-table14.yaml"
PAIRS = yaml.safe_load(TABLE.read_text(encoding="utf-8"))["expected"]["pairs"] if TABLE.is_file() else []

DESIGN = """\
optd 1
use std.optics-juniper { osfp-800g-dr8-2-p, qsfp56-dd-400gbase-dr4 }

transceiver other-dr4 {
  form_factor = qsfp-dd
  lanes = 4x100Gbps
  modulation = pam4
  pmd = "400g-dr4"
  medium = singlemode
  connector = mpo-12-apc
  protocols = [ethernet]
}

server_model client {
  units = 1U
  nic front {
    protocols = [ethernet]
    rate = 400Gbps
    lanes = 4x100Gbps
    accepts = [qsfp112]
    port p0 { cage = "0" }
  }
}

# The cages of both boxes are this design's own statement.
switch_model leaf-box {
  protocols = [ethernet]
  cages = 32
  lanes = 8x100Gbps
  accepts = [LEAF]
  breakout = [1x400Gbps, 2x400Gbps]
  port_name = "et-0/0/{{cage0}}:{{bore0}}"
}
switch_model spine-box {
  protocols = [ethernet]
  cages = 32
  lanes = 4x100Gbps
  accepts = [qsfp-dd]
  breakout = [1x400Gbps]
  port_name = "et-0/0/{{cage0}}"
}

design pairs {
  node n[1..4] { model = client }
  fabric frontend {
    kind = clos
    protocol = ethernet
    endpoints = n.nic.front
    tier leaf { model = leaf-box, count = 2, down = 2, up = 4 }
    tier spine { model = spine-box, count = 2 }
    connect endpoints -- leaf { length = 5m }
    connect leaf -- spine { length = 20m, module in [osfp-800g-dr8-2-p, qsfp56-dd-400gbase-dr4] }
  }
  policy { unknown { reach = warn, loss = warn, overload = warn, cage_power = warn } }
}
"""


@cache
def catalog() -> Catalog:
    """Return the standard library with Juniper's modules."""
    context = context_of({"design.optd": DESIGN.replace("LEAF", "osfp")})
    static = elaborate("design.optd", context)
    assert static is not None, [each.message for each in context.sink.sorted()]
    return static[1].catalog


def module(part: str, optic: str) -> Transceiver:
    """Return the module of a row: by the name of the optic, else by its part number."""
    modules = catalog().transceivers
    by_name = modules.get(optic.lower())
    return by_name or next(each for each in modules.values() if part in each.part_numbers)


def test_the_table_is_there() -> None:
    if not PUBLISHED.is_dir():
        pytest.skip(f"no published tables in {PUBLISHED}")
    assert len(PAIRS) == 5


@pytest.mark.parametrize("row", PAIRS, ids=[f"{row[1]}-{row[4]}" for row in PAIRS])
def test_every_pair_of_the_table_may_face_each_other(row: list[str]) -> None:
    a, z = module(row[0], row[1]), module(row[3], row[4])
    assert [check.detail for check in pair_checks(catalog(), a, z) if check.verdict != "holds"] == []
    assert [check.detail for check in pair_checks(catalog(), z, a) if check.verdict != "holds"] == []


def test_a_pair_that_nobody_lists_needs_one_pmd() -> None:
    modules = catalog().transceivers
    checks = pair_checks(catalog(), modules["osfp-800g-dr8-2-p"], modules["other-dr4"])
    failed = [check.detail for check in checks if check.verdict == "fails"]
    assert failed == ["osfp-800g-dr8-2-p has pmd 400g-dr4-2, other-dr4 400g-dr4"]


def test_two_bores_of_a_leaf_face_two_spines() -> None:
    result = compile_text(DESIGN.replace("LEAF", "osfp, qsfp112"))
    assert result.plan is not None, [each.message for each in result.diagnostics if each.severity == "error"]
    uplinks = result.plan.classes[1]
    assert uplinks.candidate == "osfp-800g-dr8-2-p + mfp7e30 + qsfp56-dd-400gbase-dr4"
    assert uplinks.near == ""
    bought = {line.part: line.quantity for line in result.plan.bom}
    assert (bought["osfp-800g-dr8-2-p"], bought["qsfp56-dd-400gbase-dr4"]) == (6, 8)  # two of the six face the clients


def test_an_osfp_part_does_not_fit_a_qsfp_dd_cage() -> None:
    """The table lists an OSFP part for a leaf whose cages are QSFP-DD."""
    context = context_of({"design.optd": DESIGN.replace("LEAF", "qsfp-dd")})
    static = elaborate("design.optd", context)
    assert static is not None
    tables = synthesize(static[1], context)
    assert tables is not None
    placed = place(static[1], tables, context)
    assert placed is not None
    found = options_of(static[1], views(static[1], placed)[1])
    (miss,) = (each for each in found.unfit if each.name == "osfp-800g-dr8-2-p" and each.where == "a")
    assert (miss.check.name, miss.check.detail) == (
        "form-factor",
        "osfp-800g-dr8-2-p is osfp, the leaf-box cage takes qsfp-dd",
    )
