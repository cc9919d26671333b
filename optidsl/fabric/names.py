"""Name devices from the design's templates, and refuse what is no host name, or names two devices.

A device's name is its host name, stands in configurations and CSV tables, and names files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import Formatter

from optidsl._record import record
from optidsl.diag import Sink, Span
from optidsl.fabric.refusal import Refusal, words
from optidsl.fabric.tables import DeviceGroup, DeviceTable
from optidsl.sema.design import Design

PLACE_FIELDS = ("site", "hall", "row", "rack")
SWITCH_FIELDS = ("design", *PLACE_FIELDS, "fabric", "tier", "plane", "pod", "index")
NODE_FIELDS = ("design", *PLACE_FIELDS, "node", "key", "pod", "index")
LONGEST = 63
"""Characters of a host name. Source: RFC 1123 section 2.1."""

_HOST_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]")
_WIDTH = re.compile(r"[1-9][0-9]{2,}")
_ALPHABET = "host names have letters, digits, `-`, `.` and `_`, the first a letter or digit"
_KEY = re.compile(r"[-_.:/]?\{key[^}]*\}")


class _Text(str):
    """A field that is not a number: a width in the template does not pad it."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return str(self)


@record(frozen=True, slots=True)
class Location:
    """Where a device stands, for templates that say so."""

    site: str = ""
    hall: str = ""
    row: str = ""
    rack: str = ""


def fields_of(template: str) -> list[str]:
    """Return the field names of a template, in order; raises ValueError when it is malformed."""
    return [name for _, name, _, _ in Formatter().parse(template) if name is not None]


def names_place(design: Design) -> bool:
    """Tell whether a template names the place of a device, so that names are final only after placement."""
    templates = (design.naming.switch, design.naming.node)
    return any(name in PLACE_FIELDS for template in templates for name in fields_of(template))


def template_refusal(design: Design) -> Refusal | None:
    """Return what is wrong with the naming templates, None when nothing is."""
    naming = design.naming
    for kind, template, allowed in (("switch", naming.switch, SWITCH_FIELDS), ("node", naming.node, NODE_FIELDS)):
        fields = f"fields: {words((f'{{{name}}}' for name in allowed), 'and')}"
        try:
            unknown = [name for name in fields_of(template) if name not in allowed]
            odd = _odd_characters(template)
            if unknown:
                what, help_ = f"has no meaning for {{{unknown[0]}}}", fields
            elif any(_WIDTH.search(spec or "") for _, _, spec, _ in Formatter().parse(template)):
                what, help_ = "pads a field to 100 or more characters", f"a host name has at most {LONGEST}"
            elif odd:
                what, help_ = f"has {words(odd, 'and')}, which host names cannot have", _ALPHABET
            else:
                template.format(**dict.fromkeys(allowed, 1))
                continue
        except (ValueError, IndexError, KeyError, AttributeError) as error:
            what, help_ = f"is malformed ({error})", fields
        return Refusal(
            "naming-template",
            f"the {kind} name template {_quoted(template)} {what}",
            _template_span(design, kind),
            helps=(help_,),
        )
    return None


def _odd_characters(template: str) -> list[str]:
    """Return the characters between the fields of a template that host names cannot have, each once, in order."""
    literal = "".join(text for text, _, _, _ in Formatter().parse(template))
    return [_quoted(character) for character in dict.fromkeys(_NOT_IN_NAMES.findall(literal))]


def _quoted(text: str) -> str:
    return f"`{text}`" if text.isprintable() else f"`{text.encode('unicode_escape').decode()}`"


def _template_span(design: Design, kind: str) -> Span:
    """Return where the template of switches or nodes stands, the design's name when nobody wrote one."""
    naming = design.naming
    written = naming.switch_span if kind == "switch" else naming.node_span
    if written is not None:
        return written
    return design.span if naming.origin is None else naming.origin.span


