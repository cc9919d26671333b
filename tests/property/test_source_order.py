"""The order of files, blocks and keys changes no byte of any artefact or of the lock, where it has no meaning."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import pytest

from optidsl import api
from optidsl._context import Options
from tests.support.compiled import PARTS
from tests.support.shuffled import shuffled
from tests.support.spec_cases import PARTS as SPEC_PARTS
from tests.support.spec_cases import Case, read_cases

TESTS = Path(__file__).resolve().parents[1]
EXAMPLES = sorted((TESTS.parent / "examples").glob("*/design.optd"))
PUBLISHED = [
    path
    for path in sorted((TESTS / "published").glob("*.optd"))
    if "\ndesign " in path.read_text() and path.stem != "errata"  # whose expectations fail, as they should
]
STAND_INS = {
    path.relative_to(TESTS / "published").as_posix(): path.read_text()
    for path in sorted((TESTS / "published").rglob("*.optd"))
    if path not in PUBLISHED
}
CASES = {
    f"{page.stem}: {case.title}": case
    for page in sorted((TESTS / "spec").glob("[0-9]*.md"))
    for case in read_cases(page)
    if "design.optd" in case.files and not any(each.severity == "error" for each in case.expected)
}


def same_in_any_order(files: dict[str, str], seeds: range, case: Case | None = None) -> None:
    """Compile a design as written, then with its files shuffled; a case that does not compile so says nothing."""
    written = made(files, case)
    if written.plan is None and case is not None:
        return
    assert written.plan is not None, [each.message for each in written.diagnostics]
    for seed in seeds:
        again = made({name: shuffled(text, seed) for name, text in files.items()}, case)
        assert again.plan is not None, [each.message for each in again.diagnostics]
        paths = sorted({*written.files, *again.files})
        assert [path for path in paths if written.files.get(path) != again.files.get(path)] == []
        assert again.lock_text == written.lock_text


def made(files: dict[str, str], case: Case | None) -> api.Result:
    options = Options()
    if case is not None:
        options.environment, options.params = case.options.environment, dict(case.options.params)
    others = {name: text for name, text in files.items() if name != "design.optd"}
    return api.compile_text(files["design.optd"], others=others, options=options)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_examples(path: Path) -> None:
    same_in_any_order({"design.optd": path.read_text()}, range(1, 3))


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_published_designs(path: Path) -> None:
    same_in_any_order({"design.optd": path.read_text(), **STAND_INS}, range(1, 2))


@pytest.mark.parametrize("name", CASES)
def test_cases_of_the_reference(name: str) -> None:
    case = CASES[name]
    same_in_any_order({"parts.optd": SPEC_PARTS.read_text(), **case.files}, range(1, 3), case)


# ------------------------------------------------------------------ random designs

GROUP = """  node {name}[{keys}] {{ model = box, place {{ at = [s.h.r.one, s.h.r.two], per_rack = 20 }} }}
"""
FABRIC = """  fabric {name} {{
    kind      = clos
    protocol  = ethernet
    endpoints = {endpoints}
    oversubscription <= 3:1
    tier leaf  {{ model = {model}, down = {down}, place {{ at = s.h.r.net }} }}
    tier spine {{ model = {model}, place {{ at = s.h.r.net }} }}
    connect leaf -- spine     {{ length <= 40m }}
    connect endpoints -- leaf {{ length <= 50m, connections = 2 }}
    require leaf.count <= 64
    require {name}-hops: hops({name}) <= 3
  }}
"""


@cache
def random_design(seed: int) -> dict[str, str]:
    """Return a design of several groups of nodes and fabrics in the same racks, over two files of parts."""
    turn = random.Random(seed)
    groups = turn.sample(["gpu", "store", "login", "zeta", "alpha"], turn.randint(2, 4))
    body = ""
    for group in groups:
        last = turn.randint(2, 9)
        keys = f"[k for k in 1..{last + 1} if k != {turn.randint(1, last)}]" if turn.random() < 0.4 else f"1..{last}"
        body += GROUP.format(name=group, keys=keys)
    names = turn.sample(["west", "east", "mid"], min(len(groups), turn.randint(1, 2)))
    for at, name in enumerate(names):
        endpoints = " + ".join(f"{group}.nic.compute" for group in groups[at :: len(names)])
        body += FABRIC.format(name=name, endpoints=endpoints, model="sw", down=turn.choice([4, 8]))
    mode = turn.choice(["numbered", "unnumbered"])
    return {
        "design.optd": f"""optd 1
use "./ours.optd" {{ box }}
use "./more.optd" {{ sw }}
design d {{
  param spare: Int in 0..4 = {turn.randint(0, 4)}
  param title-number: Int in 0..9 = 3
  let height = 40 + spare
  title = "number {{title-number}}"
  site s {{
    hall h {{
      row_pitch = 3m, rack_pitch = 0.6m
      tray {{ drop = 1m, slack = 5% }}
      row r {{
        rack one {{ units = 48U }}
        rack two {{ units = 48U }}
        rack net[1..2] {{ units = 1U * height }}
      }}
    }}
  }}
{body}
  addressing {{ mode = {mode}, mtu = 9100 }}
  naming {{ switch = "{{fabric}}-{{tier}}{{index:03}}", node = "{{node}}-{{key}}" }}
  policy {{ optic_skus <= 4, cable_skus <= 9 }}
  minimize power.optics
  minimize cables.length
}}
""",
        "ours.optd": parts("server_model box"),
        "more.optd": parts("switch_model sw", "transceiver dr", "fiber_cable jumper", "direct_cable copper", *OTHERS),
    }


OTHERS = ("fiber_grade glass", "connector mpo-7-apc")


def parts(*wanted: str) -> str:
    """Return a file with some of the parts."""
    text = PARTS.replace("NIC", "").replace("MODULE", "").replace("SWITCH", "")
    blocks = ["\n".join(each) for each in _blocks(text.splitlines())]
    return "optd 1\n\n" + "\n".join(each for each in blocks if each.startswith(wanted))


def _blocks(lines: list[str]) -> list[list[str]]:
    found: list[list[str]] = []
    for line in lines[1:]:
        if line and line[0] not in " }":
            found.append([])
        if found:
            found[-1].append(line)
    return found


@pytest.mark.parametrize("seed", range(8))
def test_random_designs(seed: int) -> None:
    files = random_design(seed)
    same_in_any_order(files, range(1, 3))
