"""The faults that cost most, each with the whole diagnostic: what was found and required, where, and what to do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from optidsl._context import Options
from optidsl.api import compile_text
from optidsl.diag import Diagnostic, Label
from optidsl.plan.model import Plan
from optidsl.plan.verify import verify
from optidsl.source import SourceMap
from tests.support.faults import CASES, END, LEAF, LINK, SPINE, Edit, design
from tests.unit.test_plan_verify import column, swap_cables


def place(sources: SourceMap, label: Label) -> str:
    """Return the source line of a label, with what it marks and says."""
    file = sources[label.span.file]
    line = file.line_text(file.line_col(label.span.start)[0]).strip()
    return f"{line} | {sources.slice(label.span)} | {label.text}"


def written(diagnostic: Diagnostic, sources: SourceMap) -> list[str]:
    """Return everything that a diagnostic says, a line each."""
    labels = [] if diagnostic.primary is None else [("at", diagnostic.primary)]
    labels += [("and", each) for each in diagnostic.secondary]
    return [
        f"{diagnostic.name}: {diagnostic.message}",
        *(f"{word}: {place(sources, label)}" for word, label in labels),
        *(f"note: {each}" for each in diagnostic.notes),
        *(f"help: {each}" for each in diagnostic.helps),
        *(f"fix: {each.title} [{'; '.join(edit.text for edit in each.edits)}]" for each in diagnostic.fixes),
    ]


def told(text: str, severity: str = "error", lock_text: str | None = None) -> list[list[str]]:
    """Compile and return what is said with a severity."""
    result = compile_text(text, options=Options(lock_text=lock_text))
    return [written(each, result.sources) for each in result.diagnostics if each.severity == severity]


@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_told_once_and_whole(name: str) -> None:
    edits, expected = CASES[name]
    assert told(design(*edits)) == [expected]


def test_the_base_is_accepted() -> None:
    text = design()
    assert told(text) == told(text, "warning") == []


def test_a_part_of_the_library_that_is_not_imported_is_told_with_its_module() -> None:
    assert told(design((LEAF, "model = sn5600 }"))) == [
        [
            "unknown-name: unknown name `sn5600`",
            "at: tier leaf { model = sn5600 } | sn5600 | not declared here or around",
            "fix: the library has it: `use std.switches { sn5600 }` [use std.switches { sn5600 }\n]",
        ]
    ]


def test_a_small_mtu_is_warned_of() -> None:
    lossless = design(
        ("= ethernet", "= roce"),
        ("    port p1", "    features = [rdma]\n    port p1"),
        ("  port_name", "  features = [pfc, ecn]\n  port_name"),
        (f"{LINK}\n{END}", f"{LINK}\n  }}\n  addressing {{\n    mtu = 1500\n{END}"),
    )
    (found,) = told(lossless, "warning")
    assert found == [
        "mtu-too-small: an MTU of 1500 bytes leaves `f` RDMA messages of 1024 bytes: 4096 need an MTU of 4192",
        "at: addressing { | addressing | 2692 bytes too small",
        "note: source: Linux include/rdma/ib_addr.h, iboe_get_mtu: GRH 40 + UDP 8 + BTH 12 + XRC 4 + AtomicETH 28 + "
        "ICRC 4",
        "help: set `addressing { mtu = 4192 }` or more",
    ]


# ------------------------------------------------------------------ faults that only a lock can hold

TREE = design((f"{LEAF}\n", f"model = sw, down = 2, up = 2 }}\n{SPINE}"))
HELD = "help: remove this line and compile again; the compiler assigns what it held anew"


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (
            ("10.250.0.2/32", "10.250.0.1/32"),
            [
                "lock-malformed: optidsl.lock line 22: f-leaf002 and f-leaf001 hold the same address, 10.250.0.1/32 "
                "(f-leaf001 on line 21)",
                "addr  f-leaf002 lo0 10.250.0.1/32",
            ],
        ),
        (
            ("f-leaf001 Ethernet2 cable", "f-leaf001 Ethernet1 cable"),
            [
                "lock-malformed: optidsl.lock line 29: port f-leaf001 Ethernet1 is held by the cable on line 28 too",
                "port  n-2 p1 -- f-leaf001 Ethernet1 cable jumper 10m p2p 10.128.0.2/31",
            ],
        ),
        (
            ("10.128.0.2/31", "10.128.0.0/31"),
            [
                "lock-malformed: optidsl.lock line 29: the /31 10.128.0.0/31 is held by the cable on line 28 too",
                "port  n-2 p1 -- f-leaf001 Ethernet2 cable jumper 10m p2p 10.128.0.0/31",
            ],
        ),
    ],
    ids=["loopback", "port", "/31"],
)
def test_what_two_records_of_a_lock_hold_is_told_with_both_lines(edit: Edit, expected: list[str]) -> None:
    lock = compile_text(TREE).lock_text
    assert lock.count(edit[0]) == 1
    message, line = expected
    found = told(TREE, lock_text=lock.replace(*edit))
    assert found == [[message, f"at: {line} | {line} | this record", HELD]]


# ------------------------------------------------------------------ faults that only a changed plan can hold

RAILS = design(
    ("  power_max = 2kW\n", "  power_max = 2kW\n  gpus = 2\n"),
    ('cage = "1" }', 'cage = "1", gpu = 0 }\n    port p2 { cage = "2", gpu = 1 }'),
    ("= clos", "= rail_optimized"),
)


def plan_of(text: str) -> Plan:
    """Return the plan of a design that must compile."""
    found = compile_text(text).plan
    assert found is not None
    return found


def second_leaf(plan: Plan, name: str) -> Plan:
    """Return the plan with what the first leaf has given to the second one too."""
    first, second = (plan.devices.name.index(each) for each in ("f-leaf001", "f-leaf002"))
    return column(plan, "devices", name, {second: int(getattr(plan.devices, name)[first])})


PLANTED: dict[str, tuple[str, Callable[[Plan], Plan], list[list[str]]]] = {
    "duplicate loopback": (
        TREE,
        lambda plan: second_leaf(plan, "loopback"),
        [["loopback-mismatch: f-leaf001 and f-leaf002 share the loopback 10.250.0.1"]],
    ),
    "duplicate ASN": (
        TREE,
        lambda plan: second_leaf(plan, "asn"),
        [["asn-mismatch: leaves f-leaf001 and f-leaf002 share AS 4200001000"]],
    ),
    "port used twice": (
        TREE,
        lambda plan: column(plan, "links", "z_port", {1: int(plan.links.z_port[0])}),
        [
            [
                "port-used-twice: port f-leaf001:Ethernet1 serves 2 links",
                "note: the links: n-1:p1 -- f-leaf001:Ethernet1; n-2:p1 -- f-leaf001:Ethernet1",
            ],
            [
                "bom-mismatch: the bill of material lists 16 x dr, the plan needs 15",
                "note: category transceiver",
            ],
        ],
    ),
    "port beyond the box": (
        TREE,
        lambda plan: column(plan, "links", "z_port", {0: 9}),
        [
            [
                "port-missing: n-1:p1 -- f-leaf001:port 9: f-leaf001 has 8 ports, none with index 9",
            ]
        ],
    ),
    "rail swap": (
        RAILS,
        lambda plan: swap_cables(plan, 0, 1),
        [
            [
                "rail-mismatch: 2 of 8 links, first n-1:p1 -- f-leaf002:Ethernet1: port n-1:p1 serves rail 0, "
                "f-leaf002 is a leaf of rail 1"
            ]
        ],
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_named_by_its_devices(name: str) -> None:
    text, change, expected = PLANTED[name]
    plan = plan_of(text)
    assert verify(plan) == []
    assert [written(each, SourceMap()) for each in verify(change(plan))] == expected
