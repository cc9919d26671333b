"""Tests of a design: what must be so of the finished network, whole or with something failed."""

from __future__ import annotations

from optidsl.schema.model import Attribute, Kind
from optidsl.schema.types import Type, word

FAILURES: tuple[str, ...] = ("link", "switch", "plane", "rack", "tray", "feed")
"""Kinds of element that may fail one at a time."""

TEST = Kind(
    "test",
    "Expectations of the finished network, judged by `optidsl test` and at every compile: "
    "`test published { expect gpus: compute.leaf.count == 32 }`. With `fail` they are judged on what that leaves.",
    ("design",),
    (
        Attribute(
            "fail",
            Type("Elements", is_list=True),
            "What has failed, all at once: switches (`compute.spine[1]`), tiers, planes (`compute.plane[0]`), nodes, "
            'racks, rows, halls, the links between two devices (`link(a, b)`), and devices or ports by name ("…").',
        ),
        Attribute(
            "fail_any",
            word(*FAILURES),
            "One element of this kind has failed, and every expectation must hold whichever it is. "
            "A tray is that of a row, or that across the rows of a hall; a feed takes down what no other feed serves.",
        ),
    ),
)

KINDS: tuple[Kind, ...] = (TEST,)
