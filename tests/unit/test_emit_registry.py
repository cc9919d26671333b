"""Choosing and running emitters, those of other distributions included."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from optidsl.diag import Diagnostic, Sink
from optidsl.emit import Emitter, emit_all, emitter_names, registry
from optidsl.plan.model import Plan
from tests.support.plans import ethernet_clos, infiniband_rails

BUILT_IN = [
    *("bom", "cabling", "circuits", "containerlab", "dot", "frr", "gnpy", "infiniband", "report", "simgrid", "sonic"),
]


class Inventory:
    """A well-behaved emitter of somebody else."""

    name = "inventory"
    title = "an inventory"
    path = "inventory/all.txt"

    def applies(self, plan: Plan) -> bool:
        return bool(plan.groups)

    def emit(self, plan: Plan) -> Iterator[tuple[str, str]]:
        yield self.path, "\n".join(plan.devices.name)


class Escaping(Inventory):
    path = "../inventory.txt"


class Reserved(Inventory):
    path = "plan.json"


class TwoLines(Inventory):
    path = "inventory\n.txt"


class Clashing(Inventory):
    path = "bom/bom.csv"


class Raising(Inventory):
    def emit(self, plan: Plan) -> Iterator[tuple[str, str]]:
        yield "inventory/some.txt", ""
        raise KeyError("racks")


class Idle(Inventory):
    def applies(self, plan: Plan) -> bool:
        return False


NOT_AN_EMITTER = 7


class Distribution:
    name, version = "acme-tools", "1.2"


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Entry points of one distribution; nothing else is installed."""
    here = __name__
    classes = (Inventory, Escaping, Reserved, TwoLines, Clashing, Raising, Idle)
    objects = {each.__name__.lower(): f"{here}:{each.__name__}" for each in classes}
    objects |= {"number": f"{here}:NOT_AN_EMITTER", "absent": "acme_tools_that_nobody_has:Emitter"}
    points = [EntryPoint(name, value, registry.GROUP) for name, value in objects.items()]
    for point in points:
        vars(point)["dist"] = Distribution()

    def entry_points(*, group: str, name: str | None = None) -> list[EntryPoint]:
        assert group == registry.GROUP
        return [point for point in points if name in (None, point.name)]

    monkeypatch.setattr(registry, "entry_points", entry_points)


def run(*names: str) -> tuple[dict[str, str], list[Diagnostic]]:
    sink = Sink()
    return emit_all(ethernet_clos(), names, sink), sink.sorted()


def test_every_built_in_is_an_emitter_with_a_docstring_that_says_what_it_reads_and_makes() -> None:
    for emitter in registry.BUILT_IN:
        assert isinstance(emitter, Emitter)
        text = type(emitter).__doc__ or ""
        assert "Reads:" in text, emitter.name
        assert "Makes" in text, emitter.name


def test_without_names_every_built_in_that_applies_runs_and_nothing_is_said() -> None:
    sink = Sink()
    files = emit_all(infiniband_rails(), None, sink)
    assert sink.sorted() == []
    assert list(files) == sorted(files)
    assert {path.split("/")[0] for path in files} == {"bom", "cabling", "infiniband", "report", "simulators"}


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert emit_all(ethernet_clos(), None, Sink()) == emit_all(ethernet_clos(), None, Sink())


def test_the_hash_seed_changes_nothing() -> None:
    script = (
        "from hashlib import sha256; from optidsl.diag import Sink; from optidsl.emit import emit_all;"
        "from tests.support.plans import ethernet_clos, infiniband_rails;"
        "plans = [ethernet_clos('numbered'), infiniband_rails()];"
        "print(sha256(repr([emit_all(plan, None, Sink()) for plan in plans]).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).resolve().parents[2],
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_every_format_with_comments_names_the_design_at_its_head() -> None:
    files = emit_all(ethernet_clos(), None, Sink()) | emit_all(infiniband_rails(), None, Sink())
    for path, text in files.items():
        if not path.endswith((".csv", ".json")):
            assert "generated from small by optidsl, edit the .optd" in text[:200], path


def test_named_emitters_run_once_each() -> None:
    files, diagnostics = run("bom", "report", "bom")
    assert list(files) == ["bom/bom.csv", "report/summary.md"]
    assert diagnostics == []


def test_an_unknown_name_gets_the_nearest_ones(installed: None) -> None:
    files, (found,) = run("cabeling", "bom")
    assert list(files) == ["bom/bom.csv"]
    assert (found.name, found.severity) == ("unknown-emitter", "error")
    assert found.message == "there is no emitter `cabeling` (did you mean `cabling`?)"
    assert found.helps == (f"the emitters are {', '.join(emitter_names())}",)


def test_installed_names_are_listed_without_being_loaded(installed: None) -> None:
    others = ["absent", "clashing", "escaping", "idle", "inventory", "number", "raising", "reserved", "twolines"]
    assert emitter_names() == sorted(BUILT_IN + others)


def test_a_built_in_that_has_nothing_to_write_says_so_when_named() -> None:
    files, (found,) = run("infiniband")
    assert files == {}
    assert (found.name, found.severity) == ("emitter-not-applicable", "warning")
    assert found.message == (
        "emitter `infiniband` was asked for and writes nothing: "
        "the plan holds nothing for files of InfiniBand subnet managers"
    )
    assert found.notes == ("the fabrics of the plan: compute (ethernet)",)


def test_an_emitter_of_another_distribution_runs_when_named(installed: None) -> None:
    files, diagnostics = run("inventory")
    assert diagnostics == []
    assert files["inventory/all.txt"].startswith("gpu-001\n")
    assert "inventory/all.txt" not in emit_all(ethernet_clos(), None, Sink())


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("absent", "cannot be loaded: ModuleNotFoundError: No module named 'acme_tools_that_nobody_has'"),
        ("number", "is no emitter: one has a name, a title, applies(plan) and emit(plan)"),
        (
            "twolines",
            "yields the path `'inventory\\n.txt'`, which is reserved or not below the output folder, or no text",
        ),
        ("reserved", "yields the path `plan.json`, which is reserved or not below the output folder, or no text"),
        ("raising", "failed: KeyError: 'racks'"),
        (
            "escaping",
            "yields the path `../inventory.txt`, which is reserved or not below the output folder, or no text",
        ),
    ],
)
def test_a_broken_emitter_is_told_with_its_distribution_and_version(installed: None, name: str, what: str) -> None:
    files, (found,) = run("bom", name)
    assert list(files) == ["bom/bom.csv"]
    assert (found.name, found.severity) == ("emitter-failed", "error")
    assert found.message == f"emitter `{name}` of acme-tools 1.2 {what}"


def test_an_installed_emitter_that_has_nothing_to_write_says_so(installed: None) -> None:
    files, (found,) = run("idle")
    assert files == {}
    assert found.name == "emitter-not-applicable"


def test_two_emitters_of_one_path_clash(installed: None) -> None:
    _, (found,) = run("bom", "clashing")
    assert (found.name, found.severity) == ("artefact-clash", "error")
    assert found.message == ("emitters `bom` and `inventory` both write bom/bom.csv; every artefact has one maker")
