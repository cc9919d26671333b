"""Checks of the signal at a coherent receiver: its power, and its OSNR with everything taken off."""

from __future__ import annotations

from optidsl._record import record
from optidsl.catalog.parts import Transceiver
from optidsl.optics.check_line import Way, impairments, missing_level, penalty_of, sent_grounds, ways
from optidsl.optics.classify import ClassView
from optidsl.optics.line_walk import noise_grounds, noises, plant_grounds
from optidsl.optics.statement import Statement, length_statement, osnr_margin_mdb, osnr_margin_statement
from optidsl.optics.tables import Check
from optidsl.optics.text import quantity
from optidsl.optics.verdict import Ground, lacking, unknown, verdict
from optidsl.physics.coherent import noise_of, ratio_mdb
from optidsl.sema.design import Policy
from optidsl.sema.transport import Line

GUARD_MDB = 500
"""How near to its limit a margin decides nothing. Source: the closed form and the GN model stay within 0.3 dB of GNPy
over 1 to 12 spans (`tests/differential`), which leaves 0.2 dB for what this comparison did not cover."""

Judged = tuple[Check, Statement]


@record(frozen=True, slots=True)
class Signal:
    """What arrives at a receiver. `needed` is the OSNR that a module needs at this power, None outside its windows."""

    way: Way
    osnr_mdb: int  # amplifiers and sender alone
    gsnr_mdb: int  # with the nonlinear noise
    penalty_mdb: int
    needed: Ground | None
    needed_mdb: int

    @property
    def margin_mdb(self) -> int:
        """What is left over what the module needs."""
        return self.gsnr_mdb - self.penalty_mdb - self.needed_mdb


def signal_checks(policy: Policy, view: ClassView, line: Line, a: Transceiver, z: Transceiver) -> list[Judged]:
    """Return the checks of received power and OSNR, each with the statement it enforces."""
    statement = length_statement(view)
    missing = missing_level(line, a, z)
    if missing:
        return [(unknown("receive-power", missing), statement), (unknown("osnr", missing), statement)]
    both = ways(line, a, z)
    found: list[Judged] = [(_power_check(both), statement)]
    if found[0][0].verdict == "fails":
        return found
    grounds = _grounds(line, a, z, both)
    missing = lacking(*grounds)
    signals = [] if missing else [signal for way in both if (signal := signal_of(way)) is not None]
    if missing or not signals:
        return [*found, (unknown("osnr", missing or f"the noise figures of {line.name}"), statement)]
    worst = min(signals, key=lambda signal: signal.margin_mdb)
    return [*found, _osnr_check(policy, statement, worst, grounds)]


def _grounds(line: Line, a: Transceiver, z: Transceiver, both: list[Way]) -> tuple[Ground, ...]:
    """Return everything that OSNR rests on; a penalty that is unknown has a check of its own."""
    grounds: list[Ground] = [*plant_grounds(line), *noise_grounds(line)]
    for module in (a,) if a is z else (a, z):
        own = module.coherent
        grounds += [(f"{module.name}.baud", module.baud_kbaud), *sent_grounds(line, module)]
        grounds.append((f"{module.name}.tx_osnr", None if own is None else own.tx_osnr_mdb))
        if own is not None and not own.windows:
            grounds.append((f"{module.name}.osnr_min", own.osnr_min_mdb))
    grounds += [needed for way in both if (needed := needed_of(way)) is not None]
    return tuple(dict(grounds).items())


def needed_of(way: Way) -> Ground | None:
    """Return the OSNR that a receiver needs at the power that arrives: the least of its windows there."""
    own, power = way.far, way.walk.receive_mdbm
    if not own.windows:
        return f"{way.receiver.name}.osnr_min", own.osnr_min_mdb
    here = [each for each in own.windows if each.rx_min_mdbm.value <= power <= each.rx_max_mdbm.value]
    if not here:
        return None
    return f"{way.receiver.name}.window osnr_min", min((e.osnr_min_mdb for e in here), key=lambda fact: fact.value)


