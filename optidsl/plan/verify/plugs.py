"""What is plugged in: does it fit the cage, run the lanes, mate with the fibre, face its like, keep the watts?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from optidsl._protocols import carries
from optidsl._record import record
from optidsl.diag import Diagnostic
from optidsl.plan.losses import holds_both_ways
from optidsl.plan.model import PlanClass, PlanPart
from optidsl.plan.verify.view import Ends, View, finding, gbps, nic_of, number, numbers, text, watts, words


@record(frozen=True, slots=True)
class Plug:
    """What one end of a class has in its cages. `box` is the switch or server, `prefix` that of its cage facts."""

    link_class: PlanClass
    side: str
    part: PlanPart
    form_factor: str
    power_mw: int | None
    box: PlanPart
    prefix: str
    ends: Ends
    rows: np.ndarray[tuple[int], np.dtype[np.intp]]
    ways: int = 1  # far ends of the fibre on each bore

    @property
    def accepts(self) -> tuple[str, ...]:
        """Form factors that the cage takes."""
        return words(self.box, f"{self.prefix}accepts")


def plug_findings(view: View) -> list[Diagnostic]:
    """Check both ends of every class, and how they face one another."""
    findings: list[Diagnostic] = []
    for link_class, plugs in plugs_by_class(view):
        for plug in plugs:
            findings += _form_factor(plug) + _lanes(view, plug) + _protocol(view, plug) + _cage_power(view, plug)
        findings += _facing(view, link_class) if not link_class.direct else []
        findings += _codes(link_class, plugs) if not link_class.line else []
    return findings


def plugs_by_class(view: View) -> Iterator[tuple[PlanClass, tuple[Plug, Plug]]]:
    """Yield what both ends of every class carry; links that stray from their class are left out."""
    for row, link_class in enumerate(view.plan.classes):
        rows = view.rows(row)
        is_member = (view.a.group[rows] == link_class.a_group) & (view.z.group[rows] == link_class.z_group)
        if is_member.any():
            yield link_class, _plugs(view, link_class, rows[is_member])


def _plugs(view: View, link_class: PlanClass, rows: np.ndarray[tuple[int], np.dtype[np.intp]]) -> tuple[Plug, Plug]:
    """Return both plugs; a direct-attach cable that only fits the other way round is turned."""
    boxes = [_box(view, ends, int(rows[0])) for _, ends in view.ends()]
    if link_class.direct:
        cable = view.part(link_class.direct)
        forms = [text(cable, "form_factor_a"), text(cable, "form_factor_z")]
        powers = [number(cable, "power_a_mw"), number(cable, "power_z_mw")]
        takes = [words(box, f"{prefix}accepts") for box, prefix in boxes]
        fits, turned = (forms[0] in takes[0] and forms[1] in takes[1]), (forms[1] in takes[0] and forms[0] in takes[1])
        if link_class.near == "z" or (not link_class.near and turned and not fits):
            forms, powers = forms[::-1], powers[::-1]
        parts = [cable, cable]
    else:
        parts = [view.part(link_class.a_module), view.part(link_class.z_module)]
        forms = [text(part, "form_factor") for part in parts]
        powers = [0 if number(part, "built_in") else number(part, "power_max_mw") for part in parts]
        for i, (side, ends) in enumerate(view.ends()):
            powers[i] = _leg_power(link_class, side, parts[i], int(ends.lanes[rows[0]]), powers[i])
    ways = (number(view.part(link_class.fiber), "ends") or 1) if link_class.fiber else 1
    a, z = (
        Plug(link_class, side, parts[i], forms[i], powers[i], *boxes[i], ends, rows, ways)
        for i, (side, ends) in enumerate(view.ends())
    )
    return a, z


def _leg_power(link_class: PlanClass, side: str, module: PlanPart, port_lanes: int, most: int | None) -> int | None:
    """Return the highest draw of a module: less than `most` where it runs some of its lanes on a splitter's leg."""
    lanes, bores = numbers(module, "lanes"), number(module, "bores") or 1
    is_partial = link_class.near not in ("", side) and bool(lanes) and port_lanes * bores < lanes[0]
    split = number(module, "power_split_mw")
    return split if is_partial and split is not None and most is not None else most


def _box(view: View, ends: Ends, link: int) -> tuple[PlanPart, str]:
    """Return the box at an end, and the prefix of the facts of its cages."""
    group = view.plan.groups[int(ends.group[link])]
    box = view.part(group.model)
    if box.kind == "switch":
        return box, ""
    return box, f"nic.{nic_of(box, group.ports.name[int(ends.port[link])])}."


