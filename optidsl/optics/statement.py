"""The statements of the source that decide which parts may serve a class: what conflicts are told in."""

from __future__ import annotations

from typing import TypeVar

from optidsl._record import record
from optidsl.diag import Span
from optidsl.optics.classify import ClassView
from optidsl.optics.text import listing, plural, quantity
from optidsl.sema.design import Policy
from optidsl.sema.slot import Slot

T = TypeVar("T")


@record(frozen=True, slots=True)
class Statement:
    """One statement. `key` is unique; `text` is what a label under `span` says of it.

    `topic` is what kind of statement it is: length, medium, module, cable, media, vendors, form-factors, grades,
    margin, optic-skus, cable-skus, rack-power, site-power, requirement, unknown.
    """

    key: str
    topic: str
    span: Span | None
    text: str


def length_statement(view: ClassView) -> Statement:
    """The statement that the class's links are as long as they are."""
    connect = view.segment.connect
    span = connect.length_mm.span if connect.length_mm.is_decided else connect.origin.span
    count = plural(len(view.link_class.links), "link")
    longest = quantity(view.link_class.longest_mm, "mm")
    return Statement(
        f"length {view.index}", "length", span, f"the longest of {count} needs {longest} ({view.longest_name})"
    )


def connect_statement(view: ClassView, topic: str, slot: Slot[str]) -> Statement:
    """A bound of the connect on `medium`, `module` or `cable`."""
    return Statement(f"{topic} {view.link_class.segment}", topic, slot.span, f"{topic} must be {allowed(slot)}")


def policy_statement(policy: Policy, topic: str, slot: Slot[str]) -> Statement:
    """A list of the policy: media, vendors, form-factors or grades."""
    return Statement(f"policy {topic}", topic, slot.span, f"{topic.replace('-', ' ')} must be {allowed(slot)}")


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
