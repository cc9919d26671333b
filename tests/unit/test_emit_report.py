"""The summary."""

from __future__ import annotations

from dataclasses import replace

from optidsl.emit.report.summary import summary_md
from optidsl.emit.wording import csv_field, decibels, metres, path_part, rate, watts
from tests.support.plans import ethernet_clos, infiniband_rails

SUMMARY = """\
<!-- generated from small by optidsl, edit the .optd -->
# A small fabric

- design: small
- owner: network
- servers: 8 (8 gpu)
- switches: 6 (4 compute.leaf, 2 compute.spine)
- links: 16
- cables: 16, 193 m in all
- choice of parts: optimal

## Fabrics

| fabric | switches | endpoints | links | bisection | oversubscription |
|---|---|---|---|---|---|
| compute: clos, ethernet | 4 leaf, 2 spine | 8 | 16 | 1.6 Tbit/s | leaf 1:1 |

## Optics and cables

| part | part number | length | quantity | power, at most |
|---|---|---|---|---|
| osfp-2xdr4 | ACME-OSFP-2XDR4 |  | 12 | 204 W |
| osfp-dr4 | ACME-OSFP-DR4 |  | 8 | 72 W |
| smf-mpo | ACME-SMF-MPO-005 | 5 m | 1 | 0 W |
| smf-mpo | ACME-SMF-MPO-007 | 7 m | 4 | 0 W |
| smf-mpo | ACME-SMF-MPO-010 | 10 m | 3 | 0 W |
| smf-mpo | ACME-SMF-MPO-015 | 15 m | 6 | 0 W |
| smf-mpo | ACME-SMF-MPO-020 | 20 m | 2 | 0 W |

## Worst margins

| links | check | margin | detail |
|---|---|---|---|
| compute: endpoints -- leaf | loss | 1.480 dB | loss 1.52 dB, budget 3 dB |
| compute: leaf -- spine | loss | 1.480 dB | loss 1.52 dB, budget 3 dB |
| compute: endpoints -- leaf | reach | 487.4 m | route 12.6 m, reach 500 m |

## Could not be concluded

| links | check | missing | detail |
|---|---|---|---|
| compute: leaf -- spine | overload | rx_max_mdbm | the receiver's overload level is not known |

## Requirements

| verdict | requirement | slack | written at |
|---|---|---|---|
| holds | three_hops: `hops(compute) <= 3` | 0 | design.optd:45 |
"""


def test_the_summary_exactly() -> None:
    assert summary_md(ethernet_clos()) == SUMMARY


def test_empty_sections_say_so() -> None:
    plan = replace(infiniband_rails(), checks=(), requirements=(), bom=())
    text = summary_md(plan)
    assert text.count("\nNothing.\n") == 4
    assert text.endswith("## Requirements\n\nNothing.\n")


def test_the_least_margin_comes_first_and_the_list_is_short() -> None:
    plan = ethernet_clos()
    checks = tuple(
        plan.checks[1].model_copy(update={"name": f"loss-{i}", "margin": 1_000 - 100 * i}) for i in range(15)
    )
    lines = summary_md(replace(plan, checks=checks)).split("## Worst margins")[1].split("##")[0].splitlines()
    rows = [line for line in lines if line.startswith("| compute")]
    assert len(rows) == 10
    assert rows[0].startswith("| compute: endpoints -- leaf | loss-14 | -0.400 dB |")


def test_cells_hold_no_table_marks() -> None:
    plan = ethernet_clos()
    plan = replace(plan, requirements=(plan.requirements[0].model_copy(update={"text": "a | b\n  c"}),))
    assert "`a \\| b c`" in summary_md(plan)


def test_parameters_are_sorted_and_told() -> None:
    plan = ethernet_clos()
    header = plan.header.model_copy(update={"params": {"su": "2", "racks": "8"}, "title": "", "owner": ""})
    text = summary_md(replace(plan, header=header))
    assert "\n# small\n\n- design: small\n- parameter racks: 8\n- parameter su: 2\n- servers" in text


def test_switches_without_an_frr_configuration_are_named() -> None:
    plan = ethernet_clos()
    ports = plan.groups[2].ports
    renamed = ports.model_copy(update={"name": tuple(f"Ethernet1/{i}" for i, _ in enumerate(ports.name))})
    groups = (*plan.groups[:2], plan.groups[2].model_copy(update={"ports": renamed}))
    assert "- without an FRR configuration: compute.spine (" in summary_md(replace(plan, groups=groups))


def test_figures_are_exact() -> None:
    assert [metres(mm) for mm in (0, 7, 12_600, -1)] == ["0.000", "0.007", "12.600", ""]
    assert [decibels(mdb) for mdb in (0, 1_480, -310, -2_000, None)] == ["0.000", "1.480", "-0.310", "-2.000", ""]
    assert [watts(mw) for mw in (0, 17_000, 12_500, 10_200_000)] == ["0", "17", "12.5", "10200"]
    assert [rate(mbps) for mbps in (400_000, 1_600_000, 102_400_000, 2_500, 25_600_000)] == [
        "400G",
        "1.6T",
        "102.4T",
        "2500M",
        "25.6T",
    ]


def test_names_become_parts_of_paths() -> None:
    assert [path_part(name) for name in ("leaf-001", "pod1/leaf 07", "..", ".hidden", "", "ß")] == [
        "leaf-001",
        "pod1-leaf-07",
        "_..",
        "_.hidden",
        "_",
        "-",
    ]


def test_csv_fields_are_quoted_when_they_must_be() -> None:
    assert [csv_field(text) for text in ("plain", "a,b", 'say "x"', "two\nlines", "cr\r")] == [
        "plain",
        '"a,b"',
        '"say ""x"""',
        '"two\nlines"',
        '"cr\r"',
    ]
