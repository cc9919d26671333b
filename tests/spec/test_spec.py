"""The language reference holds: every case gives exactly the diagnostics it states."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.spec_cases import Case, compile_case, read_cases

FOLDER = Path(__file__).resolve().parent
PAGES = FOLDER.parent.parent / "optidsl" / "diag" / "pages"
CASES = [
    pytest.param(case, id=f"{page.stem}: {case.title}")
    for page in sorted(FOLDER.glob("*.md"))
    for case in read_cases(page)
]


@pytest.mark.parametrize("case", CASES)
def test_case(case: Case) -> None:
    _, found = compile_case(case)
    assert [str(finding) for finding in sorted(found)] == [str(finding) for finding in sorted(case.expected)]


def test_reference_is_broad() -> None:
    cases: list[Case] = [param.values[0] for param in CASES]  # type: ignore[misc]
    wrong = [case for case in cases if any(finding.severity == "error" for finding in case.expected)]
    assert len(cases) >= 100
    assert len(wrong) >= 60


def test_every_diagnostic_of_the_reference_has_a_page() -> None:
    cases: list[Case] = [param.values[0] for param in CASES]  # type: ignore[misc]
    names = {finding.name for case in cases for finding in case.expected}
    assert sorted(names - {page.stem for page in PAGES.glob("*.md")}) == []
