"""The optical budget of one link, term by term, from the plan: what `explain budget` prints."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from optidsl._record import field, record
from optidsl.plan.losses import Joints, holds_both_ways, plant_mdb, spread_of
from optidsl.plan.model import Plan, PlanCheck, PlanClass, PlanFact, PlanPart, PlanStatistical
from optidsl.plan.wavelengths import foreign_nm

CHECKS: tuple[str, ...] = (
    *("lengths-on-sale", "reach", "loss", "margin", "oma", "overload", "oma-overload", "min-length", "damage"),
)
"""The checks of a class that a budget is about, in the order they are told."""


@record(frozen=True, slots=True)
class Line:
    """One number in 0.001 dB or 0.001 dBm; `missing` names it when no document gives it. `is_sum`: made of others."""

    label: str
    value: int | None
    unit: Literal["mdB", "mdBm"]
    source: str = ""
    confidence: str = ""
    missing: str = ""
    is_sum: bool = False


@record(frozen=True, slots=True)
class Waterfall:
    """From a launch power down to what a receiver needs or bears, one direction."""

    title: str
    lines: tuple[Line, ...]


@record(frozen=True, slots=True)
class LengthLimit:
    """A reach that binds the link, in mm."""

    label: str
    value: int | None
    source: str
    confidence: str


@record(frozen=True, slots=True)
class LinkBudget:
    """The budget of one link. `losses` are those of the whole plant, `limits` the reaches; `checks` its class's."""

    link: str
    links_of: str
    parts: str
    length_mm: int
    method: str
    losses: tuple[Line, ...]
    limits: tuple[LengthLimit, ...]
    waterfalls: tuple[Waterfall, ...]
    checks: tuple[PlanCheck, ...]
    unknown: tuple[str, ...]


@record(slots=True)
class _Link:
    """A link's class and parts, and the names of numbers that were looked for in vain."""

    plan: Plan
    link_class: PlanClass
    length_mm: int
    a: PlanPart
    z: PlanPart
    fiber: PlanPart
    missing: list[str] = field(default_factory=list)

    def fact(self, part: PlanPart | None, name: str, shown: str) -> PlanFact | None:
        """Return a usable number of a part; note its absence under the name that the language gives it."""
        found = None if part is None else usable(part, name)
        if found is None and shown not in self.missing:
            self.missing.append(shown)
        return found


def usable(part: PlanPart, name: str) -> PlanFact | None:
    """Return a number of a part; an unverified one counts as absent."""
    found = part.facts.get(name)
    if found is None or found.confidence == "unverified" or not isinstance(found.value, int):
        return None
    return found


def budget_of(plan: Plan, link: int, name: str) -> LinkBudget | None:
    """Return the budget of a link, or None when it runs over a direct-attach cable.

    Args:
        plan: the plan.
        link: row of the link.
        name: what the link is called.
    """
    row = int(plan.links.link_class[link])
    link_class = plan.classes[row]
    if link_class.direct:
        return None
    a, z, fiber = (plan.parts[part] for part in (link_class.a_module, link_class.z_module, link_class.fiber))
    length_mm = int(plan.links.ordered_mm[link])
    it = _Link(plan, link_class, length_mm, a, z, fiber)
    losses, total = _plant(it)
    is_alike = a is z and link_class.a_attenuator == link_class.z_attenuator
    waterfalls = [each for way in ((0,) if is_alike else (0, 1)) for each in _waterfalls(it, way, losses)]
    checks = [check for check in plan.checks if check.link_class == row and check.name in CHECKS]
    checks.sort(key=lambda check: CHECKS.index(check.name))
    unknown = list(dict.fromkeys([*it.missing, *(check.missing for check in checks if check.missing)]))
    return LinkBudget(
        name,
        link_class.name,
        link_class.candidate,
        length_mm,
        _method(plan),
        _allowed(it, losses, total),
        _limits(it),
        tuple(waterfalls),
        tuple(checks),
        tuple(unknown),
    )


def _method(plan: Plan) -> str:
    own = plan.policy.statistical
    return "worst case" if own is None else f"statistical: mean plus {float(Fraction(*own.k)):g} sigma"


def _decibels(value: int | Fraction) -> str:
    return f"{float(Fraction(value, 1000)):g} dB"


