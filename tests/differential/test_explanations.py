"""Explanations against the compiler itself: what an error names is what must go, and what it offers compiles."""

from __future__ import annotations

from pathlib import Path

import pytest

from optidsl.api import Result, check_text
from optidsl.diag import Diagnostic, Edit, Label

DESIGN = """optd 1

use std.servers  { dgx-h100 }
use std.switches { qm9700 }
use std.optics   { mma4z00-ns }
use std.cables   { mfp7e10 }

design small {
  site home {
    @site
    hall h1 {
      row_pitch  = 3.0m
      rack_pitch = 0.6m
      tray { drop = 1.2m, slack = 5% }
      row a {
        rack gpu[1..2] {
          units = 48U
          @rack
        }
        rack net { units = 48U }
      }
    }
  }

  node gpu[1..4] {
    model = dgx-h100
    place { at = home.h1.a.gpu, per_rack = 2 }
  }

  fabric compute {
    kind             = clos
    protocol         = infiniband
    endpoints        = gpu.nic.compute
    oversubscription = 1:1
    tier leaf  { model = qm9700, count = 2, place { at = home.h1.a.net } }
    tier spine { model = qm9700, place { at = home.h1.a.net } }
    connect endpoints -- leaf {
      rate = 400Gbps
      @down
    }
    connect leaf -- spine {
      rate = 400Gbps
      @up
    }
    @fabric
  }

  policy {
    @policy
  }

  @rules
}
"""

EXAMPLE_800G = (
    (Path(__file__).parents[2] / "examples" / "rail-roce-512" / "design.optd")
    .read_text()
    .replace("connect leaf -- spine     { rate = 400Gbps, length <= 50m }", "connect leaf -- spine { rate = 800Gbps }")
)

CASES: dict[str, dict[str, list[str]]] = {
    "reach": {"up": ["length = 180m"]},
    "medium and length": {"up": ["length = 80m", "medium = multimode"]},
    "medium in a list and length": {"up": ["length = 80m", "medium in [multimode, dac]"]},
    "module and length": {"up": ["length = 80m", "module = mma4z00-ns"]},
    "module and medium": {"up": ["module = mma4z00-ns", "medium = singlemode"]},
    "cable and length": {"up": ["length = 60m", "cable = mfp7e10"]},
    "cable and medium": {"down": ["cable = mfp7e10", "medium = singlemode"]},
    "media and length": {"up": ["length = 80m"], "policy": ["media in [multimode]"]},
    "grades and medium": {"up": ["medium = multimode"], "policy": ["grades in [os2]"]},
    "optic SKUs": {"policy": ["optic_skus <= 1"]},
    "cable SKUs and media": {
        "down": ["medium = multimode"],
        "up": ["medium = singlemode"],
        "policy": ["cable_skus <= 1"],
    },
    "media and medium": {"up": ["medium = singlemode"], "policy": ["optic_skus <= 2", "media in [multimode, dac]"]},
    "rack power": {"rack": ["power <= 20kW"]},
    "site power": {"site": ["power <= 40kW"]},
    "site power with a PUE": {"site": ["power <= 45kW", "pue = 1.3"]},
    "margin": {"policy": ["margin >= 1dB"]},
    "watts": {"rules": ["require power.optics <= 100W"]},
    "watts below": {"rules": ["require power.optics < 100W"]},
    "watts and medium": {"up": ["medium = singlemode"], "rules": ["require power.optics <= 900W"]},
    "metres": {"rules": ["require cables.length <= 10m"]},
    "metres and length": {"up": ["length = 20m"], "rules": ["require cables.length <= 400m"]},
    "spines": {"fabric": ["require spine.count >= 9"], "rules": ["require power.optics <= 5kW"]},
    "SKUs and both media": {
        "down": ["medium = multimode"],
        "up": ["medium = singlemode"],
        "policy": ["optic_skus <= 2"],
    },
    "SKUs, medium and length": {
        "down": ["medium = multimode"],
        "up": ["length = 80m"],
        "policy": ["optic_skus <= 2"],
    },
    "watts, medium and length": {
        "down": ["medium = singlemode"],
        "up": ["length = 80m"],
        "rules": ["require power.optics <= 1kW"],
    },
    "a bystander": {"up": ["length = 60m", "module = mma4z00-ns"], "policy": ["optic_skus <= 2"]},
}


