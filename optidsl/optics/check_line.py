"""Checks of two coherent modules over a line: grid, powers, gains, impairments, OSNR."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from optidsl._record import record
from optidsl.catalog.coherent import Coherent
from optidsl.catalog.parts import Fact, Transceiver
from optidsl.optics.classify import ClassView
from optidsl.optics.line_walk import Walk, plant_grounds, walk
from optidsl.optics.tables import Check
from optidsl.optics.text import number, plural, quantity
from optidsl.optics.verdict import Ground, lacking, unknown, verdict
from optidsl.physics.coherent import penalty_mdb, pmd_fs, total_level_mdbm
from optidsl.sema.transport import Line


@record(frozen=True, slots=True)
class Way:
    """One direction of a link over a line, with a level that its module may send."""

    line: Line
    sender: Transceiver
    receiver: Transceiver
    sent_mdbm: int
    walk: Walk

    @property
    def far(self) -> Coherent:
        """What the receiving module states of its coherent side."""
        own = self.receiver.coherent
        return own if own is not None else _NOTHING


_NOTHING = Coherent(None, None, None, None, None, (), ())


def coherent_check(module: Transceiver, line: Line) -> Check:
    """Check that a module is coherent at all: a line carries channels of a grid, through multiplexers."""
    detail = f"{module.name} is not coherent, line {line.name} carries channels of {_ghz(line.grid_mhz)} GHz"
    return verdict("coherent", module.coherent is not None, detail)


def sent_grounds(line: Line, module: Transceiver) -> tuple[Ground, ...]:
    """Return what the level that a module sends rests on: the line's own word, else the module's limits."""
    if line.transmit_mdbm is not None:
        return ((f"{line.name}.transmit", line.transmit_mdbm),)
    return ((f"{module.name}.tx_min", module.tx_min_mdbm), (f"{module.name}.tx_max", module.tx_max_mdbm))


def ways(line: Line, a: Transceiver, z: Transceiver) -> list[Way]:
    """Return both directions with the least and the most that may be sent; none where a level or loss is unknown."""
    found: list[Way] = []
    if lacking(*plant_grounds(line)):
        return found
    for sender, receiver, is_back in ((a, z, False), (z, a, True)):
        grounds = sent_grounds(line, sender)
        if lacking(*grounds):
            return []
        for level in dict.fromkeys(fact.value for _, fact in grounds if isinstance(fact, Fact)):
            found.append(Way(line, sender, receiver, level, walk(line, level, is_back=is_back)))
    return found


def missing_level(line: Line, a: Transceiver, z: Transceiver) -> str:
    """Return the figure without which no level on a line is known, "" when all are."""
    return lacking(*plant_grounds(line), *sent_grounds(line, a), *sent_grounds(line, z))


def line_checks(view: ClassView, line: Line, a: Transceiver, z: Transceiver) -> Iterator[Check]:
    """Yield the checks of a line with these modules, OSNR and received power aside."""
    modules = (a,) if a is z else (a, z)
    for module in modules:
        yield from _grid_checks(view, line, module)
        yield from _sent_checks(line, module)
    both = ways(line, a, z)
    if both:
        yield from _gain_checks(both)
        yield from _loss_checks(line, both, modules)
    for module in modules:
        yield from impairment_checks(line, module)


def _grid_checks(view: ClassView, line: Line, module: Transceiver) -> Iterator[Check]:
    own = module.coherent
    if own is not None and own.spacing_mhz is not None:
        spare = line.grid_mhz - own.spacing_mhz.value
        detail = (
            f"{module.name} needs channels of {_ghz(own.spacing_mhz.value)} GHz, "
            f"the grid of line {line.name} is {_ghz(line.grid_mhz)} GHz"
        )
        yield verdict("grid", spare >= 0, detail, (f"{module.name}.spacing", own.spacing_mhz), margin=spare, unit="MHz")
    waves = len(view.link_class.links)
    if own is not None and own.tunable is not None and not own.tunable.value:
        detail = f"{module.name} sends on one fixed channel, {plural(waves, 'wave')} share line {line.name}"
        yield verdict("tuning", waves < 2, detail, (f"{module.name}.tunable", own.tunable))


def _sent_checks(line: Line, module: Transceiver) -> Iterator[Check]:
    """Check that a module can send what the line sets it to."""
    sent = line.transmit_mdbm
    if sent is None:
        return
    for name, fact, sign, word in (
        ("tx_min", module.tx_min_mdbm, 1, "no less than"),
        ("tx_max", module.tx_max_mdbm, -1, "no more than"),
    ):
        if fact is not None:
            spare = sign * (sent.value - fact.value)
            limit, wanted = quantity(fact.value, "mdBm"), quantity(sent.value, "mdBm")
            detail = f"{module.name} sends {word} {limit}, line {line.name} sets it to {wanted}"
            yield verdict("launch-power", spare >= 0, detail, (f"{module.name}.{name}", fact), margin=spare, unit="mdB")


def _gain_checks(both: list[Way]) -> Iterator[Check]:
    """Check every amplifier's gain and total power, told by the one with least to spare."""
    gains: list[Check] = []
    powers: list[Check] = []
    for way in both:
        for stage in way.walk.stages:
            model = stage.amplifier.model
            spare = min(model.gain_max_mdb.value - stage.gain_mdb, stage.gain_mdb)
            limit = quantity(model.gain_max_mdb.value, "mdB")
            detail = (
                f"{stage.amplifier.name} must give {quantity(stage.gain_mdb, 'mdB')}, {model.name} gives 0 to {limit}"
            )
            ground = (f"{model.name}.gain_max", model.gain_max_mdb)
            gains.append(verdict("amplifier-gain", spare >= 0, detail, ground, margin=spare, unit="mdB"))
            total = total_level_mdbm(stage.output_mdbm, way.line.channels)
            spare = model.p_max_mdbm.value - total
            detail = (
                f"{stage.amplifier.name} sends {quantity(total, 'mdBm')} with all {way.line.channels} channels, "
                f"{model.name} up to {quantity(model.p_max_mdbm.value, 'mdBm')}"
            )
            ground = (f"{model.name}.p_max", model.p_max_mdbm)
            powers.append(verdict("amplifier-power", spare >= 0, detail, ground, margin=spare, unit="mdB"))
    for checks in (gains, powers):
        if checks:
            yield min(checks, key=lambda check: check.margin or 0)


