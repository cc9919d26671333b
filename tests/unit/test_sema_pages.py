"""The explain pages of the language's own diagnostics show code that gives them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from optidsl.diag import pages
from tests.support.spec_cases import compile_case, read_cases

ROOT = Path(__file__).resolve().parents[2] / "optidsl"
EMITTED = re.compile(r"(?:error|warning)\(\s*\"([a-z0-9-]+)\"")
WITHOUT_EXAMPLE = {
    "file-not-found",  # no text of a file makes the file absent
    "division-by-zero",  # the page belongs to the units
    "not-positive",
}


def _own_names() -> list[str]:
    texts = [path.read_text(encoding="utf-8") for room in ("sema", "modules") for path in (ROOT / room).glob("*.py")]
    found = {name for text in texts for name in EMITTED.findall(text)} | {"requirement-failed", "assertion-failed"}
    return sorted(found - WITHOUT_EXAMPLE)


@pytest.mark.parametrize("name", _own_names())
def test_example_gives_the_diagnostic(name: str, tmp_path: Path) -> None:
    text = pages.page(name)
    assert text is not None
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    (case,) = [case for case in read_cases(page) if case.title == "Example"]
    case.options.today = date(2027, 1, 20)
    _, found = compile_case(case)
    assert name in {finding.name for finding in found}