def written(case: dict[str, list[str]]) -> str:
    text = DESIGN
    for place in ("site", "rack", "down", "up", "policy", "fabric", "rules"):
        text = text.replace(f"@{place}\n", "\n      ".join(case.get(place, [])) + "\n")
    return text


def errors(result: Result) -> list[Diagnostic]:
    return [each for each in result.diagnostics if each.severity == "error"]


def compiles(text: str) -> bool:
    return not errors(check_text(text))


def applied(text: str, edits: tuple[Edit, ...]) -> str:
    for edit in sorted(edits, key=lambda each: -each.span.start):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def labelled(found: Diagnostic) -> list[Label]:
    return [] if found.primary is None else [found.primary, *found.secondary]


def without(text: str, lines: list[str]) -> str:
    """Remove statements from a design."""
    for line in lines:
        assert text.count(f"{line}\n") == 1
        text = text.replace(f"{line}\n", "\n")
    return text


def named(result: Result, found: Diagnostic, planted: list[str]) -> list[str]:
    """Return the planted statements that an error's labels stand on; there are no labels beside them."""
    texts = dict.fromkeys(result.sources.slice(label.span) for label in labelled(found))
    lines = [next((line for line in planted if text in line), text) for text in texts]
    assert set(lines) <= set(planted)
    return lines


def test_the_design_itself_compiles() -> None:
    assert errors(check_text(written({}))) == []


@pytest.mark.parametrize("name", CASES)
def test_one_error_names_a_minimal_set(name: str) -> None:
    text = written(CASES[name])
    result = check_text(text)
    found = errors(result)
    assert len(found) == 1, [each.message for each in found]
    planted = [line for lines in CASES[name].values() for line in lines]
    core = named(result, found[0], planted)
    assert core
    for line in core:
        assert compiles(without(text, [line])), line
    bystanders = [line for line in planted if line not in core and not line.startswith("pue")]
    assert not compiles(without(text, bystanders))


@pytest.mark.parametrize("name", CASES)
def test_every_edit_offered_makes_the_whole_design_compile(name: str) -> None:
    text = written(CASES[name])
    for found in errors(check_text(text)):
        for offer in found.fixes:
            if offer.edits:
                assert compiles(applied(text, offer.edits)), offer.title


def test_a_requirement_on_sizes_is_told_with_the_number_that_stands_against_it() -> None:
    found = errors(check_text(text := written({"fabric": ["require hops(compute) <= 2"]})))
    assert [label.text for label in labelled(found[0])] == [
        "required: hops(compute) <= 2",
        "`count` of tier `leaf` must be 2",
    ]
    assert [(fix.title, fix.price) for fix in found[0].fixes] == [
        ("set `count` of tier `leaf` to 1", "cheapest: 2 switches, 547.2 W of optics, 2 optic SKUs, 336 m of cable"),
        ("raise the limit to 3", "+1 switch"),
    ]
    assert all(compiles(applied(text, fix.edits)) for fix in found[0].fixes)


# ------------------------------------------------------------------ several conflicts, and what is told of them


def told(case: dict[str, list[str]]) -> list[str]:
    return [each.message for each in errors(check_text(written(case)))]


def test_independent_limits_are_told_apart_with_figures_and_their_first_fixes_together_compile() -> None:
    case = {"rules": ["require cables.count <= 10", "require cables.length <= 20m"]}
    found = errors(check_text(written(case)))
    assert [each.message for each in found] == [
        "`cables.count <= 10` cannot hold: the least possible is 48, 10 allowed (38 short)",
        "`cables.length <= 20m` cannot hold: the least possible is 336 m, 20 m allowed (316 m short)",
    ]
    edits = tuple(edit for each in found for edit in each.fixes[0].edits)
    assert len(edits) == 2
    assert compiles(applied(written(case), edits))


