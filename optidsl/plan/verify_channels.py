"""The channel of every class: reach, shortest length, insertion loss against its budget, overload of the receiver.

Lengths are those ordered: light runs through the whole cable.
"""

from __future__ import annotations

from optidsl._record import record
from optidsl.diag import Diagnostic
from optidsl.plan.model import PlanClass, PlanPart
from optidsl.plan.verify_view import View, decibels, finding, metres, number

KM_MM = 1_000_000


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

    def ways(self) -> tuple[tuple[PlanPart, PlanPart], tuple[PlanPart, PlanPart]]:
        """Return sender and receiver of both directions."""
        return (self.a, self.z), (self.z, self.a)

    @property
    def loss_mdb(self) -> int | None:
        """Worst insertion loss of the longest cable: `a * L`, rounded up, plus `n * c`."""
        if self.attenuation is None or self.connection is None:
            return None
        fibre = (self.longest_mm * self.attenuation + KM_MM - 1) // KM_MM
        return fibre + self.connections * self.connection


def channel_findings(view: View) -> list[Diagnostic]:
    """Check the channel of every class that has fibre and known lengths."""
    findings: list[Diagnostic] = []
    for row, link_class in enumerate(view.plan.classes):
        ordered = view.plan.links.ordered_mm[view.rows(row)]
        if link_class.direct or not ordered.size or int(ordered.min()) < 0:
            continue
        channel = _channel(view, row, int(ordered.min()), int(ordered.max()))
        findings += _reach(view, channel) + _shortest(channel) + _loss(view, channel) + _overload(channel)
    return findings


def _channel(view: View, row: int, shortest_mm: int, longest_mm: int) -> Channel:
    link_class = view.plan.classes[row]
    fiber = view.part(link_class.fiber)
    grade = view.plan.parts.get(link_class.grade)
    connector_name = fiber.facts["connector"].value if "connector" in fiber.facts else ""
    connector = view.plan.parts.get(str(connector_name))
    return Channel(
        row,
        link_class,
        view.part(link_class.a_module),
        view.part(link_class.z_module),
        fiber,
        shortest_mm,
        longest_mm,
        view.plan.segments[link_class.segment].connections,
        None if grade is None else number(grade, "attenuation_mdb_per_km"),
        None if connector is None else number(connector, "loss_max_mdb"),
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
        limits.append((f"{module.name} over {grade}", number(module, f"reach_mm.{grade}")))
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
    if channel.connections > count or channel.connection > each:
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


# ------------------------------------------------------------------ overload


def _overload(channel: Channel) -> list[Diagnostic]:
    """At its best, the shortest channel must not put more light on a receiver than it takes."""
    findings = []
    for sender, receiver in channel.ways():
        sent, most = number(sender, "tx_max_mdbm"), number(receiver, "rx_max_mdbm")
        if sent is None or most is None:
            continue
        # No source tells the least that connectors and fibre take away: all that is sent may arrive.
        if sent > most:
            findings.append(
                finding(
                    "receiver-overload",
                    f"{channel.link_class.name}: {receiver.name} may receive {sent / 1000:g} dBm "
                    f"from {sender.name} over {metres(channel.shortest_mm)}, its overload is {most / 1000:g} dBm, "
                    f"{decibels(sent - most)} less",
                )
            )
    return findings
