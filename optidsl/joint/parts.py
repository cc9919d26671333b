"""The least that the parts of a link come to, before a device stands anywhere: over every candidate that may fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from operator import mul

import numpy as np

from optidsl._record import field, record
from optidsl.catalog.parts import DirectCable, Fact, FiberCable, ServerModel, SwitchModel, Transceiver
from optidsl.fabric.shapes import Joint, Shape
from optidsl.fabric.tables import DeviceGroup, PortMap, Segment
from optidsl.joint.figures import ENDLESS, Bound, Interval, Least, share
from optidsl.joint.lengths import Floor, least_mm, most_links
from optidsl.optics.candidates import Tried, facing, fitting, plugged, stopping
from optidsl.optics.channel import channel
from optidsl.optics.check_channel import length_list_check, loss_check, reach_check
from optidsl.optics.check_direct import direct_fit_checks, direct_hub, direct_length_check, plug_power
from optidsl.optics.check_policy import author_checks, copper_reach_checks, policy_checks
from optidsl.optics.classify import ClassView, Wiring
from optidsl.optics.ends import CageBound, End, LinkEnds, PortKind
from optidsl.optics.figures import is_built_in
from optidsl.optics.lengths import sold_lengths
from optidsl.optics.role import WHOLE, Role, power_of, splits
from optidsl.optics.tables import Candidate, Check, LinkClass
from optidsl.sema.design import Affine, Fabric

ASKED = frozenset(
    {
        *("power.optics", "power.network", "power.it"),
        *("cost.optics", "cost.cables", "cost.network"),
    }
)
"""Metrics that the parts of links add to."""

_COUNTED = (
    ("power.optics", "power.network", "power.it"),
    ("cost.optics", "cost.network"),
    ("cost.cables", "cost.network"),
)
"""Metrics that watts, money for modules and money for cables add to."""

_NOTHING = np.zeros(0, dtype=np.int64)
_NONE = np.zeros(0, dtype=np.int32)
_NO_PORTS = PortMap((), (), _NONE, _NONE, _NONE, _NONE, _NOTHING, _NONE, _NONE, _NONE, (), ())
_NO_WIRING = Wiring(LinkEnds((), 1, *(_NOTHING,) * 6), _NOTHING)


Objective = tuple[Fraction, Fraction, Fraction]
"""What an objective counts of the parts of links: its factors of watts, of money for modules and for cables."""

Worth = tuple[int, tuple[Fraction, ...]]
"""Whether a figure that the objectives need has no source; the share of each objective."""


@record(frozen=True, slots=True)
class Sums:
    """What the parts of one link come to: watts of its plugs (mW), money for modules, for cables, for both.

    `worth` is what that is to the objectives, of which the first counts above the next.
    """

    power: Fraction
    optics: Fraction
    cables: Fraction
    both: Fraction
    worth: Worth

    def least(self, other: Sums) -> Sums:
        """Return the lesser of each."""
        return Sums(
            min(self.power, other.power),
            min(self.optics, other.optics),
            min(self.cables, other.cables),
            min(self.both, other.both),
            min(self.worth, other.worth),
        )


@record(frozen=True, slots=True)
class Figure:
    """An amount, and whether a source gives it."""

    amount: Fraction
    is_known: bool = True


@record(slots=True)
class Parts:
    """The least sums of links of one design; each pair of ends is looked at once."""

    least: Least
    floor: Floor | None
    objectives: tuple[Objective, ...]
    tried: Tried = field(default_factory=Tried)
    sums: dict[tuple[object, ...], Sums | None] = field(default_factory=dict)

    def of(self, shape: Shape, fabric: Fabric) -> tuple[Sums, ...] | None:
        """Return the least that one link of each segment comes to; None where no parts serve one.

        Args:
            shape: with the segments.
            fabric: the shape's fabric, with the racks of its tiers decided.
        """
        found: list[Sums] = []
        for joint in shape.joints:
            length = least_mm(self.least.design, self.floor, shape, fabric, joint)
            one = self._joint(fabric, joint, length) if joint.links else _nothing(len(self.objectives))
            if one is None:
                return None
            found.append(one)
        return tuple(found)

    def _sums(self, power: Figure, optics: Figure, cables: Figure) -> Sums:
        figures = (power, optics, cables)
        lacks = any(
            factor and not figure.is_known
            for factors in self.objectives
            for factor, figure in zip(factors, figures, strict=True)
        )
        amounts = [each.amount for each in figures]
        worth = [sum(map(mul, factors, amounts), start=Fraction(0)) for factors in self.objectives]
        return Sums(amounts[0], amounts[1], amounts[2], amounts[1] + amounts[2], (int(lacks), tuple(worth)))

    def _joint(self, fabric: Fabric, joint: Joint, length_mm: int) -> Sums | None:
        """Return the least that one link of a segment comes to; None where no candidate is known to fit."""
        said = joint.connect
        below = tuple((each.node, each.nic) for each in fabric.endpoints) if joint.below is None else joint.below.name
        plant = (said.connections, said.splices, said.splice_loss_mdb)
        slots = tuple((slot.value, slot.options) for slot in (said.medium, said.module, said.cable))
        key = (below, joint.above.name, joint.rate_mbps, fabric.protocol, length_mm, *plant, *slots)
        if key not in self.sums:
            best: Sums | None = None
            for a in self._below(fabric, joint):
                for z in _switch_ends(joint.above, joint.rate_mbps):
                    best = self._between(_view(fabric, joint, a, z, length_mm), best)
            self.sums[key] = best
        return self.sums[key]

    def _below(self, fabric: Fabric, joint: Joint) -> Iterator[End]:
        if joint.below is not None:
            yield from _switch_ends(joint.below, joint.rate_mbps)
            return
        for endpoint in fabric.endpoints:
            yield from _server_ends(self.least.design.nodes[endpoint.node].model, endpoint.nic)

    def _between(self, view: ClassView, best: Sums | None) -> Sums | None:
        best = self._fibers(view, best, (WHOLE, WHOLE))
        for _, *roles in splits(self.least.design.catalog, view.a, view.z):
            best = self._fibers(view, best, (roles[0], roles[1]))
        catalog = self.least.design.catalog
        for cable in catalog.direct_cables.values():
            if any(check.verdict == "fails" for check in direct_fit_checks(catalog, cable, view)):
                continue
            money = self._money(view, cable)
            if cable.bores > 1:  # a class counts such cables whole, rounded down
                money = Figure(Fraction(0), money.is_known)
            sums = self._sums(_power(view, plug_power(cable, view)), Figure(Fraction(0)), money)
            if _lowers(sums, best) and self._admits_direct(view, cable):
                best = sums if best is None else best.least(sums)
        return best

    def _fibers(self, view: ClassView, best: Sums | None, roles: tuple[Role, Role]) -> Sums | None:
        catalog, ways = self.least.design.catalog, roles[0].ways
        cables = [each for each in catalog.fiber_cables.values() if ways == 1 or each.ends == ways]
        a_side = fitting(catalog, view, view.a, "a", [], self.tried, roles[0])
        z_side = fitting(catalog, view, view.z, "z", [], self.tried, roles[1]) if a_side else []
        money = {cable.name: self._money(view, cable) for cable in cables} if z_side else {}
        for a, _ in a_side:
            for z, _ in z_side:
                modules = (a, z)
                power = _power(
                    view, [power_of(*each)[0] for each in zip(modules, (view.a, view.z), roles, strict=True)]
                )
                optics = self._modules(view, modules)
                if facing(catalog, a, z, self.tried)[1] is not None:
                    continue
                for cable in cables:
                    sums = self._sums(power, optics, money[cable.name])
                    if not _lowers(sums, best) or any(
                        plugged(catalog, each, cable, self.tried, ways)[1] is not None for each in modules
                    ):
                        continue
                    if self._admits(view, a, cable, z):
                        best = sums if best is None else best.least(sums)
        return best

    def _modules(self, view: ClassView, modules: tuple[Transceiver, Transceiver]) -> Figure:
        """Return what a link has of the price of both modules."""
        bought = [not is_built_in(each) for each in modules]
        prices = [
            self.least.one(each.name) if buys else Fraction(0) for each, buys in zip(modules, bought, strict=True)
        ]
        return Figure(_per_link(view, [each or Fraction(0) for each in prices]), None not in prices)

    def _money(self, view: ClassView, cable: FiberCable | DirectCable) -> Figure:
        """Return the least that a link has of the price of a cable that is long enough."""
        price, sold = self.least.design.purchase.prices.get(cable.name), sold_lengths(cable)
        if price is None or sold is None:
            return Figure(Fraction(0), price is not None)
        found = [price.of(each) or Fraction(0) for each in sold.value if each >= view.link_class.longest_mm]
        return Figure(min(found, default=Fraction(0)) / most_links(cable))

    def _admits(self, view: ClassView, a: Transceiver, cable: FiberCable, z: Transceiver) -> bool:
        """Tell whether nothing that a longer link would break too stands against two modules and a fibre."""
        design = self.least.design
        it = channel(design.catalog, view, a, z, cable, design.policy.statistical)
        checks = [length_list_check(view, cable, it.order)]
        if it.order is not None:
            checks += [reach_check(it, it.order), loss_check(it, it.order)]
        return self._is_clear(view, Candidate(a, z, cable, None), checks)

    def _admits_direct(self, view: ClassView, cable: DirectCable) -> bool:
        candidate = Candidate(None, None, None, cable, hub=direct_hub(cable, view))
        bare = Candidate(None, None, None, cable)
        checks = [direct_length_check(view, cable)]
        checks += [check for check, _ in copper_reach_checks(self.least.design.policy, view, bare)]
        return self._is_clear(view, candidate, checks)

    def _is_clear(self, view: ClassView, candidate: Candidate, checks: Sequence[Check]) -> bool:
        policy = self.least.design.policy
        judged = [*author_checks(view, candidate), *policy_checks(policy, candidate)]
        if any(check.verdict == "fails" for check in (*checks, *(check for check, _ in judged))):
            return False
        if policy.waivers or not view.has_lengths:
            return True
        return not any(check.verdict == "unknown" and stopping(policy, check) is not None for check in checks)


def counted(objectives: Sequence[Affine]) -> tuple[Objective, ...]:
    """Return what objectives count of the parts of links; none where one of them is better with more of it."""
    found: list[Objective] = []
    for each in objectives:
        sums = [
            sum((factor for metric, factor in each.terms if metric.name in names), start=Fraction(0))
            for names in _COUNTED
        ]
        if any(factor < 0 for metric, factor in each.terms if metric.name in ASKED):
            return ()
        found.append((sums[0], sums[1], sums[2]))
    return tuple(found)


def raised(found: dict[str, Interval], shape: Shape, sums: Sequence[Sums]) -> dict[str, Interval]:
    """Return the bounds of a shape with what the parts of its links add to them.

    Args:
        found: bounds by the boxes, and by the parts of each end alone.
        shape: with the links of each segment.
        sums: the least of one link of each.
    """
    links = [joint.links for joint in shape.joints]
    price, fees, watts = (found[name][0] for name in ("cost.switches", "cost.fees", "power.switches"))
    power = max(found["power.optics"][0], _total(links, [each.power for each in sums]))
    optics = max(found["cost.optics"][0], _total(links, [each.optics for each in sums]))
    network = max(found["cost.network"][0], price + fees + _total(links, [each.both for each in sums]))
    return {
        **found,
        "power.optics": (power, ENDLESS),
        "power.network": (watts + power, ENDLESS),
        "power.it": (watts + power, ENDLESS),
        "cost.optics": (optics, ENDLESS),
        "cost.cables": (_total(links, [each.cables for each in sums]), ENDLESS),
        "cost.network": (network, ENDLESS),
    }


def worth(
    found: dict[str, Interval], shape: Shape, sums: Sequence[Sums], objectives: Sequence[Affine]
) -> tuple[Bound, ...]:
    """Return the least of the objectives together: with this shape nothing comes before it in their order.

    A choice with a part whose figures no source gives comes after every choice without, and is not bounded.
    """
    nothing = (Fraction(0), ENDLESS)
    price, fees, watts = (found[name][0] for name in ("cost.switches", "cost.fees", "power.switches"))
    boxes = {
        **found,
        **dict.fromkeys(("power.optics", "cost.optics", "cost.cables"), nothing),
        **dict.fromkeys(("power.network", "power.it"), (watts, ENDLESS)),
        "cost.network": (price + fees, ENDLESS),
    }
    links = [joint.links for joint in shape.joints]
    return tuple(
        share(each, boxes) + _total(links, [one.worth[1][at] for one in sums]) for at, each in enumerate(objectives)
    )


def _total(links: Sequence[int], each: Sequence[Fraction]) -> Fraction:
    return sum(map(mul, each, links), start=Fraction(0))


def _nothing(objectives: int) -> Sums:
    zero = Fraction(0)
    return Sums(zero, zero, zero, zero, (0, (zero,) * objectives))


def _lowers(sums: Sums, best: Sums | None) -> bool:
    return best is None or best.least(sums) != best


def _power(view: ClassView, facts: Sequence[Fact[int] | None]) -> Figure:
    known = [None if fact is None or fact.confidence == "unverified" else fact.value for fact in facts]
    return Figure(_per_link(view, [each or 0 for each in known]), None not in known)


def _per_link(view: ClassView, each: Sequence[int | Fraction]) -> Fraction:
    """Return what a link has of what is counted once a cage at both ends: a cage serves all its ports at most."""
    ports = (view.a.kind.ports_per_cage, view.z.kind.ports_per_cage)
    return sum((Fraction(one) / n for one, n in zip(each, ports, strict=True)), start=Fraction(0))


def _view(fabric: Fabric, joint: Joint, a: End, z: End, length_mm: int) -> ClassView:
    """Return a class of one link of a length (0: not known)."""
    length = length_mm or -1
    said = joint.connect
    one = np.zeros(1, dtype=np.int32)
    return ClassView(
        0,
        LinkClass("", 0, 0, 0, one, length, length, 0),
        Segment(fabric.name, said.a, said.z, said, joint.rate_mbps),
        fabric,
        a,
        z,
        np.array([length], dtype=np.int64),
        is_bore_aligned=True,
        a_slot=0,
        z_slot=0,
        a_owned=_NOTHING,
        z_owned=_NOTHING,
        longest_name="",
        wiring=_NO_WIRING,
    )


def _switch_ends(model: SwitchModel, rate_mbps: int) -> Iterator[End]:
    """Yield the ends that ports of a switch may be at a rate, with no limit of watts."""
    lanes = model.lanes.value.count
    group = DeviceGroup(model.name, "switch", None, None, "", "", 1, -1, model, _NO_PORTS, 0, 1)
    for mode in model.breakout.value:
        if mode.rate_mbps == rate_mbps:
            kind = PortKind(0, -1, mode.ports, max(1, (mode.lanes or lanes) // mode.ports))
            yield End(kind, group, model.accepts, model.protocols, model.fec, CageBound(None, "", 0, 0), _NOTHING)


def _server_ends(model: ServerModel, name: str) -> Iterator[End]:
    """Yield the ends that ports of a NIC may be, with no limit of watts."""
    group = DeviceGroup(model.name, "node", None, None, "", "", 0, -1, model, _NO_PORTS, 0, 1)
    for at, nic in enumerate(model.nics):
        if nic.name != name:
            continue
        cages = [port.cage for port in nic.ports]
        lanes = [nic.lanes.value.count, *(mode.count for mode in (() if nic.modes is None else nic.modes.value))]
        for per_cage in sorted({cages.count(cage) for cage in cages}):
            for count in dict.fromkeys(lanes):
                kind = PortKind(0, at, per_cage, count)
                yield End(kind, group, nic.accepts, nic.protocols, nic.fec, CageBound(None, "", 0, 0), _NOTHING)
