"""What `optidsl plan` says of four changes of a small cluster, byte for byte.

Update with `pytest tests/golden/test_plan_diff.py --update-goldens`; review the diff like any other.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from optidsl.cli.main import main

FOLDER = Path(__file__).parent / "plan_diff"
CHANGES: dict[str, list[tuple[str, str]]] = {
    "two-spines": [("param spines: Int in 1..16 = 4", "param spines: Int in 1..16 = 6")],
    "one-leaf": [("param leaves: Int in 2..64 = 12", "param leaves: Int in 2..64 = 13")],
    "rename": [("fabric compute {", "fabric backend {"), ("hops(compute)", "hops(backend)")],
    "other-module": [("minimize power.optics", "policy { media in [singlemode, dac] }\n\n  minimize power.optics")],
}

pytestmark = pytest.mark.golden


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the design before any change, compiled."""
    folder = tmp_path_factory.mktemp("base")
    (folder / "design.optd").write_text((FOLDER / "design.optd").read_text(encoding="utf-8"), encoding="utf-8")
    assert main(["compile", str(folder / "design.optd")]) == 0
    return folder


@pytest.mark.parametrize("form", ["text", "md"])
@pytest.mark.parametrize("name", sorted(CHANGES))
def test_change(name: str, form: str, base: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    text = (FOLDER / "design.optd").read_text(encoding="utf-8")
    for old, new in CHANGES[name]:
        assert old in text
        text = text.replace(old, new)
    design, out = tmp_path / "design.optd", tmp_path / "out"
    design.write_text(text, encoding="utf-8")
    if name != "other-module":  # a pinned part stays as long as it can
        (tmp_path / "optidsl.lock").write_text((base / "optidsl.lock").read_text(encoding="utf-8"), encoding="utf-8")
    assert main(["plan", str(design), str(base), "--format", form, "--out", str(out)]) == 0
    golden = FOLDER / f"{name}.{'txt' if form == 'text' else form}"
    if request.config.getoption("--update-goldens"):
        golden.write_text(out.read_text(encoding="utf-8"), encoding="utf-8")
    assert out.read_text(encoding="utf-8") == golden.read_text(encoding="utf-8")