# ------------------------------------------------------------------ losses


def _plant(it: _Link) -> tuple[list[Line], int | None]:
    """Return what fibre, connections and splices take, and the sum, None when a figure is missing."""
    plan, grade = it.plan, it.link_class.grade
    segment, own = plan.segments[it.link_class.segment], plan.policy.statistical
    connector = it.fiber.facts["connector"].value if "connector" in it.fiber.facts else ""
    foreign = foreign_nm(plan, it.link_class)
    of_fibre = f"{grade}.attenuation at {foreign}" if foreign else f"{grade}.attenuation"
    fibre = it.fact(None if foreign else plan.parts.get(grade), "attenuation_mdb_per_km", of_fibre)
    joint = it.fact(plan.parts.get(str(connector)), "loss_max_mdb", f"{connector}.loss")
    splice_field = f"connect {segment.a} -- {segment.z}.splice_loss"
    if segment.splices and segment.splice_loss_mdb is None:
        it.missing.append(splice_field)
    lines = [
        _fibre_line(it, fibre, of_fibre),
        _joint_line(f"{segment.connections} connections", segment.connections, joint, f"{connector}.loss"),
    ]
    if segment.splices:
        each = segment.splice_loss_mdb
        stated = None if each is None else PlanFact(value=each, source="", confidence="design")
        lines.append(_joint_line(f"{segment.splices} splices", segment.splices, stated, splice_field))
    if it.length_mm < 0 or any(line.value is None for line in lines) or fibre is None or joint is None:
        return lines, None
    joints = ((segment.connections, _number(joint)), (segment.splices, segment.splice_loss_mdb or 0))
    total = plant_mdb(it.length_mm, _number(fibre), joints, own)
    return (lines, total) if own is None else (_mean_lines(it.length_mm, _number(fibre), joints, own, total), total)


