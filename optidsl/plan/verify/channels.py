"""The channel of every class: reach, shortest length, insertion loss against its budget, overload of the receiver.

Lengths are those ordered: light runs through the whole cable.
"""

from __future__ import annotations

from fractions import Fraction

from optidsl._record import record
from optidsl.diag import Diagnostic
from optidsl.plan.losses import KM_MM, holds_both_ways, plant_mdb
from optidsl.plan.model import PlanClass, PlanPart, PlanStatistical
from optidsl.plan.verify.view import View, decibels, finding, metres, number, text
from optidsl.plan.wavelengths import foreign_nm


@record(frozen=True, slots=True)
class Channel:
    """Two modules and the fibre between them, over the shortest and the longest cable of a class."""

    index: int
    link_class: PlanClass
    a: PlanPart
    z: PlanPart
    fiber: PlanPart
    shortest_mm: int
    longest_mm: int
    connections: int
    attenuation: int | None  # 0.001 dB/km
    connection: int | None  # 0.001 dB
    splices: int
    splice: int | None  # 0.001 dB
    a_attenuator: PlanPart | None
    z_attenuator: PlanPart | None
    statistical: PlanStatistical | None

    def ways(self) -> tuple[tuple[PlanPart, PlanPart], tuple[PlanPart, PlanPart]]:
        """Return sender and receiver of both directions."""
        return (self.a, self.z), (self.z, self.a)

    @property
    def loss_mdb(self) -> int | None:
        """Insertion loss of the longest cable in the direction that loses more."""
        loss = self.plant_mdb(self.longest_mm)
        return None if loss is None else loss + max(self.taken_mdb(way, 1) for way in (0, 1))

    def plant_mdb(self, length_mm: int) -> int | None:
        """Insertion loss without attenuators: `a * L`, rounded up, plus `n * c` and `s * p`; or the statistical sum."""
        if self.attenuation is None or self.connection is None or (self.splices and self.splice is None):
            return None
        joints = ((self.connections, self.connection), (self.splices, self.splice or 0))
        return plant_mdb(length_mm, self.attenuation, joints, self.statistical)

    def taken_mdb(self, way: int, sign: int) -> int:
        """What attenuators take of direction 0 (towards z) or 1, at most (`sign` 1) or at least (-1)."""
        inline = (self.z_attenuator, self.a_attenuator)
        is_both = holds_both_ways(text(self.fiber, "connector"))
        passed = [part for index, part in enumerate(inline) if part is not None and (is_both or index == way)]
        return sum((number(part, "loss_mdb") or 0) + sign * (number(part, "tolerance_mdb") or 0) for part in passed)


def channel_findings(view: View) -> list[Diagnostic]:
    """Check the channel of every class that has fibre and known lengths."""
    findings: list[Diagnostic] = []
    for row, link_class in enumerate(view.plan.classes):
        ordered = view.plan.links.ordered_mm[view.rows(row)]
        if link_class.direct or link_class.line or not ordered.size or int(ordered.min()) < 0:
            continue
        channel = _channel(view, row, int(ordered.min()), int(ordered.max()))
        findings += _reach(view, channel) + _shortest(channel) + _loss(view, channel) + light_findings(channel)
    return findings


def _channel(view: View, row: int, shortest_mm: int, longest_mm: int) -> Channel:
    link_class = view.plan.classes[row]
    fiber = view.part(link_class.fiber)
    grade = view.plan.parts.get(link_class.grade)
    connector_name = fiber.facts["connector"].value if "connector" in fiber.facts else ""
    connector = view.plan.parts.get(str(connector_name))
    segment = view.plan.segments[link_class.segment]
    return Channel(
        row,
        link_class,
        view.part(link_class.a_module),
        view.part(link_class.z_module),
        fiber,
        shortest_mm,
        longest_mm,
        segment.connections,
        None if grade is None or foreign_nm(view.plan, link_class) else number(grade, "attenuation_mdb_per_km"),
        None if connector is None else number(connector, "loss_max_mdb"),
        segment.splices,
        segment.splice_loss_mdb,
        view.plan.parts.get(link_class.a_attenuator),
        view.plan.parts.get(link_class.z_attenuator),
        view.plan.policy.statistical,
    )


def _unfounded(view: View, channel: Channel, check: str, missing: str) -> list[Diagnostic]:
    """Report a check that the plan records as good although a figure it needs is not in the plan."""
    recorded = [each for each in view.plan.checks if each.link_class == channel.index and each.name == check]
    if not any(each.verdict == "holds" for each in recorded):
        return []
    message = f"{channel.link_class.name}: the plan records that {check} holds, but has no usable figure for {missing}"
    return [finding("check-unfounded", message)]


