"""The load of every link between switches under uniform traffic, as a table for each fabric."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Literal

from optidsl.plan.model import Plan, Record
from optidsl.proofs.figures import Figures
from optidsl.proofs.network import Network, network_of

LOADS_VERSION: Literal["1.0"] = "1.0"


class LinkLoad(Record):
    """What each of the `links` from switch `a` to its neighbour `z` carries, one direction.

    `load` is a share of the link's rate when every endpoint sends at full rate, alike to all others of its plane;
    `of_busiest` is the share of the busiest link's load. Both are exact fractions, or rounded to 12 digits.
    """

    a: str
    z: str
    links: int
    load: str
    of_busiest: str


class FabricLoads(Record):
    """The loads of a fabric, in the order of its switches; `note` says why there are none."""

    fabric: str
    busiest: str
    mean: str
    is_exact: bool
    note: str
    directions: tuple[LinkLoad, ...]


class LoadTable(Record):
    """Every fabric of a design."""

    schema_version: Literal["1.0"]
    design: str
    fabrics: tuple[FabricLoads, ...]

    def to_json(self) -> str:
        """Return the table as indented JSON."""
        return json.dumps(self.model_dump(), indent=2, ensure_ascii=False) + "\n"


def load_table(plan: Plan) -> LoadTable:
    """Return the load of every link between switches, in both directions."""
    fabrics = tuple(_of_fabric(network_of(plan, fabric)) for fabric in plan.fabrics)
    return LoadTable(schema_version=LOADS_VERSION, design=plan.header.design, fabrics=fabrics)


def _of_fabric(network: Network) -> FabricLoads:
    loads = Figures(network).loads
    name = network.fabric.name
    if isinstance(loads, str):
        return FabricLoads(fabric=name, busiest="", mean="", is_exact=True, note=loads, directions=())
    most = loads.load[loads.busiest]
    rows = zip(loads.near, loads.far, loads.links, loads.load, strict=True)
    return FabricLoads(
        fabric=name,
        busiest=str(most),
        mean=str(loads.mean),
        is_exact=loads.is_exact,
        note="",
        directions=tuple(
            LinkLoad(
                a=network.name(near),
                z=network.name(far),
                links=links,
                load=str(load),
                of_busiest=str(load / most if most else Fraction(0)),
            )
            for near, far, links, load in rows
        ),
    )


# ------------------------------------------------------------------ as text


def loads_text(table: LoadTable, most: int | None) -> str:
    """Return the table as text: of every fabric the `most` busiest directions (None: all)."""
    lines: list[str] = []
    for fabric in table.fabrics:
        lines += [""] if lines else []
        if fabric.note:
            lines.append(f"fabric {fabric.fabric}: {fabric.note}")
            continue
        lines.append(
            f"fabric {fabric.fabric}: when all send to all at full rate, the busiest link carries "
            f"{_percent(fabric.busiest)} of its rate, the mean {_percent(fabric.mean)}"
        )
        ranked = sorted(fabric.directions, key=lambda each: -Fraction(each.load))  # stable: then in plan order
        shown = ranked[:most]
        width = max(len(_ends(each)) for each in shown)
        lines += [
            f"  {_ends(each):<{width}}  {_percent(each.load):>8}  {_percent(each.of_busiest):>8} of the busiest"
            + (f"  each of {each.links} links" if each.links > 1 else "")
            for each in shown
        ]
        rest = len(ranked) - len(shown)
        lines += [f"  {rest:,} more carry as much or less"] if rest else []
    return "".join(f"{line}\n" for line in lines)


def _ends(each: LinkLoad) -> str:
    return f"{each.a} -> {each.z}"


def _percent(share: str) -> str:
    return f"{float(Fraction(share)) * 100:.2f}%"
