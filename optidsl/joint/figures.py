"""The least that a shape can come to in every metric, before a part is chosen: exact, or a lower bound."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from optidsl._record import field, record
from optidsl.catalog.parts import DirectCable, FiberCable, ServerModel, SwitchModel, Transceiver
from optidsl.fabric.shapes import Joint, Shape
from optidsl.optics.check_pair import split_connector
from optidsl.sema.design import Affine, Connect, Design, Fabric
from optidsl.sema.slot import Slot

Bound = Fraction | float
"""An amount in base units; infinite where nothing limits it."""

Cable = FiberCable | DirectCable

Interval = tuple[Bound, Bound]

ENDLESS = float("inf")
_ANYTHING: Interval = (Fraction(0), ENDLESS)
_DIRECT = ("dac", "acc", "aec", "aoc")


@record(slots=True)
class Least:
    """Bounds of metrics of shapes of one design; what one port needs at least is found out once."""

    design: Design
    ports: dict[tuple[object, ...], tuple[Fraction, Fraction]] = field(default_factory=dict)
    served: dict[tuple[object, ...], tuple[tuple[Cable, ...], bool]] = field(default_factory=dict)

    def of(self, shape: Shape) -> dict[str, Interval]:
        """Return what a shape adds to each metric, in base units; a metric it does not name may be anything."""
        found: dict[str, Interval] = {}
        for name, value in shape.figures.items():
            found[f"fabric.{shape.fabric.name}.{name}"] = _ANYTHING if value is None else (value, value)
        boxes = _boxes(shape)
        watts = sum((count * (_fact(model) or 0) for count, model in boxes), start=Fraction(0))
        price = sum((count * self._price(model.name) for count, model in boxes), start=Fraction(0))
        most_watts = ENDLESS if any(_fact(model) is None for _, model in boxes) else watts
        most_price = ENDLESS if any(self.one(model.name) is None for _, model in boxes) else price
        least = [self.joint(shape.fabric, joint) for joint in shape.joints]
        optics = sum((each[0] for each in least), start=Fraction(0))
        modules = sum((each[1] for each in least), start=Fraction(0))
        fees = self._fees(shape)
        return {
            **found,
            "power.switches": (watts, most_watts),
            "power.optics": (optics, ENDLESS),
            "power.network": (watts + optics, ENDLESS),
            "power.it": (watts + optics, ENDLESS),
            "cost.switches": (price, most_price),
            "cost.fees": (fees, fees),
            "cost.optics": (modules, ENDLESS),
            "cost.network": (price + fees + modules, ENDLESS),
        }

    def nodes(self) -> dict[str, Interval]:
        """Return what the servers, which no shape changes, add to each metric."""
        watts, price = Fraction(0), Fraction(0)
        for group in self.design.nodes:
            count = 1 if group.keys is None else len(group.keys)
            watts += (_fact(group.model) or 0) * count
            price += self._price(group.model.name) * count
        most_watts = ENDLESS if any(_fact(group.model) is None for group in self.design.nodes) else watts
        most_price = ENDLESS if any(self.one(group.model.name) is None for group in self.design.nodes) else price
        return {"power.nodes": (watts, most_watts), "power.it": (watts, most_watts), "cost.nodes": (price, most_price)}

    def lacks(self, shape: Shape, names: Sequence[str]) -> tuple[tuple[str, ...], int]:
        """Return the figures of its boxes that metrics need and no source gives, and how often they need one."""
        models = {model.name: model for _, model in _boxes(shape)}.values()
        watts = sum(1 for name in names if name in ("power.switches", "power.network", "power.it"))
        money = sum(1 for name in names if name in ("cost.switches", "cost.network"))
        weak = [f"{model.name}.power_max" for model in models if watts and _fact(model) is None]
        unpriced = [f"price of {model.name}" for model in models if money and self.one(model.name) is None]
        return (*weak, *unpriced), watts * len(weak) + money * len(unpriced)

    def serving(self, joint: Joint) -> tuple[tuple[Cable, ...], bool]:
        """Return the cables that may serve a segment, too many rather than too few; whether it must buy modules."""
        said, accepts = joint.connect, joint.above.accepts.value
        key = (accepts, joint.rate_mbps, said.module, said.medium, said.cable, said.length_mm.value)
        if key not in self.served:
            parts = list(self._parts(accepts, joint))
            modules = [each for each in parts if isinstance(each, Transceiver)]
            bodies = {split_connector(each.connector.value)[0] for each in modules}
            fibers = self.design.catalog.fiber_cables.values()
            able: list[Cable] = [each for each in fibers if split_connector(each.connector.value)[0] in bodies]
            able += [each for each in parts if isinstance(each, DirectCable)]
            is_bought = len(modules) == len(parts) > 0 and not any(map(_is_inside, modules))
            self.served[key] = tuple(each for each in able if _may_be(said.cable, each.name)), is_bought
        return self.served[key]

    def one(self, name: str) -> Fraction | None:
        """Return the price of one part, None where nobody states it."""
        price = self.design.purchase.prices.get(name)
        return None if price is None else price.of(0)

    def _price(self, name: str) -> Fraction:
        return self.one(name) or Fraction(0)

    def _fees(self, shape: Shape) -> Fraction:
        fee = self.design.purchase.fees.get(shape.fabric.protocol)
        if fee is None:
            return Fraction(0)
        return fee.per_port * sum(each.links * (1 if each.below is None else 2) for each in shape.joints)

    def joint(self, fabric: Fabric, joint: Joint) -> tuple[Fraction, Fraction]:
        """Return the least watts (mW) and money of the modules at both ends of the links of a segment."""
        ends = [self._end(joint.above.accepts.value, _per_cage(joint.above, joint.rate_mbps), joint)]
        if joint.below is not None:
            ends.append(self._end(joint.below.accepts.value, _per_cage(joint.below, joint.rate_mbps), joint))
        else:
            nics = [self.design.nodes[each.node].model.nic(each.nic) for each in fabric.endpoints]
            own = [self._end(nic.accepts.value, nic.bores_per_cage, joint) for nic in nics if nic is not None]
            ends.append(
                (min((each[0] for each in own), default=Fraction(0)), min((e[1] for e in own), default=Fraction(0)))
            )
        return sum((each[0] for each in ends), Fraction(0)) * joint.links, (
            sum((each[1] for each in ends), Fraction(0)) * joint.links
        )

    def _end(self, accepts: Sequence[str], per_cage: int, joint: Joint) -> tuple[Fraction, Fraction]:
        """Return the least watts and money of what sits at one end of one link."""
        said = joint.connect
        key = (tuple(accepts), per_cage, joint.rate_mbps, said.module, said.medium, said.length_mm.value)
        if key not in self.ports:
            fitting = list(self._fitting(accepts, joint))
            watts = min((each[0] for each in fitting), default=0)
            money = min((each[1] for each in fitting), default=Fraction(0))
            self.ports[key] = Fraction(watts, per_cage), money / per_cage
        return self.ports[key]

    def _fitting(self, accepts: Sequence[str], joint: Joint) -> Iterator[tuple[int, Fraction]]:
        """Yield the watts and the price of everything that might go into a cage."""
        for part in self._parts(accepts, joint):
            if isinstance(part, DirectCable):
                yield _plug_mw(part), Fraction(0)
            else:
                yield (0, Fraction(0)) if _is_inside(part) else (_module_mw(part), self._price(part.name))

    def _parts(self, accepts: Sequence[str], joint: Joint) -> Iterator[DirectCable | Transceiver]:
        """Yield everything that might go into a cage: too much rather than too little."""
        catalog, connect = self.design.catalog, joint.connect
        if _may_be_direct(connect, self.design.policy.media):
            for cable in catalog.direct_cables.values():
                if {cable.form_factor_a.value, cable.form_factor_z.value} & set(accepts) and _spans(cable, connect):
                    yield cable
        for module in catalog.transceivers.values():
            if module.form_factor.value in accepts and _may_be(connect.module, module.name) and _runs(module, joint):
                yield module


def _boxes(shape: Shape) -> list[tuple[int, SwitchModel]]:
    return list(zip(shape.counts, shape.models, strict=True))


def _fact(model: SwitchModel | ServerModel) -> int | None:
    fact = model.power_max_mw
    return None if fact is None or fact.confidence == "unverified" else fact.value


def _per_cage(model: SwitchModel, rate_mbps: int) -> int:
    return max((mode.ports for mode in model.breakout.value if mode.rate_mbps == rate_mbps), default=1)


def _may_be(slot: Slot[str], word: str) -> bool:
    return (slot.value is None or slot.value == word) and (slot.options is None or word in slot.options)


def _may_be_direct(connect: Connect, media: Slot[str]) -> bool:
    if connect.module.value is not None or connect.module.options is not None:
        return False
    return any(_may_be(connect.medium, word) and _may_be(media, word) for word in _DIRECT)


def _spans(cable: DirectCable, connect: Connect) -> bool:
    """Tell whether a cable may be long enough for links whose length is stated."""
    stated, sold = connect.length_mm.value, cable.lengths_mm
    return stated is None or sold is None or max(sold.value, default=stated) >= stated


def _runs(module: Transceiver, joint: Joint) -> bool:
    """Tell whether lanes of a module may make a link's rate, on all of a bore's or on those of a splitter's leg."""
    lanes = module.lanes.value
    rest = joint.rate_mbps % lanes.rate_mbps
    return rest == 0 and lanes.count * lanes.rate_mbps >= joint.rate_mbps * module.bores


