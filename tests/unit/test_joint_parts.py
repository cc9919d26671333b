"""Bounds of the parts of links: what is proven by them, which shapes no parts fit, what a failure is told of."""

from __future__ import annotations

from optidsl import pipeline
from tests.support.programs import context_of
from tests.support.shapes import FLOOR, check, program

HALL = """  site dc {
    hall h1 {
      row_pitch  = 3.0m
      rack_pitch = 0.6m
      tray { drop = 1.2m, slack = 5% }
      row a { rack gpu-a[1..8] { units = 48U } }
      row n { rack net[1..4]   { units = 48U } }
      row b { rack gpu-b[1..8] { units = 48U } }
    }
  }"""


def two_fabrics(goal: str, unknown: str = "unknown { cage_power = warn }") -> dict[str, str]:
    """Return a design of 64 servers whose frontend leaves two models and the ratio open."""
    place = "place { at = dc.h1.n.net }"
    return {
        "design.optd": f"""optd 1
use std.servers  {{ dgx-h100 }}
use std.switches {{ sn5600, sn5400 }}
design two {{
{HALL}
  node gpu[1..64] {{
    model = dgx-h100
    place {{ at = [dc.h1.a.gpu-a, dc.h1.b.gpu-b], per_rack = 4 }}
  }}
  fabric backend {{
    kind             = rail_optimized
    protocol         = ethernet
    endpoints        = gpu.nic.compute
    oversubscription = 1:1
    tier leaf  {{ model = sn5600, {place} }}
    tier spine {{ model = sn5600, {place} }}
    connect endpoints -- leaf {{ rate = 400Gbps }}
    connect leaf -- spine     {{ rate = 400Gbps }}
  }}
  fabric frontend {{
    kind             = clos
    protocol         = ethernet
    endpoints        = gpu.nic.inband
    oversubscription <= 2:1
    tier leaf  {{ model in [sn5600, sn5400], {place} }}
    tier spine {{ model in [sn5600, sn5400], {place} }}
    connect endpoints -- leaf {{ rate = 400Gbps }}
    connect leaf -- spine     {{ rate = 400Gbps }}
  }}
  policy {{
    media in [multimode, singlemode]
    {unknown}
  }}
  price mma4z00-ns     {{ each = $900, as_of = 2026-11-01 }}
  price mma4z00-ns-flt {{ each = $950, as_of = 2026-11-01 }}
  price mma1z00-ns400  {{ each = $600, as_of = 2026-11-01 }}
  price sn5600         {{ each = $48k, as_of = 2026-11-01 }}
  price sn5400         {{ each = $30k, as_of = 2026-11-01 }}
{goal}
}}
"""
    }


def test_watts_of_parts_prove_the_first_shape_to_be_the_best() -> None:
    context = context_of(two_fabrics("  minimize power.optics\n  minimize cost.optics + cost.switches"))
    found = pipeline.check("design.optd", context)
    assert found is not None, [each.message for each in context.sink.sorted()]
    assert found.choice.proof == "optimal"
    assert found.choice.shapes.endswith(", 1 in full; optimal")
    out = {each.words: each.out for each in found.considered if each.fabric == "frontend"}
    assert set(out.values()) == {"", "no optic in the catalogue fits its links"}
    assert all(("sn5400" in words) == bool(why) for words, why in out.items())


def test_watts_that_several_fabrics_lack_do_not_keep_the_search_going() -> None:
    context = context_of(two_fabrics("  minimize power.network"))
    found = pipeline.check("design.optd", context)
    assert found is not None, [each.message for each in context.sink.sorted()]
    assert " 1 in full" in found.choice.shapes


def test_a_failure_is_told_of_the_shapes_that_parts_fit() -> None:
    context = context_of(two_fabrics("  minimize power.optics", unknown=""))
    assert pipeline.check("design.optd", context) is None
    (error,) = (each for each in context.sink.sorted() if each.severity == "error")
    assert error.name == "cannot-conclude"
    assert "no usable number for dgx-h100.cage_power" in error.message
    assert any(note.endswith("other shapes failed on the same") for note in error.notes)


def test_a_failure_is_told_of_what_most_shapes_fail_on() -> None:
    text = """kind      = clos
    tiers = 2
    oversubscription <= 4:1
    tier leaf  { model in [small, middle, large] }
    tier spine { model in [small, middle, large] }
    connect endpoints -- leaf { length = 5m }
    connect leaf -- spine { length = 500m }"""
    found, context = check(program(text, "  minimize f.switches", nodes=6))
    assert found is None
    error = next(each for each in context.sink.sorted() if each.severity == "error")
    told = [int(note.split()[0]) for note in error.notes if " failed " in note]
    assert told == sorted(told, reverse=True)


def test_direct_cables_that_cannot_span_the_floor_bound_nothing() -> None:
    fabric = """kind      = clos
    tiers = 2
    oversubscription <= 4:1
    tier leaf  { model = small, place { at = dc.h.servers.net } }
    tier spine { model = small, place { at = dc.h.far.net } }"""
    found, _ = check(program(fabric, "  minimize power.optics", floor=FLOOR, nodes=12))
    assert found is not None
    assert found.choice.proof == "optimal"
    assert ", 1 in full" in found.choice.shapes


def test_a_price_of_a_part_that_the_library_has_offers_to_use_it() -> None:
    files = two_fabrics("  price mms1x00-ns400 { each = $800, as_of = 2026-11-01 }")
    context = context_of(files)
    assert pipeline.check("design.optd", context) is None
    (error,) = (each for each in context.sink.sorted() if each.severity == "error")
    assert error.name == "unknown-name"
    assert error.message == (
        "`price mms1x00-ns400`: `std.optics-more` has the part, and no file of the design uses it from there"
    )
    (fix,) = error.fixes
    assert fix.edits[0].text == "use std.optics-more { mms1x00-ns400 }\n"