def signal_of(way: Way) -> Signal | None:
    """Return what arrives; None when a figure is missing. A penalty that is not known counts nothing."""
    own, sent = way.sender.coherent, way.sender.baud_kbaud
    if own is None or own.tx_osnr_mdb is None or sent is None:
        return None
    needed = needed_of(way)
    found = noises(way.line, way.walk, sent.value)
    fact = None if needed is None else way.far.osnr_min_mdb if not way.far.windows else needed[1]
    value = getattr(fact, "value", None)
    if found is None or needed is None or not isinstance(value, int):
        return None
    linear = [noise_of(own.tx_osnr_mdb.value), *found[0]]
    costs = [penalty_of(each, way.receiver)[0] for each in impairments(way.line) if each.amount is not None]
    return Signal(
        way, ratio_mdb(linear), ratio_mdb([*linear, *found[1]]), sum(cost or 0 for cost in costs), needed, value
    )


def _power_check(both: list[Way]) -> Check:
    """Check what arrives against what the receiver takes, told by the direction with least to spare."""
    worst: Check | None = None
    for way in both:
        check = _power_of(way)
        if check.verdict == "unknown":
            return check
        if worst is None or (check.margin or 0) < (worst.margin or 0):
            worst = check
    return worst if worst is not None else unknown("receive-power", "the level of the line")


def _power_of(way: Way) -> Check:
    power, module = way.walk.receive_mdbm, way.receiver
    spans = [(each.rx_min_mdbm, each.rx_max_mdbm) for each in way.far.windows]
    if not spans:
        grounds: tuple[Ground, ...] = (
            (f"{module.name}.rx_min", module.rx_min_mdbm),
            (f"{module.name}.rx_max", module.rx_max_mdbm),
        )
        missing = lacking(*grounds)
        if missing or module.rx_min_mdbm is None or module.rx_max_mdbm is None:
            return unknown("receive-power", missing)
        spans = [(module.rx_min_mdbm, module.rx_max_mdbm)]
    low, high = max(spans, key=lambda one: min(power - one[0].value, one[1].value - power))
    spare = min(power - low.value, high.value - power)
    takes = f"{quantity(low.value, 'mdBm')} to {quantity(high.value, 'mdBm')}"
    detail = f"{module.name} receives {quantity(power, 'mdBm')} over line {way.line.name}, it takes {takes}"
    ground = ((f"{module.name}.rx_min", low), (f"{module.name}.rx_max", high))
    return verdict("receive-power", spare >= 0, detail, *ground, margin=spare, unit="mdB")


def _osnr_check(policy: Policy, statement: Statement, signal: Signal, grounds: tuple[Ground, ...]) -> Judged:
    """Judge the margin: by the line alone where none would do, else by the policy's least one."""
    asked, margin, line = osnr_margin_mdb(policy), signal.margin_mdb, signal.way.line
    spare = margin - asked
    over = "over" if margin >= 0 else "below"
    told = (
        f"OSNR {quantity(signal.gsnr_mdb, 'mdB')} after {quantity(line.route.length_mm, 'mm')} less "
        f"{quantity(signal.penalty_mdb, 'mdB')} of penalties is {quantity(abs(margin), 'mdB')} {over} the "
        f"{quantity(signal.needed_mdb, 'mdB')} that {signal.way.receiver.name} needs"
    )
    if asked:
        told += f", the policy asks for a margin of {quantity(asked, 'mdB')}"
    blame = (*(span.origin.span for span in line.route.spans),)
    if abs(spare) < GUARD_MDB:
        near = f"{told}: within {quantity(GUARD_MDB, 'mdB')} of the limit only GNPy can tell"
        return unknown("osnr", f"the margin of line {line.name} by GNPy", near, blame), statement
    detail = told if spare >= 0 else f"{told}: {quantity(-spare, 'mdB')} short"
    by = statement if margin <= -GUARD_MDB else osnr_margin_statement(policy)
    return verdict("osnr", spare >= 0, detail, *grounds, margin=spare, unit="mdB", blame=blame), by
