"""Cables with several far ends: legs at one near end, no more than it has, of one part and one length, never mixed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optidsl.diag import Diagnostic
from optidsl.plan.model import PlanClass
from optidsl.plan.verify.view import I64, View, finding, metres, number, some_links

PORTS = 64
"""More than the ports of any cage: a near end's number is its cage's times this, plus its place in the cage."""


def assembly_findings(view: View) -> list[Diagnostic]:
    """Check which links share a cable, of a plan with cables of several far ends."""
    plan = view.plan
    findings = _mixed(view)
    if plan.links.assembly is None:
        split = [each.name for each in plan.classes if each.near]
        if split:
            message = f"{split[0]}: its cables have several far ends, and the plan does not say which links share one"
            findings.append(finding("assembly-mismatch", message))
        return findings
    if len(plan.links.assembly) != len(plan.links.segment):
        return [*findings, finding("assembly-mismatch", "the plan does not give every link the number of its cable")]
    return findings + _membership(view, plan.links.assembly.astype(np.int64)) + _lengths(view)


def ports_served(view: View, link_class: PlanClass) -> int:
    """Return the ports that one cable of a class serves at its near end."""
    if link_class.direct:
        cable = view.part(link_class.direct)
        return max(number(cable, "bores") or 1, number(cable, "ends") or 1)
    return (number(view.part(link_class.fiber), "ends") or 1) if link_class.near else 1


def near_ends(view: View) -> I64:
    """Return the near end that each link hangs on, shape `(n_links,)`: equal for links of one cable, never for others.

    A link with a cable of its own has a negative number of its own.
    """
    n = len(view.plan.links.segment)
    keys: I64 = -1 - np.arange(n, dtype=np.int64)
    for row, link_class in enumerate(view.plan.classes):
        rows, served = view.rows(row), ports_served(view, link_class)
        if served == 1:
            continue
        if link_class.near:
            ends = view.a if link_class.near == "a" else view.z
            keys[rows] = (ends.cage_id[rows] * PORTS + ends.bore[rows] // served) * 2
        else:
            keys[rows] = view.a.cage_id[rows] * PORTS * 2 + 1
    return keys


def _membership(view: View, assembly: I64) -> list[Diagnostic]:
    """Links of one cable hang on one near end, and links on one near end are of one cable, of one part."""
    keys = near_ends(view)
    torn = _differs(assembly, keys)
    findings = some_links(
        view,
        torn,
        "assembly-mismatch",
        lambda link: f"cable {int(assembly[link])} would have its near end in several places",
    )
    if findings:
        return findings
    findings = some_links(
        view,
        _differs(keys, assembly),
        "assembly-mismatch",
        lambda link: "the legs at one near end are recorded as several cables",
    )
    parts = {name: code for code, name in enumerate(sorted({each.direct or each.fiber for each in view.plan.classes}))}
    of_class = np.array([parts[each.direct or each.fiber] for each in view.plan.classes], dtype=np.int64)
    part = of_class[view.plan.links.link_class]
    return findings + some_links(
        view, _differs(assembly, part), "assembly-mismatch", lambda link: "the legs of its cable are of several parts"
    )


def _differs(group: I64, value: I64) -> NDArray[np.bool_]:
    """Mark the members of groups whose values are not all equal, shape `(n,)`."""
    _, where = np.unique(group, return_inverse=True)
    where = where.ravel()
    low = np.full(int(where.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    high = np.full(len(low), np.iinfo(np.int64).min)
    np.minimum.at(low, where, value)
    np.maximum.at(high, where, value)
    marks: NDArray[np.bool_] = (low != high)[where]
    return marks


def _lengths(view: View) -> list[Diagnostic]:
    """All legs of a cable are ordered in one length."""
    ordered, keys = view.plan.links.ordered_mm, near_ends(view)

    def told(link: int) -> str:
        lengths = sorted({metres(int(each)) for each in ordered[keys == keys[link]]})
        return f"the legs of its cable are ordered in {' and '.join(lengths)}, a cable has one length"

    return some_links(view, _differs(keys, ordered), "assembly-lengths", told)


def _mixed(view: View) -> list[Diagnostic]:
    """The bores of a module take straight fibres or splitters, never both.

    Source: NVIDIA, XDR cabling: both ports of a twin-port module are straight or both are splitters.
    """
    row = view.plan.links.link_class
    ways = np.array([ports_served(view, each) if each.fiber else 0 for each in view.plan.classes], dtype=np.int64)[row]
    near = np.array([each.near for each in view.plan.classes])[row]
    is_leg = np.concatenate([near == "z", near == "a"])
    cage, kind = np.concatenate([view.a.cage_id, view.z.cage_id]), np.concatenate([ways, ways])
    judged = np.flatnonzero((kind > 0) & ~is_leg)
    if not (kind > 1).any() or not judged.size:
        return []
    bad = judged[_differs(cage[judged], kind[judged])]
    if not bad.size:
        return []
    n, first = len(row), int(bad[0])
    where = view.port_name(view.a if first < n else view.z, first % n)
    names = sorted({view.plan.classes[int(row[at % n])].fiber for at in bad if cage[at] == cage[first]})
    what = f"the module in the cage of {where} would take {' and '.join(names)}: straight fibres or splitters, not both"
    return [finding("cage-mixed-cables", what)]
