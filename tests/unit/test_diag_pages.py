"""Every diagnostic name that the code can emit has a page, and every page belongs to a name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from optidsl.diag import pages

ROOT = Path(__file__).resolve().parents[2] / "optidsl"
HEADINGS = ["## What it means", "## Why it matters", "## Example", "## How to fix it"]
# Names are kebab-case string literals; a page whose name never occurs in the code is dead.
LITERAL = re.compile(r"\"([a-z0-9]+(?:-[a-z0-9]+)+)\"")
EMITTED = re.compile(r"(?:\.error|\.warning|UnitError|Diagnostic)\(\s*\"([a-z0-9-]+)\"")
# A name of one word counts where a function or a record that makes a diagnostic takes it first.
MADE = re.compile(r"\b(?:Mistake|Stray|_mistake|_stray)\(\s*\"([a-z0-9-]+)\"")


def _sources() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.rglob("*.py")))


def test_every_emitted_name_has_a_page() -> None:
    emitted = set(EMITTED.findall(_sources()))
    assert emitted
    assert sorted(emitted - set(pages.names())) == []


def test_every_page_is_emitted_somewhere() -> None:
    literals = set(LITERAL.findall(_sources())) | set(EMITTED.findall(_sources())) | set(MADE.findall(_sources()))
    assert sorted(set(pages.names()) - literals) == []


@pytest.mark.parametrize("name", pages.names())
def test_page_has_its_parts(name: str) -> None:
    text = pages.page(name)
    assert text is not None
    assert text.startswith(f"# {name}\n")
    assert pages.summary(name)
    for heading in HEADINGS:
        assert f"\n{heading}\n" in text, f"{name}: {heading}"
    assert "```" in text


def test_unknown_and_hostile_names_have_no_page() -> None:
    assert pages.page("no-such-name") is None
    assert pages.page("../model") is None
