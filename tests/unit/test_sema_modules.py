"""Modules: what is read, what is kept, and what does not cost anything."""

from __future__ import annotations

import hashlib
import pickle
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable

import pytest

from optidsl.modules import IMPLICIT_MODULES, load_standard, resolve
from optidsl.sema import elaborate, opening
from optidsl.sema.design import Design
from optidsl.syntax import nodes
from tests.support.programs import Bytes, MemoryLoader, context_of, design_of

LIBRARY = "optd 1\nlet width = 60cm\n"
DESIGN = 'optd 1\nuse "./lib/a.optd" { width }\ndesign d { assert width == 60cm }\n'


def test_only_used_files_are_read() -> None:
    context = context_of({"design.optd": DESIGN, "lib/a.optd": LIBRARY, "lib/b.optd": "nonsense ("})
    program = resolve("design.optd", context)
    assert program is not None
    assert isinstance(context.loader, MemoryLoader)
    assert set(context.loader.reads) == {"design.optd", "lib/a.optd"}


def test_program_lists_its_own_files_with_hashes() -> None:
    program = resolve("design.optd", context_of({"design.optd": DESIGN, "lib/a.optd": LIBRARY}))
    assert program is not None
    assert [(source.path, source.text) for source in program.sources] == [
        ("lib/a.optd", LIBRARY),
        ("design.optd", DESIGN),
    ]
    assert program.sources[0].digest == hashlib.blake2b(LIBRARY.encode(), digest_size=32).hexdigest()
    assert program.root is program.modules[-1]


def test_modules_come_before_what_uses_them() -> None:
    program = resolve("design.optd", context_of({"design.optd": DESIGN, "lib/a.optd": LIBRARY}))
    assert program is not None
    position = {module.name: index for index, module in enumerate(program.modules)}
    for module in program.modules:
        assert all(position[use.target.name] < position[module.name] for use in module.uses)


def test_candidates_of_the_library_are_there_without_a_use() -> None:
    context = context_of({"design.optd": "optd 1\ndesign d { }\n"})
    program = resolve("design.optd", context)
    assert program is not None
    assert set(IMPLICIT_MODULES) <= {*program.implicit, *(module.name for module in program.modules)}
    design = elaborate(program, context)
    assert design is not None
    assert design.catalog.transceivers
    assert design.catalog.fiber_cables
    assert not design.catalog.switches, "boxes are the author's choice"


def _design_with(cache: Bytes, files: dict[str, str]) -> Design:
    """Elaborate as a new process does: with what the cache keeps, and nothing in memory."""
    opening._open_standard.cache_clear()
    context = context_of(files)
    context.parse_cache = cache
    program = resolve("design.optd", context)
    assert program is not None
    design = elaborate(program, context)
    assert design is not None
    return design


def test_parse_cache_is_asked_and_changes_nothing() -> None:
    cache = Bytes()
    files = {"design.optd": DESIGN, "lib/a.optd": LIBRARY}
    first = _design_with(cache, files)
    names = set(cache.kept)
    cache.asked.clear()
    second = _design_with(cache, files)
    assert first == second
    assert cache.hits == len(cache.asked), "everything asked for is there"
    assert set(cache.kept) == names
    kinds = Counter(key.partition("-")[0] for key in cache.asked)
    assert kinds["ast"] == 2, "the design's two files, no other module"
    assert kinds["parts"] == 1, "those of every module that no file uses"


def test_what_implicit_modules_use_is_implicit_too() -> None:
    for name in IMPLICIT_MODULES:
        used = load_standard(name, context_of({}))
        assert used is not None
        named = {".".join(item.module) for item in used.tree.items if isinstance(item, nodes.Use)}
        assert named <= set(IMPLICIT_MODULES)


def test_a_use_of_what_an_implicit_module_uses_gives_no_part_twice() -> None:
    """The parts kept for one design are not those that another, which names one of these modules, still lacks."""
    cache = Bytes()
    plain = {"design.optd": "optd 1\ndesign d { }\n"}
    named = {"design.optd": "optd 1\nuse std.optics-generic { zk-osfp-800g-sr8 }\ndesign d { }\n"}
    first = _design_with(cache, plain)
    second = _design_with(cache, named)
    assert set(second.catalog.transceivers) == set(first.catalog.transceivers)
    assert _design_with(cache, plain) == first


def _without_what_was_given(value: bytes) -> bytes:
    return value[: len(value) // 2]


def _of_another_kind(value: bytes) -> bytes:
    return pickle.dumps(("no", "parts"))


def _hostile(value: bytes) -> bytes:
    return b"cos\nsystem\n(S'exit 1'\ntR."


@pytest.mark.parametrize("damage", [_without_what_was_given, _of_another_kind, _hostile, lambda value: b""])
def test_damaged_kept_parts_cost_only_time(damage: Callable[[bytes], bytes]) -> None:
    cache = Bytes()
    files = {"design.optd": DESIGN, "lib/a.optd": LIBRARY}
    first = _design_with(cache, files)
    whole = dict(cache.kept)
    cache.kept = {key: damage(value) if key.startswith("parts-") else value for key, value in whole.items()}
    assert cache.kept != whole
    assert _design_with(cache, files) == first
    assert cache.kept.keys() == whole.keys()
    assert all(cache.kept[key] != damage(whole[key]) for key in whole if key.startswith("parts-")), "kept again, whole"


def test_a_damaged_cache_costs_only_time() -> None:
    cache = Bytes()
    files = {"design.optd": DESIGN, "lib/a.optd": LIBRARY}
    context = context_of(files)
    context.parse_cache = cache
    assert resolve("design.optd", context) is not None
    cache.kept = {key: value[: len(value) // 2] for key, value in cache.kept.items()}
    context = context_of(files)
    context.parse_cache = cache
    program = resolve("design.optd", context)
    assert program is not None
    assert elaborate(program, context) is not None


def test_a_file_with_warnings_is_not_kept() -> None:
    cache = Bytes()
    for _ in range(2):
        context = context_of({"design.optd": 'optd 1\ndesign d { title = "a" owner = "b" }\n'})
        context.parse_cache = cache
        resolve("design.optd", context)
        assert [diagnostic.severity for diagnostic in context.sink.sorted()] == ["warning"]


def test_missing_root() -> None:
    context = context_of({})
    assert resolve("design.optd", context) is None
    assert [d.message for d in context.sink.sorted()] == ["there is no file `design.optd`"]


def test_paths_are_relative_to_the_file_that_uses_them() -> None:
    files = {
        "design.optd": 'optd 1\nuse "./lib/a.optd" { a }\ndesign d { assert a == 3 }\n',
        "lib/a.optd": 'optd 1\nuse "../common/b.optd" { b }\nlet a = b + 1\n',
        "common/b.optd": "optd 1\nlet b = 2\n",
    }
    context = context_of(files)
    program = resolve("design.optd", context)
    assert program is not None
    assert elaborate(program, context) is not None


def test_large_families_cost_nothing_per_member() -> None:
    body = "node gpu[1..{n}] {{ model = box }}\nassert len(gpu) == {n}"
    design_of(body.format(n=8), uses="box")
    begin = time.process_time()
    design = design_of(body.format(n=100_000), uses="box")
    assert len(design.nodes) == 1
    assert time.process_time() - begin < 0.5


def test_no_heavy_library_is_imported() -> None:
    heavy = ["numpy", "pydantic", "networkx", "z3", "lark", "jinja2"]
    code = f"import sys, optidsl.sema, optidsl.modules; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