def test_requirements_on_a_derived_count_that_contradict_each_other_are_one_error() -> None:
    case = {"fabric": ["require spine.count >= 9", "require leaf.count >= 1", "require spine.count <= 5"]}
    found = errors(check_text(written(case)))
    assert [each.message for each in found] == [
        "`spine.count >= 9` and `spine.count <= 5` contradict each other: no fabric can meet them together"
    ]
    assert [label.text for label in labelled(found[0])] == ["required: spine.count >= 9", "required: spine.count <= 5"]
    assert found[0].notes == (
        "`spine.count >= 9` fails here: it is 1, 9 required",
        "`spine.count <= 5` holds here: it is 1, 5 allowed",
    )
    assert found[0].fixes == ()


def test_a_strict_limit_is_raised_beyond_what_is_possible() -> None:
    case = {"fabric": ["require spine.count < 1"]}
    found = errors(check_text(written(case)))
    assert [fix.title for fix in found[0].fixes] == ["raise the limit to 2"]


def test_the_headline_gives_the_length_that_the_link_needs() -> None:
    message = told({"up": ["length = 700m"]})[0]
    assert message.startswith(
        "nothing serves `compute: leaf -- spine`: mfp7e30 is sold up to 150 m, the longest link needs 700 m (32 links;"
    )


def test_a_margin_that_stops_two_segments_is_one_error_with_a_margin_that_suits_both() -> None:
    text = written({"policy": ["margin >= 1dB"], "up": ["medium = multimode"]})
    found = errors(check_text(text))
    assert len(found) == 1
    assert "the same stops `compute: leaf -- spine`" in found[0].notes


def test_the_classes_of_one_segment_are_one_error() -> None:
    """Links inside a rack and between racks are two classes; a stated length is wrong for both."""
    one_rack = "tier spine { model = qm9700, place { at = home.h1.a.net } }"
    assert one_rack in DESIGN
    apart = "tier spine { model = qm9700, count = 2, place { at = [home.h1.a.net, home.h1.a.gpu], per_rack = 3 } }"
    text = written({"up": ["length = 180m"]}).replace(one_rack, apart)
    found = errors(check_text(text))
    assert len(found) == 1
    assert all(compiles(applied(text, fix.edits)) for fix in found[0].fixes)


def test_a_rate_that_nothing_runs_is_one_error_for_both_classes_of_its_segment() -> None:
    text = EXAMPLE_800G
    found = errors(check_text(text))
    assert len(found) == 1
    assert found[0].message.startswith(
        "no optic in the catalogue fits `backend: leaf -- spine (between racks)` and "
        "`backend: leaf -- spine (same rack)` at 800 Gbps: "
    )


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ("cables.count <= 10", "it is 48, 10 wanted, and no choice of parts can meet it (it is at least 48)"),
        (
            "power.optics <= 100W",
            "it is 547.2 W, 100 W wanted, and no choice of parts can meet it (it is at least 547.2 W)",
        ),
    ],
)
def test_a_preference_that_no_parts_can_meet_says_so(wish: str, words: str) -> None:
    result = check_text(written({"rules": [f"prefer {wish} {{ weight = 1 }}"]}))
    assert [each.message for each in result.diagnostics if each.name == "preference-not-met"] == [
        f"preference `{wish}` is not met: {words}"
    ]


def test_a_preference_that_something_else_stands_against_is_told_apart() -> None:
    case = {"up": ["medium = singlemode"], "rules": ["prefer power.optics <= 600W { weight = 1 }"]}
    result = check_text(written(case))
    assert [each.message for each in result.diagnostics if each.name == "preference-not-met"] == [
        "preference `power.optics <= 600W` is not met: it is 1.088 kW, 600 W wanted, "
        "and every choice that meets it breaks something more important"
    ]