def _loss_checks(line: Line, both: list[Way], modules: tuple[Transceiver, ...]) -> Iterator[Check]:
    """Check the loss of each span against the line's limit, and of an unrepeated line against the modules'."""
    passages = both[0].walk.passages
    if line.span_loss_mdb is not None:
        worst = max(passages, key=lambda each: each.loss_mdb)
        spare = line.span_loss_mdb - worst.loss_mdb
        lost, limit = quantity(worst.loss_mdb, "mdB"), quantity(line.span_loss_mdb, "mdB")
        detail = f"span {worst.span.name} loses {lost}, line {line.name} allows {limit}"
        yield verdict("span-loss", spare >= 0, detail, *plant_grounds(line), margin=spare, unit="mdB")
    if any(each.role != "booster" for each in line.amplifiers):
        return
    lost_mdb = sum(each.loss_mdb for each in passages)
    for module in modules:
        most = None if module.coherent is None else module.coherent.loss_max_mdb
        if most is not None:
            spare = most.value - lost_mdb
            lost, limit = quantity(lost_mdb, "mdB"), quantity(most.value, "mdB")
            detail = f"route {line.route.name} loses {lost}, {module.name} bears {limit} without an amplifier after it"
            yield verdict("span-loss", spare >= 0, detail, (f"{module.name}.loss_max", most), margin=spare, unit="mdB")


# ------------------------------------------------------------------ impairments


@record(frozen=True, slots=True)
class Impairment:
    """What a line does to light besides noise: its amount (None: not known), and what that rests on."""

    name: str
    amount: int | None
    unit: str
    scale: int
    grounds: tuple[Ground, ...]


def impairments(line: Line) -> tuple[Impairment, ...]:
    """Return dispersion (fs/nm), PMD (fs) and PDL (0.001 dB) of a whole line."""
    spans = line.route.spans
    cd: tuple[Ground, ...] = tuple((f"span {span.name}.dispersion", span.dispersion_fs) for span in spans)
    pmd: tuple[Ground, ...] = tuple((f"span {span.name}.pmd", span.pmd_fs) for span in spans)
    total = sum(-(-s.length_mm * s.dispersion_fs.value // 1_000_000) for s in spans if s.dispersion_fs is not None)
    spread = pmd_fs((span.pmd_fs.value, span.length_mm) for span in spans if span.pmd_fs is not None)
    pdl = line.pdl_mdb
    return (
        Impairment("dispersion", None if lacking(*cd) else total, "ps/nm", 1000, cd),
        Impairment("pmd", None if lacking(*pmd) else spread, "ps", 1000, pmd),
        Impairment("pdl", None if pdl is None else pdl.value, "dB", 1000, ((f"line {line.name}.pdl", pdl),)),
    )


def penalty_of(impairment: Impairment, module: Transceiver) -> tuple[int | None, tuple[Ground, ...]]:
    """Return what an impairment costs a module in 0.001 dB (None: more than it bears), with what that rests on."""
    points = () if module.coherent is None else module.coherent.points(impairment.name)
    if not points:
        return None, ((f"{module.name}.penalty {impairment.name}", None),)
    grounds = tuple((f"{module.name}.penalty {impairment.name}", point.osnr_mdb) for point in points)
    table = [(point.at.value, point.osnr_mdb.value) for point in points]
    return penalty_mdb(table, impairment.amount or 0), grounds


def impairment_checks(line: Line, module: Transceiver) -> Iterator[Check]:
    """Yield one check per impairment: it is known, and the module bears it."""
    for each in impairments(line):
        missing = lacking(*each.grounds)
        cost, grounds = penalty_of(each, module)
        missing = missing or lacking(*grounds)
        if missing or each.amount is None:
            yield unknown(each.name, missing)
            continue
        points = () if module.coherent is None else module.coherent.points(each.name)
        most = max(point.at.value for point in points)
        bears = f"{module.name} bears {_amount(most, each)}"
        cause = "" if cost is None else f", at a penalty of {quantity(cost, 'mdB')}"
        detail = f"{_amount(each.amount, each)} of {_WORDS[each.name]} over line {line.name}, {bears}{cause}"
        spare = most - each.amount
        yield verdict(
            each.name, cost is not None, detail, *each.grounds, *grounds, margin=spare, unit=_UNITS[each.name]
        )


_WORDS = {"dispersion": "dispersion", "pmd": "PMD", "pdl": "PDL"}
_UNITS = {"dispersion": "fs/nm", "pmd": "fs", "pdl": "mdB"}


def _amount(value: int, of: Impairment) -> str:
    return f"{number(Fraction(value, of.scale))} {of.unit}"


def _ghz(mhz: int) -> str:
    return number(Fraction(mhz, 1000))