def device_names(
    design: Design, groups: Sequence[DeviceGroup], devices: DeviceTable, where: Sequence[Location] | None = None
) -> tuple[str, ...]:
    """Return the name of every device, shape `(n_devices,)`; `where` gives their places when they are known."""
    names: list[str] = []
    for group in groups:
        template = design.naming.node if group.kind == "node" else design.naming.switch
        if group.node is not None and group.node.keys is None:
            template = _KEY.sub("", template)
        fixed = _fixed_fields(design, group, template)
        for ordinal in range(group.count):
            row = group.first + ordinal
            place = Location() if where is None else where[row]
            pod = int(devices.pod[row])
            key: int | _Text = _Text(devices.key[row])
            if group.node is not None and group.node.keys is not None and isinstance(group.node.keys[ordinal], int):
                key = int(devices.key[row])
            index = ordinal + 1 if group.node is not None else int(devices.key[row])
            names.append(
                template.format(
                    **fixed,
                    site=_Text(place.site),
                    hall=_Text(place.hall),
                    row=_Text(place.row),
                    rack=_Text(place.rack),
                    pod=pod + 1 if pod >= 0 else _Text(""),
                    key=key,
                    index=index,
                )
            )
    return tuple(names)


def _fixed_fields(design: Design, group: DeviceGroup, template: str) -> dict[str, int | _Text]:
    """Return the fields that are the same for a whole group.

    With several planes, a template without `{plane}` prints the plane with the fabric: `compute-p0`.
    """
    fabric = group.fabric.replace(".", "-")  # a dot would end the host part of a name
    if group.plane >= 0 and "plane" not in fields_of(template):
        fabric = f"{fabric}-p{group.plane}"
    return {
        "design": _Text(design.name),
        "fabric": _Text(fabric),
        "tier": _Text(group.tier_name),
        "plane": group.plane if group.plane >= 0 else _Text(""),
        "node": _Text(group.name.replace(".", "-")),
    }


def report_names(design: Design, groups: Sequence[DeviceGroup], names: Sequence[str], sink: Sink) -> None:
    """Put an error into the sink for each template that makes no host name; else for names that two devices have."""
    refused: set[str] = set()
    for group in groups:
        for name in names[group.first : group.first + group.count]:
            if group.kind in refused or (_HOST_NAME.fullmatch(name) and len(name) <= LONGEST):
                continue
            refused.add(group.kind)
            _refuse_name(design, group, name, sink)
    if not refused:
        report_collisions(design, groups, names, sink)


def _refuse_name(design: Design, group: DeviceGroup, name: str, sink: Sink) -> None:
    template = design.naming.node if group.kind == "node" else design.naming.switch
    shown = _quoted(name) if len(name) <= LONGEST else _quoted(f"{name[:20]}…")
    what = "it is no host name" if len(name) <= LONGEST else f"it has {len(name)} characters"
    sink.error(
        "naming-template",
        f"the {group.kind} name template {_quoted(template)} names a device of `{group.name}` {shown}: {what}",
        _template_span(design, group.kind),
        "made from this",
        helps=(_ALPHABET if len(name) <= LONGEST else f"a host name has at most {LONGEST} characters",),
    )


def report_collisions(design: Design, groups: Sequence[DeviceGroup], names: Sequence[str], sink: Sink) -> None:
    """Put one error into the sink for each pair of groups in which two devices have one name."""
    if len(set(names)) == len(names):
        return
    first: dict[str, tuple[DeviceGroup, int]] = {}
    seen: set[tuple[str, str]] = set()
    for group in groups:
        for ordinal in range(group.count):
            name = names[group.first + ordinal]
            other = first.setdefault(name, (group, ordinal))
            if other == (group, ordinal) or (other[0].name, group.name) in seen:
                continue
            seen.add((other[0].name, group.name))
            sink.error(
                "name-collision",
                f"`{name}` would name two devices: number {other[1] + 1} of `{other[0].name}` and number "
                f"{ordinal + 1} of `{group.name}`",
                design.naming.origin.span if design.naming.origin else group_span(group, design),
                "named here",
                helps=("tell them apart in the `naming` templates, as with {fabric}, {tier}, {node} or {index}",),
            )


def group_span(group: DeviceGroup, design: Design) -> Span:
    """Return where a group of devices is declared."""
    if group.node is not None:
        return group.node.origin.span
    return design.span if group.tier is None else group.tier.origin.span
