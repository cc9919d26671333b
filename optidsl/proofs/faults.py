"""What the worst single failure of every kind does to each fabric, and which element it is."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Literal

from pydantic import Field

from optidsl.plan.model import Plan, Record
from optidsl.proofs.choice import chosen
from optidsl.proofs.elements import KINDS, Elements, elements_of
from optidsl.proofs.feeds import unsaid
from optidsl.proofs.figures import Figure, Figures
from optidsl.proofs.network import network_of

FAULTS_VERSION: Literal["1.0"] = "1.0"


class Loss(Record):
    """A figure after the worst failure for it: the element, and the value as an exact decimal or fraction.

    `at_most` says that the true figure may be lower still; `measured` and `different` count the elements that were
    measured and those that differ: where they are not equal, an element that was not measured may be worse.
    """

    element: str
    value: str
    at_most: bool
    note: str
    measured: int
    different: int


class FaultLine(Record):
    """The failure of one element of a kind, any of `elements`, in a fabric.

    `lost_endpoints` and `lost_nodes` count what is cut off, with what stood in the element; `uplink_share` is the
    least share of its links upwards or beside that a switch keeps; `bisection_mbps` is of what is left. A loss is null
    where the figure has no meaning or is not known.
    """

    fabric: str
    kind: str
    elements: int
    lost_endpoints: Loss | None
    lost_nodes: Loss | None
    uplink_share: Loss | None
    bisection_mbps: Loss | None


class Undecided(Record):
    """A kind of element whose failure cannot be judged in a fabric, because the design does not say what it does."""

    fabric: str
    kind: str
    because: str


class Faults(Record):
    """Every fabric of a design with every kind of element. `endpoints` is by fabric, before any failure."""

    schema_version: Literal["1.0"]
    design: str
    endpoints: dict[str, int]
    bisection_mbps: dict[str, int | None]
    lines: tuple[FaultLine, ...]
    undecided: tuple[Undecided, ...] = Field((), exclude_if=lambda value: not value)

    def to_json(self) -> str:
        """Return the faults as indented JSON."""
        return json.dumps(self.model_dump(), indent=2, ensure_ascii=False) + "\n"


def kinds_of(plan: Plan) -> tuple[str, ...]:
    """Return the kinds of element that a plan knows of: feeds where it states any."""
    return tuple(kind for kind in KINDS if kind != "feed" or plan.feeds)


def faults(plan: Plan, kinds: tuple[str, ...] | None = None) -> Faults:
    """Return what the failure of any one element does, for every fabric and kind that has elements.

    Args:
        plan: the plan.
        kinds: the kinds of element; None for all that the plan knows of.
    """
    lines, undecided = [], []
    kinds = kinds_of(plan) if kinds is None else kinds
    for fabric in plan.fabrics:
        whole = Figures(network_of(plan, fabric))
        for kind in kinds:
            if why := unsaid(whole.network, kind):
                undecided.append(Undecided(fabric=fabric.name, kind=kind, because=why))
                continue
            elements = elements_of(whole.network, kind)
            if elements.count and (kind != "plane" or elements.count > 1):
                lines.append(_line(plan, whole, elements))
    return Faults(
        schema_version=FAULTS_VERSION,
        design=plan.header.design,
        endpoints={fabric.name: fabric.endpoints for fabric in plan.fabrics},
        bisection_mbps={fabric.name: fabric.bisection_mbps for fabric in plan.fabrics},
        lines=tuple(lines),
        undecided=tuple(undecided),
    )


def _line(plan: Plan, whole: Figures, elements: Elements) -> FaultLine:
    after: dict[int, Figures] = {}
    losses = {
        name: _worst(plan, whole, elements, name, after)
        for name in ("lost_endpoints", "lost_nodes", "uplink_share", "bisection_mbps")
    }
    return FaultLine(
        fabric=whole.network.fabric.name,
        kind=elements.kind,
        elements=elements.count,
        lost_endpoints=losses["lost_endpoints"],
        lost_nodes=losses["lost_nodes"],
        uplink_share=losses["uplink_share"],
        bisection_mbps=losses["bisection_mbps"],
    )


def _worst(plan: Plan, whole: Figures, elements: Elements, name: str, after: dict[int, Figures]) -> Loss | None:
    """Return the worst of a figure over the elements: the most lost, the least kept."""
    choice = chosen(whole, elements, {name})
    worst: tuple[Fraction, int, Figure] | None = None
    for element in choice.rows:
        if element not in after:
            after[element] = Figures(whole.network, elements.failure(plan, element), whole)
        figure = after[element].get(name)
        if figure.value is None:
            continue
        badness = figure.value if name.startswith("lost") else -figure.value
        if worst is None or badness > worst[0]:
            worst = (badness, element, figure)
    if worst is None:
        return None
    _, element, figure = worst
    return Loss(
        element=elements.name(plan, element),
        value=str(figure.value),
        at_most=figure.is_bound,
        note=figure.note,
        measured=len(choice.rows),
        different=choice.different,
    )


# ------------------------------------------------------------------ as text


def faults_text(found: Faults) -> str:
    """Return the faults as a table for each fabric and kind."""
    lines: list[str] = []
    fabric = ""
    for line in found.lines:
        if line.fabric != fabric:
            fabric = line.fabric
            before = found.bisection_mbps[fabric]
            known = "bisection not known" if before is None else f"bisection {_rate(Fraction(before))}"
            lines += ([""] if lines else []) + [f"fabric {fabric}: {found.endpoints[fabric]:,} endpoints, {known}"]
        lines.append(f"  any {line.kind} of {line.elements:,}")
        lines += _losses(line, found.bisection_mbps[fabric])
    lines += [f"cannot conclude on any {each.kind} in {each.fabric}: {each.because}" for each in found.undecided]
    return "\n".join(lines) + "\n"


def _losses(line: FaultLine, before: int | None) -> list[str]:
    rows: list[tuple[str, str, Loss]] = []
    for word, loss in (("endpoints cut off", line.lost_endpoints), ("nodes cut off", line.lost_nodes)):
        if loss is not None:
            rows.append((word, f"{int(loss.value):,}", loss))
    if line.uplink_share is not None:
        rows.append(("least uplinks kept", _percent(Fraction(line.uplink_share.value)), line.uplink_share))
    if line.bisection_mbps is not None:
        value = Fraction(line.bisection_mbps.value)
        share = f", {_percent(value / before)}" if before else ""
        rows.append(("bisection left", f"{_rate(value)}{share}", line.bisection_mbps))
    return [_row(*row) for row in rows]


def _row(word: str, value: str, loss: Loss) -> str:
    amount = f"at most {value}" if loss.at_most else value
    note = f" ({loss.note})" if loss.note else ""
    rest = "" if loss.measured == loss.different else f"; {loss.measured:,} of {loss.different:,} measured"
    return f"    {word:<19} {amount:<22} {loss.element}{note}{rest}"


def _percent(share: Fraction) -> str:
    return f"{float(share) * 100:.4g}%"


def _rate(mbps: Fraction) -> str:
    return f"{float(mbps) / 1_000_000:.6g} Tbit/s"