def _is_inside(module: Transceiver) -> bool:
    """Tell whether a module is part of its box, so that nobody buys it."""
    return module.built_in is not None and module.built_in.value


def _module_mw(module: Transceiver) -> int:
    """Return the least that a module may draw; nothing where no source says."""
    most, split = module.power_max_mw, module.power_split_mw
    if most is None or most.confidence == "unverified":
        return 0
    return min(most.value, most.value if split is None or split.confidence == "unverified" else split.value)


def _plug_mw(cable: DirectCable) -> int:
    facts = (cable.power_a_mw, cable.power_z_mw)
    return min(0 if fact is None or fact.confidence == "unverified" else fact.value for fact in facts)


def share(expression: Affine, part: dict[str, Interval]) -> Bound:
    """Return the least that one fabric adds to an expression."""
    low: Bound = Fraction(0)
    for metric, factor in expression.terms:
        if metric.name in part:
            low += min(_times(factor, end) for end in part[metric.name])
    return low


def rest(expression: Affine, known: frozenset[str], nodes: dict[str, Interval]) -> Bound:
    """Return the least of what no shape tells of an expression: its constant, the servers, metrics of parts alone."""
    low: Bound = expression.constant
    for metric, factor in expression.terms:
        if metric.name in nodes:
            low += min(_times(factor, end) for end in nodes[metric.name])
        elif metric.name not in known and factor < 0:
            low += -ENDLESS
    return low


def negated(expression: Affine) -> Affine:
    """Return the expression with its sign turned."""
    return Affine(-expression.constant, tuple((metric, -factor) for metric, factor in expression.terms))


def _times(factor: Fraction, end: Bound) -> Bound:
    if isinstance(end, float):
        return end if factor > 0 else -end
    return factor * end
