"""Markdown of a difference: fits a comment whatever the size, names every group, shows text as it is."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from optidsl import _record
from optidsl.difference import Difference, markdown_of
from optidsl.difference.markdown import LIMIT
from optidsl.difference.model import (
    BomChange,
    CableChange,
    CableWork,
    Cause,
    End,
    FigureChange,
    GroupChange,
    ModuleWork,
    RecordChange,
    Renumbered,
    RequirementChange,
    Rollout,
    Wave,
    Work,
)
from optidsl.difference.names import by_prefix, folded, listed
from tests.support.differences import clos, compare


def _is_balanced(text: str) -> bool:
    tags = re.findall(r"</?details>", text)
    return tags == ["<details>", "</details>"] * (len(tags) // 2)


# ------------------------------------------------------------------ size


def test_an_expansion_of_ten_thousand_cables_fits_and_names_every_group() -> None:
    found = compare(clos(32, 8, 8, 2), clos(64, 30, 24, 5))
    assert found.work.cables.total > 10_000
    text = markdown_of(found)
    assert len(text) < LIMIT
    assert len(text.splitlines()) < 20_000
    assert "f.leaf, f.spine, server" in text
    assert _is_balanced(text)


def _huge(groups: list[str], devices: list[str]) -> Difference:
    """A difference in which everything is as much and as long as it may be."""
    work = Work(
        cables=CableWork(10**9, 10**9, 10**9, 10**9, 10**9, 10**9, 10**12, 10**12),
        modules=tuple(ModuleWork(name, 1, 2, 3) for name in devices),
        rack=tuple(devices),
        unrack=tuple(devices),
        reseat=tuple(devices),
        replace=tuple(devices),
        configs=tuple(devices),
        resets=10**9,
    )
    own = _record.replace(work, rack=tuple(devices[:9]), unrack=(), reseat=(), replace=(), configs=tuple(devices[9:30]))
    ends = (End("x[1]", devices[0], "p"), End("y[1]", devices[1], "p"))
    waves = tuple(
        Wave(
            "f" * 200,
            i,
            tuple(devices[i : i + 3]),
            work.cables,
            tuple(devices[:9]),
            9,
            7,
            (i, 9999),
            (1, 2),
            devices[i],
        )
        for i in range(len(devices) // 2)
    )
    return Difference(
        design="d" * 500,
        headline="h" * 5000,
        causes=(
            Cause("param", "x" * 5000, "y" * 5000, work),
            *(Cause("group", name * 3, name, own) for name in groups),
        ),
        groups=tuple(GroupChange(name, 1, 2, 1, 0, 0, 0, 0) for name in groups),
        work=work,
        cables=tuple(CableChange("move", ends, ends, name, 1, name, 1, 1, 0) for name in devices),
        bom=tuple(BomChange("cable", name, name * 2, 1, 0, 1, "1", "1", "USD", 1) for name in devices),
        renumbered=tuple(Renumbered("asn", name, "1", "2") for name in devices),
        figures=tuple(FigureChange(name, "1", "2", name) for name in devices),
        requirements=tuple(RequirementChange(name, name, "holds", "fails", "", "", False, name) for name in devices),
        records=tuple(RecordChange(name[:20], name * 3, name, "1" * 500, "2" * 500) for name in devices),
        rollout=Rollout(work, waves, tuple(devices), work, 10**9, 1),
        files=tuple(devices),
        rewritten=tuple(devices),
        unexplained=tuple(name * 10 for name in groups),
        moved=tuple(f"moved {name} -> {name}x" for name in groups),
    )


def test_two_thousand_planes_fit_and_are_all_named_in_compressed_form() -> None:
    groups = [f"compute-{'x' * 60}-of-plane-{i}.leaf" for i in range(2000)]
    text = markdown_of(_huge(groups, [f"{'very-long-' * 20}{i}" for i in range(2000)]))
    assert len(text) < LIMIT
    assert _is_balanced(text)
    assert f"compute-{'x' * 60}-of-plane-[0-1999].leaf" in text


def test_names_that_cannot_fit_are_counted_after_common_beginnings_are_folded() -> None:
    words = [f"{a}{b}{c}" for a in "abcdefghijklm" for b in "abcdefghijklm" for c in "abcdefghijklm"][:2000]
    groups = [f"{'fabric' * 8}.{word * 5}" for word in words]
    text = markdown_of(_huge(groups, groups))
    assert len(text) < LIMIT
    left = re.search(r"and ([\d,]+) groups more whose names do not fit", text)
    assert left is not None
    affected = text.split("**Affected")[1].split("**By cause")[0]
    named = sum(f"{word * 5}" in affected for word in words)
    assert named + int(left[1].replace(",", "")) == 2000
    assert named > 500


@pytest.mark.parametrize("mark", ["é", "<", "@"])
def test_what_takes_room_when_escaped_still_fits(mark: str) -> None:
    names = [f"{mark * 150}{i}" for i in range(500)]
    assert len(markdown_of(_huge(names, names))) < LIMIT


# ------------------------------------------------------------------ form


def test_markup_in_names_is_shown_as_it_is() -> None:
    net = clos(2, 2)
    found = compare(replace(net, params={"x": "<b>|@team"}), replace(net, params={"x": "`*`"}))
    text = markdown_of(found)
    assert "param x: &lt;b&gt;\\|&#64;team → \\`\\*\\`" in text


def test_form_of_a_comment() -> None:
    text = markdown_of(compare(clos(12, 4), clos(12, 6)))
    assert text.startswith(
        "### d: +2 f.spine: pull 24 cables (240 m), buy 24 modules, 12 devices change, no session resets\n"
    )
    assert "**Affected (2 groups)**\n\n- f.leaf, f.spine\n" in text
    assert "- f.spine: +2 switches, 4 → 6 (design.optd:1:spine)\n  - cables: pull 24 (240 m)\n" in text
    assert "<details><summary>Rollout</summary>\n\n- prepare, with everything in service:\n" in text
    assert "| figure | before | after | note |\n| --- | --- | --- | --- |\n" in text
    assert _is_balanced(text)


# ------------------------------------------------------------------ names


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["leaf001", "leaf002", "leaf003"], ["leaf[001-003]"]),
        (["leaf1", "leaf3", "leaf2", "leaf7"], ["leaf[1-3,7]"]),
        (["leaf1"], ["leaf1"]),
        (["a", "b"], ["a", "b"]),
        ([f"p{p}-l{i}" for p in (1, 2) for i in (1, 2, 3)], ["p[1-2]-l[1-3]"]),
        (["p1-l1", "p1-l2", "p2-l1"], ["p1-l[1-2]", "p2-l1"]),
        (["x099", "x100"], ["x[099-100]"]),
        (["x9", "x10"], ["x[9-10]"]),
        (["x09", "x9"], ["x9", "x09"]),
        (["x0", "x00"], ["x0", "x00"]),
        ([], []),
    ],
)
def test_folding(names: list[str], text: list[str]) -> None:
    assert sorted(folded(names)) == sorted(text)


def test_lists_are_cut_at_their_limit() -> None:
    assert listed(["alpha", "beta", "gamma"], 13) == "alpha, beta, and 1 more"


def test_common_beginnings() -> None:
    assert by_prefix(["pod-a", "pod-b", "x"], 100) == ("pod-{a, b}, x", 0)
