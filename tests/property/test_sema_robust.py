"""Damaged programs give diagnostics, never exceptions; whole ones give the same design every time."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from optidsl._context import Context, Options
from tests.support.spec_cases import Case, compile_case, read_cases

SPEC = Path(__file__).resolve().parents[1] / "spec"
CASES = [case for page in sorted(SPEC.glob("*.md")) for case in read_cases(page)]
TOKEN = re.compile(r"[A-Za-z_][\w-]*|\d[\w./%]*|\"[^\"\n]*\"|[^\s\w]")
ROUNDS = 6


def _mutated(text: str, chance: random.Random) -> str:
    """Return a text with one or two tokens removed, doubled, swapped, or replaced by another of the same text."""
    tokens = list(TOKEN.finditer(text))
    if len(tokens) < 4:
        return text
    for _ in range(chance.randint(1, 2)):
        tokens = list(TOKEN.finditer(text))
        first, second = chance.choice(tokens), chance.choice(tokens)
        action = chance.randrange(4)
        if action == 0:
            text = text[: first.start()] + text[first.end() :]
        elif action == 1:
            text = text[: first.end()] + " " + first[0] + text[first.end() :]
        else:
            text = text[: first.start()] + second[0] + text[first.end() :]
    return text


@pytest.mark.parametrize("part", range(8))
def test_damage_gives_diagnostics(part: int) -> None:
    chance = random.Random(part)
    for case in CASES[part::8]:
        for _ in range(ROUNDS):
            files = {name: _mutated(text, chance) for name, text in case.files.items()}
            damaged = Case(case.title, case.line, files, case.first_lines, case.heads, [], case.options)
            design, found = compile_case(damaged)
            assert (design is not None) == all(finding.severity != "error" for finding in found), files


def test_elaboration_repeats() -> None:
    case = next(case for case in CASES if case.title == "A design in full")
    first, second = compile_case(case), compile_case(case)
    assert first == second


def test_order_of_declarations_does_not_matter() -> None:
    from tests.support.programs import design_of

    lines = [
        "let nodes = racks * 4",
        "let racks = 2",
        "node gpu[1..nodes] { model = box }",
        "fabric f { tier leaf { model = sw }, kind = clos, protocol = ethernet, endpoints = gpu.nic.compute }",
    ]
    shapes = set()
    for seed in range(6):
        shuffled = random.Random(seed).sample(lines, len(lines))
        design = design_of("\n".join(shuffled))
        shapes.add((design.nodes[0].keys, design.fabrics[0].kind, design.fabrics[0].tiers[0].name))
    assert len(shapes) == 1


def test_options_are_not_shared() -> None:
    assert Context(CASES[0], Options()).options.params == {}