# ------------------------------------------------------------------ lengths


def _reach(view: View, channel: Channel) -> list[Diagnostic]:
    """The longest cable is within the reach of both modules, towards each other, and of the fibre assembly."""
    grade = channel.link_class.grade
    limits: list[tuple[str, int | None]] = []
    for module, far in channel.ways():
        limits.append((f"{module.name} over {grade}", _module_reach(channel, module)))
        if f"reach_mm@{far.name}" in module.facts:
            limits.append((f"{module.name} towards {far.name}", number(module, f"reach_mm@{far.name}")))
    if "max_total_mm" in channel.fiber.facts:
        limits.append((f"the whole channel of {channel.fiber.name}", number(channel.fiber, "max_total_mm")))
    known = [(reach, whose) for whose, reach in limits if reach is not None]
    if known:
        reach, whose = min(known)
        if channel.longest_mm > reach:
            over = metres(channel.longest_mm - reach)
            cable = f"{channel.link_class.name}: a cable of {metres(channel.longest_mm)}"
            return [finding("reach-exceeded", f"{cable} exceeds the reach of {whose}, {metres(reach)}, by {over}")]
    missing = next((whose for whose, reach in limits if reach is None), "")
    return _unfounded(view, channel, "reach", f"the reach of {missing}") if missing else []


