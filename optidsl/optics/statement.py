"""The statements of the source that decide which parts may serve a class: what conflicts are told in."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from optidsl._record import record
from optidsl.diag import Span
from optidsl.optics.classify import ClassView
from optidsl.optics.tables import Check
from optidsl.optics.text import listing, plural, quantity
from optidsl.sema.design import Policy
from optidsl.sema.slot import Slot

if TYPE_CHECKING:
    from optidsl.sema.transport import Line

T = TypeVar("T")


@record(frozen=True, slots=True)
class Statement:
    """One statement. `key` is unique; `text` is what a label under `span` says of it.

    `topic` is what kind of statement it is: length, medium, module, cable, media, vendors, form-factors, grades,
    margin, copper-reach, line, osnr-margin, optic-skus, cable-skus, fiber-types, multi-source, rack-power, site-power,
    requirement, rule,
    rejected, approved-only, unlisted, unknown. `length_mm` is that of a length; `is_stated` tells a number that the
    author wrote from what follows from the floor.
    """

    key: str
    topic: str
    span: Span | None
    text: str
    length_mm: int = 0
    is_stated: bool = True


def length_statement(view: ClassView) -> Statement:
    """The statement that the class's links are as long as they are, or that their line is what it is."""
    if view.line is not None:
        return line_statement(view.line)
    connect = view.segment.connect
    span = connect.length_mm.span if connect.length_mm.is_decided else connect.origin.span
    count = plural(len(view.link_class.links), "link")
    longest = quantity(view.link_class.longest_mm, "mm")
    return Statement(
        f"length {view.index}",
        "length",
        span,
        f"the longest of {count} needs {longest} ({view.longest_name})",
        view.link_class.longest_mm,
        connect.length_mm.is_decided,
    )


def line_statement(line: Line) -> Statement:
    """The statement that a line is what it is."""
    spans = plural(len(line.route.spans), "span")
    words = f"{spans} of {quantity(line.route.length_mm, 'mm')} in all, {line.channels} channels"
    return Statement(f"line {line.name}", "line", line.origin.span, words)


def span_statements(view: ClassView) -> tuple[Statement, ...]:
    """The statements of the spans that the class's line runs over; none on the floor."""
    if view.line is None:
        return ()
    return tuple(
        Statement(
            f"span {view.line.route.name} {span.name}",
            "line",
            span.origin.span,
            f"{quantity(span.length_mm, 'mm')} of {span.grade.name}",
        )
        for span in view.line.route.spans
    )


def connect_statement(view: ClassView, topic: str, slot: Slot[str]) -> Statement:
    """A bound of the connect on `medium`, `module` or `cable`."""
    where = str(view.link_class.segment) if slot.span is None else f"{slot.span.file}:{slot.span.start}"
    return Statement(f"{topic} {where}", topic, slot.span, f"{topic} must be {allowed(slot)}")


def policy_statement(policy: Policy, topic: str, slot: Slot[str]) -> Statement:
    """A list of the policy: media, vendors, form-factors or grades."""
    return Statement(f"policy {topic}", topic, slot.span, f"{topic.replace('-', ' ')} must be {allowed(slot)}")


def copper_reach_statement(technology: str, slot: Slot[int]) -> Statement:
    """The longest direct cable of a technology that the policy allows."""
    words = f"{technology} may be at most {quantity(slot.value or 0, 'mm')}"
    return Statement(f"policy copper-reach {technology}", "copper-reach", slot.span, words)


def multi_source_statement(policy: Policy) -> Statement:
    """The least number of vendors of every module."""
    words = f"every optic must be made by at least {policy.multi_source.value} vendors"
    return Statement("policy multi-source", "multi-source", policy.multi_source.span, words)


def rule_statement(check: Check) -> Statement:
    """A rule of the catalogue that forbids a plug because of the box at the far end."""
    return Statement(f"rule {check.detail}", "rule", check.blame[0] if check.blame else None, check.detail)


def margin_statement(policy: Policy) -> Statement:
    """The least margin of the policy."""
    least = quantity(margin_mdb(policy), "mdB")
    words = f"every link must keep {least} of its loss budget"
    return Statement("policy margin", "margin", policy.margin_mdb.span, words)


def margin_mdb(policy: Policy) -> int:
    """Return the least margin in 0.001 dB that the policy asks for."""
    slot = policy.margin_mdb
    wanted = slot.value if slot.value is not None else slot.lower
    return 0 if wanted is None else wanted


def osnr_margin_mdb(policy: Policy) -> int:
    """Return the least OSNR in 0.001 dB beyond its need that the policy asks for of a wave."""
    slot = policy.osnr_margin_mdb
    wanted = slot.value if slot.value is not None else slot.lower
    return 2000 if wanted is None else wanted


def osnr_margin_statement(policy: Policy) -> Statement:
    """The least OSNR margin of the policy."""
    least = quantity(osnr_margin_mdb(policy), "mdB")
    words = f"every wave must keep {least} of OSNR beyond its need"
    return Statement("policy osnr-margin", "osnr-margin", policy.osnr_margin_mdb.span, words)


def unknown_statement(policy: Policy, check: str) -> Statement:
    """The policy that a check without its number stops the choice."""
    span = None if policy.origin is None else policy.origin.span
    words = f"a link whose {check.replace('_', ' ')} is unknown is refused"
    return Statement(f"unknown {check}", "unknown", span, words)


def admits(slot: Slot[T], value: T) -> bool:
    """Tell whether a slot of words lets a value through."""
    if slot.value is not None:
        return value == slot.value
    return slot.options is None or value in slot.options


def limits(slot: Slot[str]) -> bool:
    """Tell whether a slot of words restricts anything."""
    return slot.value is not None or slot.options is not None


def allowed(slot: Slot[str]) -> str:
    """Return the words a slot lets through, for a sentence."""
    if slot.value is not None:
        return slot.value
    return listing(list(slot.options)) if slot.options else "nothing"
