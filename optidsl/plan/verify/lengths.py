"""Lengths: the terms of each route add up, the route is no shorter than the floor allows, the cable can be bought."""

from __future__ import annotations

import numpy as np

from optidsl.diag import Diagnostic
from optidsl.plan.verify.assemblies import near_ends
from optidsl.plan.verify.view import I64, View, metres, numbers, some_links


def length_findings(view: View) -> list[Diagnostic]:
    """Check the route and the ordered length of every link whose length is known."""
    return _terms(view) + _geometry(view) + _ordered(view) + _longest(view)


def _terms(view: View) -> list[Diagnostic]:
    links = view.plan.links
    total = links.dress_mm + links.vertical_mm + links.horizontal_mm + links.slack_mm
    bad = (links.required_mm >= 0) & (total != links.required_mm)
    return some_links(
        view,
        bad,
        "route-terms-mismatch",
        lambda link: (
            f"the terms of the route add up to {metres(int(total[link]))}, "
            f"it states {metres(int(links.required_mm[link]))}"
        ),
    )


def _geometry(view: View) -> list[Diagnostic]:
    """A route between two racks of a hall runs at least along both axes of the grid, |dx| + |dy|.

    A stated length (no vertical run) replaces the geometry and is not judged.
    """
    plan, links = view.plan, view.plan.links
    if not plan.racks:
        return []
    x = np.array([rack.x_mm for rack in plan.racks], dtype=np.int64)
    y = np.array([rack.y_mm for rack in plan.racks], dtype=np.int64)
    halls = {(rack.site, rack.hall): 0 for rack in plan.racks}
    hall_code = {name: number for number, name in enumerate(halls)}
    hall = np.array([hall_code[rack.site, rack.hall] for rack in plan.racks], dtype=np.int64)
    a, z = plan.devices.rack[view.a.device], plan.devices.rack[view.z.device]
    grid: I64 = np.abs(x[a] - x[z]) + np.abs(y[a] - y[z])
    is_judged = (a >= 0) & (z >= 0) & (hall[a] == hall[z]) & (links.vertical_mm > 0) & (links.required_mm >= 0)
    return some_links(
        view,
        is_judged & (links.horizontal_mm < grid),
        "route-too-short",
        lambda link: (
            f"the route runs {metres(int(links.horizontal_mm[link]))} across the floor, its racks are "
            f"{metres(int(grid[link]))} apart along the grid"
        ),
    )


def _ordered(view: View) -> list[Diagnostic]:
    links = view.plan.links
    short = (links.required_mm >= 0) & (links.ordered_mm >= 0) & (links.ordered_mm < links.required_mm)
    findings = some_links(
        view,
        short,
        "cable-too-short",
        lambda link: (
            f"the cable of {metres(int(links.ordered_mm[link]))} is shorter than its route with slack, "
            f"{metres(int(links.required_mm[link]))}, "
            f"by {metres(int(links.required_mm[link]) - int(links.ordered_mm[link]))}"
        ),
    )
    for row in range(len(view.plan.classes)):
        findings += _on_sale(view, row)
    return findings


def _on_sale(view: View, row: int) -> list[Diagnostic]:
    """Check the ordered lengths of a class against those that its cable is sold in."""
    link_class, links = view.plan.classes[row], view.plan.links
    cable = view.part(link_class.direct or link_class.fiber)
    sold = np.array(sorted(numbers(cable, "lengths_mm")), dtype=np.int64)
    if not sold.size:
        return []
    ordered, required = links.ordered_mm, links.required_mm
    mine = (links.link_class == row) & (ordered >= 0)
    is_sold = np.isin(ordered, sold)
    needs = _longest_legs(view, required) if link_class.near else required
    best = np.append(sold, -1)[np.searchsorted(sold, needs)]

    def unsold(link: int) -> str:
        return f"{cable.name} is not sold in {metres(int(ordered[link]))}"

    def wasteful(link: int) -> str:
        chosen, enough, needed = (metres(int(column[link])) for column in (ordered, best, needs))
        return f"{cable.name} is ordered in {chosen}, {enough} would do for {needed}"

    source_ref = view.plan.segments[link_class.segment].source_ref
    too_long = mine & is_sold & (required >= 0) & (best >= 0) & (ordered > best)
    return [
        *some_links(view, mine & ~is_sold, "length-not-sold", unsold, source_ref),
        *some_links(view, too_long, "length-not-smallest", wasteful, source_ref),
    ]


def _longest_legs(view: View, required: I64) -> I64:
    """Return what each link's cable must reach: the most that any of its legs needs, shape `(n_links,)`."""
    _, where = np.unique(near_ends(view), return_inverse=True)
    longest = np.full(int(where.max(initial=-1)) + 1, -1, dtype=np.int64)
    np.maximum.at(longest, where.ravel(), required)
    found: I64 = longest[where.ravel()]
    return found


def _longest(view: View) -> list[Diagnostic]:
    """The longest length that a class states is that of its longest link."""
    findings: list[Diagnostic] = []
    for row in range(len(view.plan.classes)):
        findings += _longest_of(view, row)
    return findings


def _longest_of(view: View, row: int) -> list[Diagnostic]:
    link_class, links = view.plan.classes[row], view.plan.links
    required = np.where(links.link_class == row, links.required_mm, -1)
    longest = int(required.max(initial=-1))
    if longest in (-1, link_class.longest_mm):
        return []
    stated = f"`{link_class.name}` states {metres(link_class.longest_mm)} as its longest link"
    what = f"{stated}, this one needs {metres(longest)}"
    return some_links(view, required == longest, "route-terms-mismatch", lambda link: what)