def _form_factor(plug: Plug) -> list[Diagnostic]:
    if not plug.accepts or plug.form_factor in plug.accepts:
        return []
    cages = f"the cages of {plug.box.name} take {', '.join(plug.accepts)}"
    message = f"{plug.link_class.name}: {plug.part.name} is {plug.form_factor}, {cages}"
    return [finding("form-factor-mismatch", message)]


def _lanes(view: View, plug: Plug) -> list[Diagnostic]:
    """A bore has the lanes and the rate of its port, and a cage as many ports as the part has bores."""
    lanes, bores = numbers(plug.part, "lanes"), number(plug.part, "bores")
    if len(lanes) != 2 or not bores:
        return []
    name, segment = plug.link_class.name, view.plan.segments[plug.link_class.segment]
    ports, each, rest = _shares(plug, lanes[0], bores)
    problems = []
    if rest or each * lanes[1] != segment.rate_mbps:
        got = f"{each} lanes of {gbps(lanes[1])}"
        problems.append(f"{plug.part.name} runs {got} a bore, the links run {gbps(segment.rate_mbps)}")
    port_lanes = np.unique(plug.ends.lanes[plug.rows])
    if port_lanes.tolist() != [each] and not any(name.startswith("coherent.") for name in plug.part.facts):
        shown = ", ".join(str(count) for count in port_lanes.tolist())
        problems.append(f"{plug.part.name} has {each} lanes a bore, the ports of {plug.box.name} {shown}")
    cages = np.array(view.plan.groups[int(plug.ends.group[plug.rows[0]])].ports.cage)
    used = np.unique(plug.ends.cage[plug.rows])
    per_cage = np.unique(np.bincount(cages)[used])
    if per_cage.tolist() != [ports]:
        shown = ", ".join(str(count) for count in per_cage.tolist())
        has = f"has {bores} bores" if ports == bores else f"serves {ports} ports"
        problems.append(f"{plug.part.name} {has}, a cage of {plug.box.name} {shown} ports")
    return [finding("lanes-mismatch", f"{name}: {problem}") for problem in problems]


