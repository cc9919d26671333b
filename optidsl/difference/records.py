"""Every field of a plan's records that no other section tells of: nothing that differs is silent.

What other sections tell is left out here by name; where a statement stands (`source_ref`) and what the sources hash to
is no change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from optidsl.difference.causes import segment_key
from optidsl.difference.field_words import NOT_THERE, name_of, text_of_value
from optidsl.difference.model import RecordChange
from optidsl.difference.same import Both
from optidsl.difference.words import counted
from optidsl.plan.model import Plan, PlanBomLine, PlanCheck, PlanClass, PlanFact, PlanPart, PortColumns, Record
from optidsl.plan.slice_model import PlanPatch
from optidsl.plan.spare_model import PlanSpare

_TOLD: dict[str, tuple[str, ...]] = {
    "PlanBomLine": ("category", "part", "length_mm", "quantity"),
    "PlanCheck": ("name", "link_class"),
    "PlanClass": (
        *("name", "segment", "a_group", "z_group", "candidate", "a_module", "z_module", "fiber", "direct", "grade"),
        *("a_attenuator", "z_attenuator", "line"),
    ),
    "PlanFabric": (
        *("name", "kind", "protocol", "planes", "tiers", "counts", "oversubscription", "oversubscription_limit"),
        *("endpoints", "bisection_mbps", "hops", "latency_ps", "parameters"),
    ),
    "PlanFeed": ("name", "site", "load_mw"),
    "PlanGroup": ("name", "plane", "first", "count", "model", "given"),
    "PlanHeader": (
        *("schema_version", "design", "title", "owner", "params", "sources", "emit", "proof", "naming"),
        "cable_labels",
    ),
    "PlanPatch": ("group",),
    "PlanPhase": ("name",),
    "PlanRack": ("name", "site", "hall", "row", "x_mm", "y_mm", "units"),
    "PlanRequirement": ("name", "text", "verdict", "slack", "unit"),
    "PlanScaleUp": ("name", "group"),
    "PlanSignal": ("link_class",),
    "PlanSpare": ("part", "length_mm", "site", "in_service"),
    "PlanTest": ("verdict", "failure", "elements"),
}
"""Fields of which another section tells, by which records are known, or that the verifier derives from others."""

Pair = tuple[str, str, str]
"""A field in words, its value before and after."""


def record_changes(both: Both) -> tuple[RecordChange, ...]:
    """Return what differs in the records of two plans and is told nowhere else.

    Args:
        both: the plans, the first under the names of the second.
    """
    before, after = both.before.plan, both.after.plan
    found: list[RecordChange] = []
    for section, table, is_told in _MEMBERS:
        one, other = table(before), table(after)
        for key in dict.fromkeys([*other, *one]):
            old, new = one.get(key), other.get(key)
            if old is not None and new is not None:
                pairs = _check(old, new, both) if isinstance(old, PlanCheck) else differing(old, new)
                found += [RecordChange(section, key, *pair) for pair in pairs]
            elif new is not None and not is_told(new, after, before):
                found.append(RecordChange(section, key, "", NOT_THERE, gist(new)))
            elif old is not None and not is_told(old, before, after):
                found.append(RecordChange(section, key, "", gist(old), NOT_THERE))
    return tuple(found)


def _check(old: Record, new: Record, both: Both) -> Iterator[Pair]:
    """Yield what a check says in one line; nothing where its words alone differ, because the parts are others."""
    if not isinstance(old, PlanCheck) or not isinstance(new, PlanCheck):
        return
    names = [name for name in type(new).model_fields if getattr(old, name) != getattr(new, name)]
    names = [name for name in names if name != "link_class"]
    classes = [
        each.classes[check.link_class].candidate if check.link_class >= 0 else ""
        for each, check in ((both.before.plan, old), (both.after.plan, new))
    ]
    if not names or (classes[0] != classes[1] and not {"verdict", "margin", "missing"} & set(names)):
        return
    yield ", ".join(map(name_of, names)), _verdict(old, names), _verdict(new, names)


def _verdict(check: PlanCheck, names: list[str]) -> str:
    margin = "" if check.margin is None else text_of_value(f"_{check.unit.lower()}", check.margin)
    more = [f"{name_of(name)} {getattr(check, name) or 'none'}" for name in names if name in ("missing", "source")]
    more += [check.confidence or "none"] if "confidence" in names else []
    return "; ".join([check.verdict + (f" by {margin}" if margin else ""), check.detail, *more])


# ------------------------------------------------------------------ fields


def differing(old: Record, new: Record, lead: str = "") -> Iterator[Pair]:
    """Yield the fields that differ, those of records inside included; what is told elsewhere is left out."""
    told = _TOLD.get(type(new).__name__, ())
    if isinstance(old, PlanBomLine) and isinstance(new, PlanBomLine):
        told = (*told, *_products(old, new))
    for name in type(new).model_fields:
        one, other = getattr(old, name), getattr(new, name)
        if one != other and name not in told and name != "source_ref":
            yield from _values(name, one, other, lead)


def _products(old: PlanBomLine, new: PlanBomLine) -> Iterator[str]:
    """Yield the amounts of a line that follow from a count or a price which is told."""
    if (old.price, old.quantity) != (new.price, new.quantity):
        yield "price_total"
    if (old.price, old.spares) != (new.price, new.spares):
        yield "spares_total"


def _values(name: str, old: object, new: object, lead: str) -> Iterator[Pair]:
    words = f"{lead}{name_of(name)}"
    if isinstance(old, PortColumns) and isinstance(new, PortColumns):
        yield from _ports(old, new)
    elif isinstance(old, Record) and isinstance(new, Record):
        yield from differing(old, new, f"{words}: ")
    elif isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*new, *old]):
            if old.get(key) != new.get(key):
                yield from _items(
                    f"{words} {key}" if name != "facts" else name_of(key), key, old.get(key), new.get(key)
                )
    elif any(isinstance(item, Record) for side in (old, new) if isinstance(side, tuple) for item in side):
        one, other = (_by_name(side) for side in (old, new))
        for key in dict.fromkeys([*other, *one]):
            if one.get(key) != other.get(key):
                yield from _items(f"{words.removesuffix('s')} {key}", key, one.get(key), other.get(key))
    else:
        yield words, text_of_value(name, old), text_of_value(name, new)


def _ports(old: PortColumns, new: PortColumns) -> Iterator[Pair]:
    """Yield a line for each column in which ports of one name differ, with the values of the first of them."""
    if old.name != new.name:
        yield "ports", _port_range(old), _port_range(new)
        return
    for column in type(new).model_fields:
        one, other = getattr(old, column), getattr(new, column)
        apart = [place for place in range(len(new.name)) if one[place] != other[place]]
        if apart:
            first = " (the first)" if len(apart) > 1 else ""
            was, now = (text_of_value(column, side[apart[0]]) for side in (one, other))
            yield f"{name_of(column)} of {counted(len(apart), 'port')}{first}", was, now


def _port_range(ports: PortColumns) -> str:
    return f"{len(ports.name):,}: {ports.name[0]} to {ports.name[-1]}" if ports.name else "none"


def _items(words: str, field: str, old: object, new: object) -> Iterator[Pair]:
    if isinstance(old, PlanFact) and isinstance(new, PlanFact):
        yield words, _fact(field, old, new), _fact(field, new, old)
    elif isinstance(old, Record) and isinstance(new, Record):
        yield from differing(old, new, f"{words}: ")
    else:
        one, other = (NOT_THERE if each is None else _gist_of(field, each) for each in (old, new))
        yield words, one, other


def _fact(field: str, fact: PlanFact, other: PlanFact) -> str:
    """Return the value of a fact, with what it rests on where that differs."""
    marks = [getattr(fact, name) for name in ("confidence", "source") if getattr(fact, name) != getattr(other, name)]
    text = text_of_value(field, fact.value)
    return f"{text} ({', '.join(mark or 'none' for mark in marks)})" if marks else text


def _by_name(records: object) -> Table:
    items = [each for each in records if not _is_in_bill(each)] if isinstance(records, tuple) else ()
    return _named((_known_by(each, place), each) for place, each in enumerate(items))


def _is_in_bill(record: Record) -> bool:
    """Tell whether the bill of material has the same count: spares of the one store of the whole design."""
    return isinstance(record, PlanSpare) and not record.site and record.afr is None and record.lead_days is None


def _known_by(record: Record, place: int) -> str:
    if isinstance(record, PlanSpare):
        return thing(record.part, record.length_mm) + (f" at {record.site}" if record.site else "")
    for name in ("name", "text"):
        if getattr(record, name, ""):
            return str(getattr(record, name))
    return str(place + 1)


def _gist_of(field: str, value: object) -> str:
    if isinstance(value, PlanFact):
        return text_of_value(field, value.value)
    return gist(value) if isinstance(value, Record) else text_of_value(field, value)


_KEYS = (
    *("name", "text", "link_class", "category", "fabric", "part", "length_mm", "site", "axis", "source_ref"),
    *("group", "first", "role"),
)
"""Fields by which records are known, and those that are no news of one that comes or goes."""

_GIST = 4
"""Fields that tell what a record is that comes or goes."""


def gist(record: Record) -> str:
    """Return the first fields of a record that say something."""
    pairs = [
        f"{name_of(name)} {text_of_value(name, value)}"
        for name in type(record).model_fields
        if name not in _KEYS
        and (value := getattr(record, name)) not in (None, "", (), {})
        and not isinstance(value, Record)
        and not (isinstance(value, tuple) and isinstance(value[0], Record))
    ]
    return ", ".join(pairs[:_GIST]) or "there"


# ------------------------------------------------------------------ records by what they are known by

Table = dict[str, Record]


def _named(records: Iterable[tuple[str, Record]]) -> Table:
    """Return records by key; one that is there already gets a number."""
    found: Table = {}
    for key, each in records:
        own, count = key, 1
        while own in found:
            count += 1
            own = f"{key} ({count})"
        found[own] = each
    return found


def thing(part: str, length_mm: int) -> str:
    """Return a part with its length, where it has one."""
    return f"{part} {text_of_value('length_mm', length_mm)}" if length_mm else part


def _checks(plan: Plan) -> Table:
    whose = [plan.classes[each.link_class].name if each.link_class >= 0 else "the design" for each in plan.checks]
    return _named((f"{each.name}, {who}", each) for each, who in zip(plan.checks, whose, strict=True))


def _signals(plan: Plan) -> Table:
    return _named((f"{plan.classes[each.link_class].name} at {each.receiver}", each) for each in plan.signals)


def _patches(plan: Plan) -> Table:
    return _named((f"{each.fabric} {each.axis}, {_boxes(plan, each)}", each) for each in plan.patches)


def _boxes(plan: Plan, patch: PlanPatch) -> str:
    group = plan.groups[patch.group]
    keys = plan.devices.key[group.first + patch.first : group.first + patch.first + patch.count]
    return f"{group.name}[{keys[0]}]" if keys else group.name


def _scale_up(plan: Plan) -> Table:
    return _named((f"{each.name} of {plan.groups[each.group].name}", each) for each in plan.scale_up)


def _groups(plan: Plan) -> Table:
    return _named((f"{each.name} of plane {each.plane}" if each.plane > 0 else each.name, each) for each in plan.groups)


# ------------------------------------------------------------------ what comes or goes and is told elsewhere


def _always(record: Record, own: Plan, other: Plan) -> bool:
    return True


def _never(record: Record, own: Plan, other: Plan) -> bool:
    return False


def _is_told_part(record: Record, own: Plan, other: Plan) -> bool:
    """Tell whether a part that comes or goes is bought, or serves a class of links."""
    name = record.name if isinstance(record, PlanPart) else ""
    bought = any(name == line.part for line in own.bom)
    return bought or any(
        name in (each.a_module, each.z_module, each.grade, each.fiber, each.direct) for each in own.classes
    )


def _is_told_check(record: Record, own: Plan, other: Plan) -> bool:
    """Tell whether a check comes or goes with its class."""
    row = record.link_class if isinstance(record, PlanCheck) else -1
    return row >= 0 and not _is_class_of(own.classes[row], other)


def _is_class_of(link_class: PlanClass, plan: Plan) -> bool:
    return any(
        (each.name, each.candidate) == (link_class.name, link_class.candidate)
        or (each.name == link_class.name and each.segment == link_class.segment)
        for each in plan.classes
    )


def _is_told_class(record: Record, own: Plan, other: Plan) -> bool:
    """Tell whether a class comes or goes with its segment."""
    segment = own.segments[record.segment] if isinstance(record, PlanClass) else None
    return segment is None or all(segment_key(each) != segment_key(segment) for each in other.segments)


_MEMBERS: tuple[tuple[str, Callable[[Plan], Table], Callable[[Record, Plan, Plan], bool]], ...] = (
    ("Design", lambda plan: {"the design": plan.header}, _always),
    ("Phases of growth", lambda plan: _named((each.name, each) for each in plan.growth or ()), _never),
    ("Spares", lambda plan: {} if plan.spares is None else {"rules": plan.spares}, _never),
    ("Waivers", lambda plan: _named((each.name or each.of, each) for each in plan.waivers), _never),
    ("Tests", lambda plan: _named((each.name, each) for each in plan.tests), _always),
    (
        "Requirements in detail",
        lambda plan: _named((each.name or each.text, each) for each in plan.requirements),
        _always,
    ),
    ("Scale-up networks", _scale_up, _never),
    ("Slices", lambda plan: _named((f"{each.fabric} {each.name}", each) for each in plan.slices), _never),
    ("Patches", _patches, _never),
    ("Feeds", lambda plan: _named((each.path, each) for each in plan.feeds), _never),
    ("Lines", lambda plan: _named((each.name, each) for each in plan.lines), _never),
    ("Signals", _signals, _never),
    ("Buying", lambda plan: _named((thing(line.part, line.length_mm), line) for line in plan.bom), _always),
    ("Racks", lambda plan: _named((each.name, each) for each in plan.racks), _always),
    ("Groups in detail", _groups, _always),
    ("Fabrics in detail", lambda plan: _named((each.name, each) for each in plan.fabrics), _always),
    ("Classes of links in detail", lambda plan: _named((each.name, each) for each in plan.classes), _is_told_class),
    ("Checks", _checks, _is_told_check),
    ("Parts", lambda plan: dict(plan.parts), _is_told_part),
)
"""Sections: records by key, and which that come or go another section tells of."""