def _module_reach(channel: Channel, module: PlanPart) -> int | None:
    """Return a module's reach, shortened where connections and splices take more than the share they are allotted."""
    grade = channel.link_class.grade
    reach, loss = number(module, f"reach_mm.{grade}"), number(module, f"loss_max_mdb.{grade}")
    share, joints = number(module, f"connections_mdb.{grade}"), channel.plant_mdb(0)
    per_km = channel.attenuation
    own = channel.statistical
    if own is not None and own.attenuation_mean_mdb_per_km is not None:
        spread = Fraction(*own.k) * (own.attenuation_sigma_mdb_per_km or 0)
        per_km = own.attenuation_mean_mdb_per_km - int(-spread // 1)
    if reach is None or loss is None or share is None or joints is None or not per_km or joints <= share:
        return reach
    return min(reach, max(0, loss - joints) * KM_MM // per_km)


def _shortest(channel: Channel) -> list[Diagnostic]:
    findings = []
    for name in dict.fromkeys((channel.a.name, channel.z.name)):
        module = channel.a if channel.a.name == name else channel.z
        least = number(module, "min_length_mm")
        if least is not None and channel.shortest_mm < least:
            shortest, needed = metres(channel.shortest_mm), metres(least)
            message = f"{channel.link_class.name}: a cable of {shortest} is shorter than {name} allows, {needed}"
            findings.append(finding("cable-below-minimum", message))
    return findings


# ------------------------------------------------------------------ loss


def _loss(view: View, channel: Channel) -> list[Diagnostic]:
    """Recompute loss and budget, compare them with each other and with what the class states."""
    link_class, loss = channel.link_class, channel.loss_mdb
    if loss is None:
        fact = f"the attenuation of {link_class.grade} or the loss of its connectors"
        return _unfounded(view, channel, "loss", fact)
    budget = _promised(channel) or _window(channel)
    if budget is None:
        return _unfounded(view, channel, "loss", f"the channel loss that {channel.a.name} and {channel.z.name} allow")
    findings = []
    if loss > budget:
        over = decibels(loss - budget)
        findings.append(
            finding(
                "loss-exceeded",
                f"{link_class.name}: loss {decibels(loss)} exceeds the budget {decibels(budget)} by {over} "
                f"({metres(channel.longest_mm)} of {link_class.grade}, {channel.connections} connections)",
            )
        )
    if loss - budget > -view.plan.policy.margin_mdb and loss <= budget:
        wanted = decibels(view.plan.policy.margin_mdb)
        left = decibels(budget - loss)
        message = f"{link_class.name}: {left} of the budget is left, the policy asks for a margin of {wanted}"
        findings.append(finding("loss-exceeded", message))
    for what, stated, found in (("loss", link_class.loss_mdb, loss), ("budget", link_class.budget_mdb, budget)):
        if stated is not None and stated != found:
            message = (
                f"{link_class.name}: the plan states a {what} of {decibels(stated)}, its parts give {decibels(found)}"
            )
            findings.append(finding("budget-mismatch", message))
    return findings


def _promised(channel: Channel) -> int | None:
    """Return the lower loss that both modules promise: a stated maximum, or the channel their reach assumes."""
    budgets = []
    for module, _ in channel.ways():
        budget = number(module, f"loss_max_mdb.{channel.link_class.grade}")
        budgets.append(budget if budget is not None else _assumed(channel, module))
    known = [budget for budget in budgets if budget is not None]
    return min(known) if len(known) == 2 else None


def _assumed(channel: Channel, module: PlanPart) -> int | None:
    """Return the loss of the channel that a reach figure assumes, if this plant is no worse in any part."""
    count, each = number(module, "channel_connections"), number(module, "channel_connection_loss_mdb")
    reach = number(module, f"reach_mm.{channel.link_class.grade}")
    if count is None or each is None or reach is None or channel.attenuation is None or channel.connection is None:
        return None
    if channel.connections > count or channel.connection > each or channel.splices:
        return None
    return (reach * channel.attenuation + KM_MM - 1) // KM_MM + count * each


def _window(channel: Channel) -> int | None:
    """Return the smaller `P_tx,min - P_rx,min` of both directions."""
    windows = []
    for sender, receiver in channel.ways():
        sent, needed = number(sender, "tx_min_mdbm"), number(receiver, "rx_min_mdbm")
        if sent is None or needed is None:
            return None
        windows.append(sent - needed)
    return min(windows)


# ------------------------------------------------------------------ light at the receiver


def light_findings(channel: Channel) -> list[Diagnostic]:
    """Check both directions: too much light over the shortest cable, too weak a signal over the longest one."""
    findings = _inline(channel)
    for way, (sender, receiver) in enumerate(channel.ways()):
        findings += _overload(channel, way, sender, receiver) + _signal(channel, way, sender, receiver)
    return findings


def _inline(channel: Channel) -> list[Diagnostic]:
    """The attenuators fit the fibre they stand in."""
    findings = []
    for part in (channel.a_attenuator, channel.z_attenuator):
        for what in ("connector", "medium"):
            if part is not None and text(part, what) != text(channel.fiber, what):
                message = (
                    f"{channel.link_class.name}: {part.name} is for {text(part, what)}, "
                    f"{channel.fiber.name} is {text(channel.fiber, what)}"
                )
                findings.append(finding("connector-mismatch", message))
    return findings


def _overload(channel: Channel, way: int, sender: PlanPart, receiver: PlanPart) -> list[Diagnostic]:
    """No source tells the least that connectors and fibre take away: all that passes the attenuators may arrive."""
    findings = []
    for what, launched, borne in (("", "tx_max_mdbm", "rx_max_mdbm"), (" OMA", "tx_oma_max_mdbm", "rx_oma_max_mdbm")):
        sent, most = number(sender, launched), number(receiver, borne)
        if sent is None or most is None or sent - channel.taken_mdb(way, -1) <= most:
            continue
        arrives = sent - channel.taken_mdb(way, -1)
        message = (
            f"{channel.link_class.name}: {receiver.name} may receive{what} {arrives / 1000:g} dBm "
            f"from {sender.name} over {metres(channel.shortest_mm)}, its overload is {most / 1000:g} dBm, "
            f"{decibels(arrives - most)} less"
        )
        findings.append(finding("receiver-overload", message))
    return findings


def _signal(channel: Channel, way: int, sender: PlanPart, receiver: PlanPart) -> list[Diagnostic]:
    """What is left of the signal's OMA at the receiver: of the poorest signal allowed, and of the weakest."""
    plant = channel.plant_mdb(channel.longest_mm)
    stressed, tested = number(receiver, "rx_stressed_oma_mdbm"), number(receiver, "tdecq_max_mdb")
    poor, poorest = number(sender, "tx_oma_tdecq_min_mdbm"), number(sender, "tdecq_max_mdb")
    pairs = [(number(sender, "tx_oma_min_mdbm"), number(receiver, "rx_sens_oma_mdbm"))]
    if stressed is not None and tested is not None and (poorest is None or poorest <= tested):
        pairs.append((poor, stressed - tested))
    findings = []
    for sent, needed in pairs:
        if sent is None or needed is None or plant is None:
            continue
        arrives = sent - plant - channel.taken_mdb(way, 1)
        if arrives < needed:
            message = (
                f"{channel.link_class.name}: of {sender.name}, {receiver.name} gets OMA {arrives / 1000:g} dBm and "
                f"needs {needed / 1000:g} dBm, {decibels(needed - arrives)} more"
            )
            findings.append(finding("oma-too-low", message))
    return findings