def _shares(plug: Plug, lanes: int, bores: int) -> tuple[int, int, int]:
    """Return the ports of a cage that a plug serves, the lanes of each, and the lanes left over.

    The near end of a splitter has several ports a bore; a module on a leg may run only the lanes of its port.
    """
    near = plug.link_class.near
    if not near:
        return bores, *divmod(lanes, bores)
    if plug.link_class.direct:
        legs = number(plug.part, "ends") or 1
        served = max(bores, legs)
        return served if plug.side == near else served // legs, *divmod(lanes, served)
    if plug.side == near:
        return bores * plug.ways, *divmod(lanes, bores * plug.ways)
    return bores, min(lanes // bores, int(plug.ends.lanes[plug.rows[0]])), lanes % bores


def _protocol(view: View, plug: Plug) -> list[Diagnostic]:
    fabric = view.plan.segments[plug.link_class.segment].fabric
    protocol = next((each.protocol for each in view.plan.fabrics if each.name == fabric), "")
    carried = words(plug.part, "protocols")
    if not carried or carries(tuple(carried), protocol):
        return []
    message = f"{plug.link_class.name}: {plug.part.name} carries {', '.join(carried)}, the fabric speaks {protocol}"
    return [finding("optics-mismatch", message)]


def _cage_power(view: View, plug: Plug) -> list[Diagnostic]:
    """Compare the plug's highest draw with the limit of every cage in use, by cage number."""
    power = plug.power_mw
    if power is None:
        return []
    cages = plug.ends.cage[plug.rows]
    if plug.box.kind == "switch":
        limits = np.array(numbers(plug.box, "cage_power_mw") or (-1,), dtype=np.int64)
        limit = np.where(cages < len(limits), limits[np.minimum(cages, len(limits) - 1)], -1)
    else:
        limit = np.full(len(cages), number(plug.box, f"{plug.prefix}cage_power_mw") or -1, dtype=np.int64)
    hot = np.flatnonzero((limit >= 0) & (limit < power))
    if not hot.size:
        return []
    n_cages = len(np.unique(plug.ends.cage_id[plug.rows[hot]]))
    first = int(hot[0])
    where = view.port_name(plug.ends, int(plug.rows[first]))
    return [
        finding(
            "cage-power-exceeded",
            f"{plug.link_class.name}: {plug.part.name} draws {watts(power)}, the cage of {where} allows "
            f"{watts(int(limit[first]))}, {watts(power - int(limit[first]))} less ({n_cages} cages)",
        )
    ]


# ------------------------------------------------------------------ module, fibre, module


def _facing(view: View, link_class: PlanClass) -> list[Diagnostic]:
    a, z, fiber = (view.part(name) for name in (link_class.a_module, link_class.z_module, link_class.fiber))
    findings = []
    for field in ("pmd", "modulation", "fec"):
        left, right = text(a, field), text(z, field)
        if left and right and left != right and not (field == "pmd" and _is_listed(view, link_class)):
            findings.append(_unlike(link_class, f"{a.name} has {field} {left}, {z.name} {right}"))
    left_lanes, right_lanes = numbers(a, "lanes"), numbers(z, "lanes")
    if left_lanes and right_lanes and left_lanes[1] != right_lanes[1]:
        rates = f"{a.name} runs lanes of {gbps(left_lanes[1])}, {z.name} of {gbps(right_lanes[1])}"
        findings.append(_unlike(link_class, rates))
    symbols = [number(part, "baud_kbaud") or 0 for part in (a, z)]
    if all(symbols) and max(symbols) - min(symbols) > max(symbols) // 1000:  # sheets round to a thousandth
        rates = f"{a.name} runs lanes of {symbols[0] / 1e6:g} Gbaud, {z.name} of {symbols[1] / 1e6:g} Gbaud"
        findings.append(_unlike(link_class, rates))
    for module in dict.fromkeys((a.name, z.name)):
        findings += _mating(link_class, view.part(module), fiber)
    if (text(fiber, "medium"), text(fiber, "grade")) != (link_class.medium, link_class.grade):
        stated = f"{link_class.medium} {link_class.grade}"
        actual = f"{text(fiber, 'medium')} {text(fiber, 'grade')}"
        findings.append(_unlike(link_class, f"the class states {stated}, {fiber.name} is {actual}"))
    for end in (a, z) if link_class.near else ():
        lanes, bores = numbers(end, "lanes"), number(end, "bores") or 1
        if lanes and lanes[0] > bores and not holds_both_ways(text(end, "connector")):
            one_pair = f"{end.name} sends {lanes[0] // bores} lanes of a bore over one pair of fibres, on a splitter"
            findings.append(_unlike(link_class, one_pair))
    if (number(fiber, "ends") or 1) != 1 and not link_class.near:
        findings.append(_unlike(link_class, f"{fiber.name} has {number(fiber, 'ends')} far ends for one link"))
    return findings


def _codes(link_class: PlanClass, plugs: tuple[Plug, Plug]) -> list[Diagnostic]:
    """Compare the error correction that the ports of both boxes run, where both say which."""
    left, right = (text(plug.box, f"{plug.prefix}fec") for plug in plugs)
    if not left or not right or left == right:
        return []
    return [_unlike(link_class, f"{plugs[0].box.name} runs {left}, {plugs[1].box.name} {right}")]


def _is_listed(view: View, link_class: PlanClass) -> bool:
    """Tell whether the plan records that a source lists the two modules of a class as a pair."""
    index = next(row for row, each in enumerate(view.plan.classes) if each is link_class)
    told = (check for check in view.plan.checks if check.link_class == index and check.name == "pmd")
    return any(check.verdict == "holds" and check.source and "the pair is listed" in check.detail for check in told)


def _unlike(link_class: PlanClass, message: str) -> Diagnostic:
    return finding("optics-mismatch", f"{link_class.name}: {message}")


def _mating(link_class: PlanClass, module: PlanPart, fiber: PlanPart) -> list[Diagnostic]:
    """A module and a fibre mate when medium, connector body and polish agree."""
    findings = []
    if text(module, "medium") != text(fiber, "medium"):
        both = f"{module.name} is {text(module, 'medium')}, {fiber.name} {text(fiber, 'medium')}"
        findings.append(_unlike(link_class, both))
    body, polish = _connector(text(module, "connector"))
    far_body, far_polish = _connector(text(fiber, "connector"))
    if body != far_body:
        message = f"{link_class.name}: {module.name} takes {body}, {fiber.name} ends in {far_body}"
        findings.append(finding("connector-mismatch", message))
    elif polish != far_polish:
        message = f"{link_class.name}: {module.name} is polished {polish}, {fiber.name} {far_polish}"
        findings.append(finding("connector-mismatch", message))
    return findings


def _connector(name: str) -> tuple[str, str]:
    for polish in ("apc", "upc", "pc"):
        if name.endswith(f"-{polish}"):
            return name.removesuffix(f"-{polish}"), polish
    return name, ""
