"""Every way to decide what the author leaves open of a fabric, each as a fabric with nothing left open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import TypeVar

from optidsl._record import record, replace
from optidsl.catalog.parts import SwitchModel
from optidsl.fabric.box import mode_at, rates_of
from optidsl.fabric.demand import connect_below
from optidsl.fabric.openness import bounds_ratio, is_left
from optidsl.fabric.rates import link_rates
from optidsl.fabric.refusal import Refusal, allows
from optidsl.fabric.sizing import MAX_TIERS, models_of
from optidsl.schema.families import family_kind
from optidsl.sema.design import Connect, Design, Fabric, Tier
from optidsl.sema.design_place import Place
from optidsl.sema.slot import Slot

T = TypeVar("T")

MOST_NUMBERS = 4_096
"""Numbers of switches, ports and parallel links that are tried with one choice of the rest."""

Numbers = tuple[int | None, ...]
"""One number for each thing that is left open as a number; None leaves it to the closed form."""


@record(frozen=True, slots=True)
class Frame:
    """A fabric with everything decided that is not a number: kind, planes, tiers, models, rates, listed ratios.

    `axes` are the things left open as numbers, with what they may be.
    """

    fabric: Fabric
    axes: tuple[_Axis, ...]

    def numbers(self) -> Iterator[Numbers]:
        """Yield the combinations of numbers that may divide evenly; the first leaves all to the closed form."""
        return filter(self._divides, product(*((None, *axis.values) for axis in self.axes)))

    def _divides(self, numbers: Numbers) -> bool:
        """Tell whether the uplinks of a leaf divide over the spines, and into the parallel links, as far as decided."""
        fabric, named = self.fabric, {(axis.what, axis.at): each for axis, each in zip(self.axes, numbers, strict=True)}
        up = named.get(("up", 0)) or fabric.tiers[0].up.value
        count = fabric.tier_count.value or len(fabric.tiers)
        if up is None or count < 2 or not family_kind(fabric.kind).is_tree:
            return True
        connect = connect_below(fabric, 1)
        parallel = named.get(("parallel", fabric.connects.index(connect)))
        if connect.uneven or (parallel is not None and up % parallel):
            return bool(connect.uneven)
        spines = named.get(("count", 1)) or fabric.tiers[1].count.value
        if spines is None or count > 2:
            return True
        return spines % fabric.planes == 0 and up % max(spines // fabric.planes, 1) == 0

    def with_numbers(self, numbers: Numbers) -> Fabric:
        """Return the fabric with these numbers decided."""
        fabric = self.fabric
        for axis, number in zip(self.axes, numbers, strict=True):
            if number is not None:
                fabric = axis.decide(fabric, number)
        return fabric


@record(frozen=True, slots=True)
class _Axis:
    """`count`, `down` or `up` of a tier by number, or `parallel` of a connect by number, and its values, ascending."""

    what: str
    at: int
    values: range | tuple[int, ...]

    def decide(self, fabric: Fabric, number: int) -> Fabric:
        if self.what == "parallel":
            old = fabric.connects[self.at]
            new = replace(old, parallel=Slot(value=number, span=old.parallel.span))
            return replace(fabric, connects=_put(fabric.connects, self.at, new))
        tier = fabric.tiers[self.at]
        return replace(fabric, tiers=_put(fabric.tiers, self.at, _decided(tier, self.what, number)))


def _decided(tier: Tier, what: str, number: int) -> Tier:
    slot: Slot[int] = Slot(value=number, span=_slot(tier, what).span)
    if what == "count":
        return replace(tier, count=slot)
    return replace(tier, down=slot) if what == "down" else replace(tier, up=slot)


def _slot(tier: Tier, what: str) -> Slot[int]:
    return {"count": tier.count, "down": tier.down, "up": tier.up}[what]


def _put(items: tuple[T, ...], at: int, item: T) -> tuple[T, ...]:
    return (*items[:at], item, *items[at + 1 :])


def frames(design: Design, fabric: Fabric) -> Iterator[Frame]:
    """Yield every choice of what is not a number: kinds in the order of the schema, fewest planes and tiers first.

    Models and listed ratios come in the order written, rates fastest first. Of what nobody wrote, nothing is chosen
    here: closed forms derive it.
    """
    for variant in (fabric, *fabric.variants):
        for planes in variant.plane_choices or (variant.planes,):
            whole = replace(variant, planes=planes, plane_choices=(), variants=())
            for count in _tier_counts(whole):
                for models in product(*(models_of(design, whole, tier) for tier in whole.tiers[:count])):
                    for decided in _with_rates(_with_models(whole, count, models), models):
                        yield Frame(decided, _axes(design, decided, models))


def placements(fabric: Fabric, used: Sequence[str]) -> Iterator[Fabric]:
    """Yield a fabric with each choice of the racks of the tiers in use, by name of the racks."""
    options: list[tuple[Place | None, ...]] = [
        (tier.place,)
        if tier.place is None
        else (replace(tier.place, others=()), *(tier.place.others if tier.name in used else ()))
        for tier in fabric.tiers
    ]
    for places in product(*options):
        tiers = tuple(replace(tier, place=place) for tier, place in zip(fabric.tiers, places, strict=True))
        yield replace(fabric, tiers=tiers)


def _tier_counts(fabric: Fabric) -> list[int | None]:
    """Return the numbers of tiers to try, fewest first; None of no tree, which uses all, and where none is declared."""
    if not family_kind(fabric.kind).is_tree:
        return [None]
    slot, declared = fabric.tier_count, len(fabric.tiers)
    if slot.value is not None:
        return [slot.value]
    return [count for count in range(1, min(declared, MAX_TIERS) + 1) if allows(slot, count)] or [None]


def _with_models(fabric: Fabric, count: int | None, models: Sequence[SwitchModel]) -> Fabric:
    tiers = tuple(
        replace(tier, model=Slot(value=models[at], span=tier.model.span)) if at < len(models) else tier
        for at, tier in enumerate(fabric.tiers)
    )
    if count is None or fabric.tier_count.value is not None:
        return replace(fabric, tiers=tiers)
    return replace(fabric, tiers=tiers, tier_count=Slot(value=count, span=fabric.tier_count.span))


def _with_rates(fabric: Fabric, models: Sequence[SwitchModel]) -> Iterator[Fabric]:
    """Yield the fabric with each rate of its links, and each ratio of it that the author lists, decided."""
    rates = [_rates(connect, models) for connect in fabric.connects]
    slot = fabric.oversubscription
    ratios = [slot]
    if slot.value is None and slot.options is not None:
        ratios = [Slot(value=each, span=slot.span) for each in slot.options if _inside(slot, each)] or [slot]
    for chosen in product(*rates):
        connects = tuple(
            connect if rate is None else replace(connect, rate_mbps=Slot(value=rate, span=connect.rate_mbps.span))
            for connect, rate in zip(fabric.connects, chosen, strict=True)
        )
        for ratio in ratios:
            yield replace(fabric, connects=connects, oversubscription=ratio)


def _inside(slot: Slot[Fraction], value: Fraction) -> bool:
    return (slot.lower is None or value >= slot.lower) and (slot.upper is None or value <= slot.upper)


def _rates(connect: Connect, models: Sequence[SwitchModel]) -> list[int | None]:
    """Return the rates that links may have, fastest first; None leaves an undecided one to the closed form."""
    slot = connect.rate_mbps
    if not is_left(slot):
        return [None]
    offered = {rate for model in models for rate in rates_of(model)}
    found = sorted((rate for rate in (slot.options or offered) if allows(slot, rate)), reverse=True)
    return [*dict.fromkeys(found)] or [None]


def _axes(design: Design, fabric: Fabric, models: Sequence[SwitchModel]) -> tuple[_Axis, ...]:
    """Return what is left open as a number in the tiers in use."""
    radix = _radix(design, fabric, models)
    if radix is None:
        return ()
    ports = max(sum(_ports(design, fabric)), 1) * fabric.planes
    axes: list[_Axis] = []
    for at, tier in enumerate(fabric.tiers[: len(models)]):
        for what in ("count", "down", "up"):
            slot = _slot(tier, what)
            is_free = what == "up" and at == 0 and len(models) > 1 and bounds_ratio(fabric) and slot.is_open
            if is_left(slot) or is_free:
                axes.append(_Axis(what, at, _values(slot, ports if what == "count" else radix[at][what == "up"])))
    used = {"endpoints", *(tier.name for tier in fabric.tiers[: len(models)])}
    for at, connect in enumerate(fabric.connects):
        if is_left(connect.parallel) and {connect.a, connect.z} <= used:
            axes.append(_Axis("parallel", at, _values(connect.parallel, max(up for _, up in radix))))
    return tuple(axes)


def _radix(design: Design, fabric: Fabric, models: Sequence[SwitchModel]) -> list[tuple[int, int]] | None:
    """Return the most ports down and up of a switch of each tier at the rates of its links; None where none run."""
    if not family_kind(fabric.kind).is_tree:
        return [(most, most) for most in (m.cages.value * max(each.ports for each in m.breakout.value) for m in models)]
    rates = link_rates(design, fabric, models)
    if isinstance(rates, Refusal):
        return None
    found: list[tuple[int, int]] = []
    for model, down, up in zip(models, rates, (*rates[1:], rates[-1]), strict=True):
        modes = [mode_at(model, rate) for rate in (down, up)]
        ports = [0 if mode is None else mode.ports * model.cages.value for mode in modes]
        found.append((ports[0], ports[1]))
    return found


def _ports(design: Design, fabric: Fabric) -> Iterator[int]:
    for endpoint in fabric.endpoints:
        group = design.nodes[endpoint.node]
        nic = group.model.nic(endpoint.nic)
        yield (0 if nic is None else len(nic.ports)) * len(group.keys or ("",))


def _values(slot: Slot[int], most: int) -> range | tuple[int, ...]:
    """Return what a number may be, ascending and at most `most`."""
    low, high = slot.lower or 1, most if slot.upper is None else min(slot.upper, most)
    if slot.options is None:
        return range(max(low, 1), high + 1)
    return tuple(sorted({each for each in slot.options if low <= each and (slot.upper is None or each <= slot.upper)}))
