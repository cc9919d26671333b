"""Compatibility rules, tested bundles and approvals from their entities."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl.catalog.governance import Approval, Firmware, is_before, version_key
from optidsl.catalog.parts import Bundle, Rule
from optidsl.catalog.reader import Reader, need
from optidsl.catalog.rules import TRAITS
from optidsl.diag import Label, Sink, Span
from optidsl.units import edit_distance

Complaint = tuple[str, Span, str]
"""A message, its place, and the label there."""

_CONDITIONS = ("of", "firmware", "fixed", "firmware_min", "far", "longer_than")


def rule(reader: Reader, sink: Sink) -> Rule | None:
    """Return the rule that an entity describes, or None after reporting what is wrong with it."""
    built = Rule(
        reader.entity.name,
        reader.entity.label_span,
        reader.text("kind"),
        reader.text("a"),
        reader.text("b"),
        reader.text("verdict"),  # type: ignore[arg-type]
        need(reader.text_fact("reason")),
        _firmware(reader),
        reader.text("far"),
        reader.entity.scaled("longer_than", "mm"),
    )
    is_sound = _are_selectors(built, sink)
    for message, span, label in _complaints(reader, built):
        is_sound = False
        sink.error("part-inconsistent", f"rule {built.name}: {message}", span, label)
    return built if _are_versions(reader, ("firmware", "fixed", "firmware_min"), sink) and is_sound else None


def _firmware(reader: Reader) -> Firmware | None:
    if not any(reader.text(name) for name in ("of", "firmware", "fixed", "firmware_min")):
        return None
    first, _, last = reader.text("firmware").partition("..")
    return Firmware(reader.text("of"), first, last or first, reader.text("fixed"), reader.text("firmware_min"))


def _are_versions(reader: Reader, names: tuple[str, ...], sink: Sink) -> bool:
    """Report versions that cannot be compared."""
    is_good = True
    for name in names:
        attr = reader.entity.get(name)
        for text in reader.text(name).split("..") if reader.text(name) else ():
            if version_key(text) is None and attr is not None:
                is_good = False
                bad_version(f"`{reader.entity.kind}.{name}`", text, attr.value_span, sink)
    return is_good


def bad_version(what: str, text: str, span: Span, sink: Sink) -> None:
    """Report a version that is not numbers with dots between."""
    sink.error(
        "bad-version",
        f"{what} is no version: `{text}` is not numbers with dots between",
        span,
        "as `28.39.1002`",
    )


def _complaints(reader: Reader, built: Rule) -> Iterator[Complaint]:
    firmware, span = built.firmware, built.span
    stated = [name for name in _CONDITIONS if reader.entity.value(name) is not None]
    if stated and built.kind != "in-cage":
        yield f"`{stated[0]}` is only for rules of the kind in-cage", span, "a rule about no box"
    if firmware is None:
        return
    if not firmware.family:
        yield "its versions are of no family of firmware", span, "needs `of`"
    if not firmware.first and not firmware.least:
        yield "`of` names a family of firmware, and no version is stated", span, "needs `firmware` or `firmware_min`"
    if firmware.first and firmware.least:
        yield "`firmware` and `firmware_min` are two rules", span, "write one for each"
    if firmware.least and built.verdict != "allowed":
        yield f"a pair that needs a version is allowed from there on, not {built.verdict}", span, "verdict"
    if firmware.first and built.verdict == "allowed":
        yield "`firmware` is of what goes wrong, and the verdict is allowed", span, "use `firmware_min`"
    yield from _order(firmware, span)


def _order(firmware: Firmware, span: Span) -> Iterator[Complaint]:
    if is_before(firmware.last, firmware.first):
        yield f"firmware {firmware.first}..{firmware.last} ends before it starts", span, "swap the two"
    if firmware.fixed and not firmware.first:
        yield "`fixed` is of a rule with `firmware`", span, "nothing to be fixed"
    elif firmware.fixed and not is_before(firmware.last, firmware.fixed):
        listed = f"fixed in {firmware.fixed}, and still listed in {firmware.last}"
        yield listed, span, "cannot be fixed while it is listed"


def _are_selectors(built: Rule, sink: Sink) -> bool:
    """Report selectors by an attribute that no part has."""
    words = f"{built.a} {built.b} {built.far}".split()
    unknown = [key for key, equals, _ in (word.partition("=") for word in words) if equals and key not in TRAITS]
    for key in unknown:
        near = min(TRAITS, key=lambda name: (edit_distance(key, name), name))
        sink.error(
            "unknown-selector",
            f"rule {built.name} selects parts by `{key}`, and no part has such an attribute",
            built.span,
            f"`{key}`",
            helps=(f"did you mean `{near}`?",),
        )
    return not unknown


def bundle(reader: Reader, sink: Sink) -> Bundle | None:
    """Return the bundle that an entity describes, or None after reporting what is wrong with it."""
    entity = reader.entity
    members = [reader.child(child) for child in entity.of_kind("member")]
    names = [member.entity.name for member in members]
    refused = [member for member in members if not _are_versions(member, ("version",), sink)]
    twice = next((name for at, name in enumerate(names) if name in names[:at]), None)
    problem = (
        f"names {twice} twice" if twice else "has one member: there is nothing to go together" if not names[1:] else ""
    )
    if problem:
        sink.error("part-inconsistent", f"bundle {entity.name}: {problem}", entity.label_span, "members")
    if problem or refused:
        return None
    stated = tuple((member.entity.name, need(member.text_fact("version"))) for member in members)
    return Bundle(entity.name, entity.label_span, stated)


def approval(reader: Reader) -> Approval:
    """Return the approval that an entity describes."""
    entity = reader.entity
    verdict = entity.get("verdict")
    return Approval(
        entity.name,
        entity.label_span,
        "approved" if reader.text("verdict") == "approved" else "rejected",
        reader.text("because"),
        reader.text("until"),
        entity.label_span if verdict is None else verdict.value_span,
    )


def approvals_that_agree(found: list[Approval], names: set[str], sink: Sink) -> tuple[Approval, ...]:
    """Return one approval for each part, the first; report parts that do not exist, and words that differ."""
    first: dict[str, Approval] = {}
    for each in found:
        if each.part not in names:
            _unknown_part(each, names, sink)
            continue
        before = first.setdefault(each.part, each)
        if before.verdict != each.verdict:
            sink.error(
                "approval-conflict",
                f"{each.part} is {before.verdict} and {each.verdict}",
                each.at,
                f"{each.verdict}: {each.because}",
                secondary=(Label(before.at, f"{before.verdict}: {before.because}"),),
                helps=("keep one of the two: a design does not choose between the words of two teams",),
            )
    return tuple(first.values())


def _unknown_part(each: Approval, names: set[str], sink: Sink) -> None:
    near = min(names, key=lambda name: (edit_distance(each.part, name), name), default="")
    is_near = near and edit_distance(each.part, near) <= max(2, len(each.part) // 3)
    sink.error(
        "unknown-part",
        f"approval of {each.part}, and there is no part of that name",
        each.span,
        "no such part",
        helps=(f"did you mean `{near}`?",) if is_near else ("`use` the module that declares it",),
    )