def _mean_lines(length_mm: int, per_km: int, joints: Joints, own: PlanStatistical, total: int) -> list[Line]:
    """Return the means of fibre, connections and splices, and what the spread adds to them up to the sum."""
    source = "the design's `statistical`"
    (connections, _), (splices, _) = joints
    whole = ((0, 0), (0, 0)), ((connections, 0), (0, 0)), ((0, 0), joints[1])
    fibre, joined, spliced = (
        -int(-spread_of(length, per_km, each, own)[0] // 1)
        for length, each in zip((length_mm, 0, 0), whole, strict=True)
    )
    lines = [
        Line(f"fibre, {length_mm / 1000:g} m, mean", -fibre, "mdB", source, "design"),
        Line(f"{connections} connections, mean", -joined, "mdB", source, "design"),
    ]
    if splices:
        lines.append(Line(f"{splices} splices, mean", -spliced, "mdB", source, "design"))
    spread = f"{float(Fraction(*own.k)):g} sigma of all together"
    return [*lines, Line(spread, fibre + joined + spliced - total, "mdB", source, "design")]


def _number(fact: PlanFact) -> int:
    return fact.value if isinstance(fact.value, int) else 0


def _fibre_line(it: _Link, fact: PlanFact | None, shown: str) -> Line:
    if fact is None or it.length_mm < 0:
        missing = shown if fact is None else f"the length of {it.link_class.name}"
        return Line("fibre", None, "mdB", missing=missing)
    per_km = _number(fact)
    label = f"fibre, {it.length_mm / 1000:g} m x {_decibels(per_km)}/km"
    loss = plant_mdb(it.length_mm, per_km, ((0, 0), (0, 0)))
    return Line(label, -loss, "mdB", fact.source, fact.confidence)


def _joint_line(what: str, count: int, fact: PlanFact | None, missing: str) -> Line:
    if fact is None:
        return Line(what, None, "mdB", missing=missing)
    each = _number(fact)
    return Line(f"{what} x {_decibels(each)}", -count * each, "mdB", fact.source, fact.confidence)


def _inline(it: _Link, way: int, bound: Literal["least", "most"]) -> list[Line]:
    """Return what the attenuators of direction 0 (towards z) or 1 take, at least or at most."""
    names = (it.link_class.z_attenuator, it.link_class.a_attenuator)
    connector = it.fiber.facts["connector"].value if "connector" in it.fiber.facts else ""
    is_both = holds_both_ways(str(connector))
    lines = []
    for index, name in enumerate(names):
        part = it.plan.parts.get(name)
        if part is None or not (is_both or index == way):
            continue
        loss, spread = part.facts["loss_mdb"], part.facts.get("tolerance_mdb")
        off = 0 if spread is None else _number(spread)
        value = _number(loss) + (off if bound == "most" else -off)
        end = "z" if index == 0 else "a"
        label = f"attenuator {name} at {end}" + (f", {bound}" if off else "")
        lines.append(Line(label, -value, "mdB", loss.source, loss.confidence))
    return lines


def _allowed(it: _Link, losses: list[Line], total: int | None) -> tuple[Line, ...]:
    """Return the insertion loss of the link beside the highest that its modules allow."""
    taken = min((_inline(it, way, "most") for way in (0, 1)), key=lambda lines: sum(line.value or 0 for line in lines))
    lines = [*losses, *taken]
    loss = None if total is None else total - sum(line.value or 0 for line in taken)
    lines.append(Line("insertion loss", None if loss is None else -loss, "mdB", is_sum=True))
    limit = it.link_class.budget_mdb
    how, facts = _promise(it)
    source = "; ".join(dict.fromkeys(fact.source for fact in facts if fact.source))
    confidence = facts[0].confidence if facts else ""
    missing = "" if limit is not None else f"{it.a.name}.over {it.link_class.grade}.loss"
    lines.append(Line(f"the most that the modules allow{how}", limit, "mdB", source, confidence, missing))
    lines += _left(it.plan.policy.margin_mdb, None if limit is None or loss is None else limit - loss)
    return tuple(lines)


def _promise(it: _Link) -> tuple[str, list[PlanFact]]:
    """Return what the highest loss rests on: a stated loss, the channel a reach assumes, or the levels."""
    modules = [it.plan.parts[name] for name in dict.fromkeys((it.a.name, it.z.name))]
    stated = [usable(part, f"loss_max_mdb.{it.link_class.grade}") for part in modules]
    assumed = [usable(part, "channel_connection_loss_mdb") for part in modules]
    promised = [one or other for one, other in zip(stated, assumed, strict=True)]
    known = [fact for fact in promised if fact is not None]
    if len(known) == len(modules):
        return "" if None not in stated else ", by the vendor's channel", known
    levels = [usable(part, name) for part in modules for name in ("tx_min_mdbm", "rx_min_mdbm")]
    known = [fact for fact in levels if fact is not None]
    return (", by launch and receive power", known) if len(known) == len(levels) else ("", [])


def _left(asked: int, margin: int | None) -> list[Line]:
    """Return what is left, and what is left of it above the policy's margin."""
    lines = [Line("margin", margin, "mdB", is_sum=True)]
    if asked:
        lines.append(Line("the policy's margin", -asked, "mdB", "the design's policy", "design"))
        lines.append(Line("left", None if margin is None else margin - asked, "mdB", is_sum=True))
    return lines


# ------------------------------------------------------------------ reach


def _limits(it: _Link) -> tuple[LengthLimit, ...]:
    """Return every reach that the plan knows for the link."""
    grade = it.link_class.grade
    found: list[LengthLimit] = []
    modules = dict.fromkeys(((it.a.name, it.z.name), (it.z.name, it.a.name)))
    for name, far in modules:
        part = it.plan.parts[name]
        wanted = [(f"reach_mm.{grade}", f"{name} over {grade}", f"{name}.over {grade}.reach")]
        if f"reach_mm@{far}" in part.facts:
            wanted.append((f"reach_mm@{far}", f"{name} towards {far}", f"{name}.faces {far}.reach"))
        for key, label, missing in wanted:
            fact = it.fact(part, key, missing)
            found.append(LengthLimit(label, None if fact is None else _number(fact), *_origin(fact)))
    if "max_total_mm" in it.fiber.facts:
        fact = it.fact(it.fiber, "max_total_mm", f"{it.fiber.name}.max_total")
        label = f"whole channel of {it.fiber.name}"
        found.append(LengthLimit(label, None if fact is None else _number(fact), *_origin(fact)))
    return tuple(found)


def _origin(fact: PlanFact | None) -> tuple[str, str]:
    return ("", "") if fact is None else (fact.source, fact.confidence)


# ------------------------------------------------------------------ light


def _waterfalls(it: _Link, way: int, losses: list[Line]) -> Iterator[Waterfall]:
    """Yield those of one direction: average power at least and at most, and OMA as far as it is known."""
    near, far = (it.a, it.z) if way == 0 else (it.z, it.a)
    title = f"{near.name} ({'az'[way]}) to {far.name} ({'za'[way]})"
    if near is far and it.link_class.a_attenuator == it.link_class.z_attenuator:
        title = f"{near.name}, both ways"
    lost, least = [*losses, *_inline(it, way, "most")], _inline(it, way, "least")
    sent, needed = _level(it, near, "tx_min", "launch power"), _level(it, far, "rx_min", "receiver needs")
    yield Waterfall(f"{title}: least power", _fall(sent, lost, "receive power", needed, it.plan.policy.margin_mdb))
    sent, borne = _level(it, near, "tx_max", "launch power"), _level(it, far, "rx_max", "receiver bears")
    yield Waterfall(f"{title}: most power", _fall(sent, least, "receive power", borne, None))
    yield from _signal(it, title, (near, far), lost, least)


def _signal(
    it: _Link, title: str, ends: tuple[PlanPart, PlanPart], lost: list[Line], least: list[Line]
) -> Iterator[Waterfall]:
    """Yield the waterfalls in OMA whose numbers both ends state."""
    near, far = ends
    asked = it.plan.policy.margin_mdb
    poor, stressed = _known(near, "tx_oma_tdecq_min", "launch OMA - TDECQ"), _stressed(far)
    if poor is not None and stressed is not None:
        yield Waterfall(f"{title}: poorest signal", _fall(poor, lost, "received OMA - TDECQ", stressed, asked))
    weak, clean = _known(near, "tx_oma_min", "launch OMA"), _known(far, "rx_sens_oma", "receiver needs")
    if weak is not None and clean is not None:
        yield Waterfall(f"{title}: weakest signal", _fall(weak, lost, "received OMA", clean, asked))
    strong, borne = _known(near, "tx_oma_max", "launch OMA"), _known(far, "rx_oma_max", "receiver bears")
    if strong is not None and borne is not None:
        yield Waterfall(f"{title}: strongest signal", _fall(strong, least, "received OMA", borne, None))


def _level(it: _Link, part: PlanPart, name: str, label: str) -> Line:
    shown = f"{part.name}.{name}"
    fact = it.fact(part, f"{name}_mdbm", shown)
    return Line(label, None, "mdBm", missing=shown) if fact is None else _known_line(fact, label)


def _known(part: PlanPart, name: str, label: str) -> Line | None:
    fact = usable(part, f"{name}_mdbm")
    return None if fact is None else _known_line(fact, label)


def _known_line(fact: PlanFact, label: str) -> Line:
    return Line(label, _number(fact), "mdBm", fact.source, fact.confidence)


def _stressed(far: PlanPart) -> Line | None:
    """Return the OMA less TDECQ that a receiver needs: its stressed sensitivity less the TDECQ of that test."""
    stressed, tested = usable(far, "rx_stressed_oma_mdbm"), usable(far, "tdecq_max_mdb")
    if stressed is None or tested is None:
        return None
    label = f"receiver needs ({_number(stressed) / 1000:g} dBm at TDECQ {_decibels(_number(tested))})"
    return Line(label, _number(stressed) - _number(tested), "mdBm", stressed.source, stressed.confidence)


def _fall(launch: Line, lost: list[Line], label: str, bound: Line, asked: int | None) -> tuple[Line, ...]:
    """Return a waterfall; `asked` is the policy's margin above what the receiver needs, None for what it bears."""
    terms = [launch.value, *(line.value for line in lost)]
    arrives = None if None in terms else sum(term for term in terms if term is not None)
    above = None if arrives is None or bound.value is None else arrives - bound.value
    middle = [Line(label, arrives, "mdBm", is_sum=True), bound]
    if asked is None:
        return launch, *lost, *middle, Line("margin", None if above is None else -above, "mdB", is_sum=True)
    return launch, *lost, *middle, *_left(asked, above)
