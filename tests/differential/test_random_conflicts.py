"""Random small designs: every conflict that is told is minimal, and every way out that can be written compiles.

A design is a base that compiles, with random statements planted in it, a line each. The statements that an error marks
must conflict by themselves (planted alone, they give an error) and without any one of them the others must compile.
Where parts are the matter, the network is given: the sizes and lengths that are stated stay as they are.
"""

from __future__ import annotations

import random
from itertools import chain

import pytest

from optidsl.api import Result, check_text
from optidsl.diag import Diagnostic
from tests.differential.test_explanations import applied, errors, labelled

BASE = """optd 1

use std.servers  { dgx-h100 }
use std.switches { qm9700 }
use std.optics   { mma4z00-ns, mms4x00-nm, mms4x00-ns }

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
    @ratio
    tier leaf {
      model = qm9700
      @leaf
      place { at = home.h1.a.net }
    }
    tier spine {
      model = qm9700
      @spine
      place { at = home.h1.a.net }
    }
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
PLACES = ("site", "rack", "ratio", "leaf", "spine", "down", "up", "fabric", "policy", "rules")
MEDIA = ("multimode", "singlemode", "dac", "aec", "acc")
MODULES = ("mma4z00-ns", "mms4x00-nm", "mms4x00-ns")

Line = tuple[str, str]
"""Where a statement is planted, and its text."""


def some(rng: random.Random, words: tuple[str, ...]) -> str:
    return ", ".join(sorted(rng.sample(words, rng.randint(1, 2))))


def link_lines(rng: random.Random, place: str) -> list[Line]:
    """Return statements on the links of a connect, at most one of a kind."""
    lengths = (3, 8, 20, 45, 60, 80, 120, 180, 600, 1_500)
    found = [(place, f"length = {rng.choice(lengths)}m")] if rng.random() < 0.5 else []
    if rng.random() < 0.4:
        found.append(
            (place, f"medium in [{some(rng, MEDIA)}]" if rng.random() < 0.5 else f"medium = {rng.choice(MEDIA)}")
        )
    elif rng.random() < 0.2 and place == "up":
        found.append((place, f"module in [{rng.choice(MODULES)}]"))
    return found


def planted(rng: random.Random) -> list[Line]:
    """Return random statements, more often than not in contradiction."""
    pool: list[Line] = [
        ("site", f"power <= {rng.choice((42, 44, 46, 50))}kW"),
        ("rack", f"power <= {rng.choice((20, 21, 22, 30))}kW"),
        ("policy", f"optic_skus <= {rng.randint(1, 3)}"),
        ("policy", f"cable_skus <= {rng.randint(1, 4)}"),
        ("policy", f"media in [{some(rng, MEDIA)}]"),
        ("policy", f"grades in [{some(rng, ('om3', 'om4', 'os2'))}]"),
        ("policy", f"form_factors in [{some(rng, ('osfp', 'osfp-rhs', 'qsfp112'))}]"),
        ("policy", f"margin >= {rng.choice(('0.2', '0.5', '1', '1.5'))}dB"),
        ("rules", f"require power.optics <= {rng.choice((100, 400, 600, 900))}W"),
        ("rules", f"require cables.length <= {rng.choice((50, 200, 400, 1000))}m"),
        ("rules", f"require cables.count <= {rng.choice((10, 40, 100))}"),
        ("rules", f"require bom.optics.skus <= {rng.randint(1, 3)}"),
        ("ratio", f"oversubscription = {rng.choice(('1:1', '2:1', '3:1'))}"),
        ("leaf", f"count = {rng.randint(1, 4)}"),
        ("leaf", f"down = {rng.choice((8, 16, 24, 32, 40))}"),
        ("spine", f"count = {rng.randint(1, 5)}"),
        ("fabric", f"require spine.count >= {rng.randint(1, 4)}"),
        ("fabric", f"require compute.leaf.count <= {rng.randint(1, 3)}"),
    ]
    lines = [*rng.sample(pool, rng.randint(1, 4)), *link_lines(rng, "up")]
    lines += link_lines(rng, "down") if rng.random() < 0.3 else []
    kinds = {(place, text.split()[0] if place != "rules" else text): (place, text) for place, text in lines}
    return [kinds[key] for key in sorted(kinds)]


def text_of(lines: list[Line]) -> str:
    text = BASE
    for place in PLACES:
        text = text.replace(f"@{place}\n", "\n    ".join(line for where, line in lines if where == place) + "\n")
    return text


def checked(lines: list[Line]) -> Result:
    return check_text(text_of(lines))


def marked(result: Result, found: Diagnostic, lines: list[Line]) -> list[Line]:
    """Return the planted statements that an error marks."""
    starts = {label.span.start for label in labelled(found)}
    text = result.sources[0].text
    where: dict[int, Line] = {}
    at = 0
    for place in PLACES:
        for line in (each for each in lines if each[0] == place):
            at = text.index(line[1], at + 1)
            where[at] = line
    return [line for start, line in where.items() if any(start <= each < start + len(line[1]) for each in starts)]


def relaxed(line: Line) -> list[list[Line]]:
    """Return what may stand in the place of a statement that is taken away: a ratio is at most 1:1 by default."""
    if line[0] != "ratio":
        return [[]]
    return [[("ratio", f"oversubscription <= {limit}")] for limit in ("2:1", "4:1", "8:1", "16:1", "64:1")]


SIZES = ("ratio", "leaf", "spine")


def given(core: list[Line], others: list[Line]) -> list[Line]:
    """Return what of other statements makes the network in which a conflict of parts stands."""
    if any(place in SIZES for place, _ in core):
        return []
    return [each for each in others if each[0] in SIZES or each[1].startswith("length")]


def is_told(core: list[Line], lines: list[Line]) -> bool:
    """Tell whether an error marks some of these statements."""
    result = checked(lines)
    return any(set(marked(result, found, lines)) & set(core) for found in errors(result))


def vanishes(core: list[Line], lines: list[Line]) -> bool:
    """Tell whether nothing that is told of other lines is told of members of a conflict alone."""
    result = checked(lines)
    return not any(set(marked(result, found, lines)) <= set(core) for found in errors(result))


def judge(lines: list[Line]) -> int:
    """Check everything that is told of a design; return how many conflicts there were."""
    result = checked(lines)
    told = errors(result)
    cores = [marked(result, found, lines) for found in told]
    members = list(chain(*cores))
    assert len(set(members)) == len(members), (lines, [each.message for each in told])
    for found, core in zip(told, cores, strict=True):
        assert core, (lines, found.message)
        network = given(core, [line for line in lines if line not in core])
        assert is_told(core, [*core, *network]), (core, network, found.message)
        for each in core:
            rest = [*network, *(line for line in core if line is not each)]
            assert any(vanishes(core, [*rest, *other]) for other in relaxed(each)), (rest, each, found.message)
        for fix in found.fixes:
            assert fix.price, (lines, fix.title)
            if fix.edits:
                after = errors(check_text(applied(result.sources[0].text, fix.edits)))
                assert len(after) == len(told) - 1, (lines, fix.title, [one.message for one in after])
    return len(told)


@pytest.mark.parametrize("block", range(10))
def test_every_conflict_is_minimal_and_every_way_out_compiles(block: int) -> None:
    conflicts = sum(judge(planted(random.Random(1_000 * block + seed))) for seed in range(21))
    assert conflicts >= 8
