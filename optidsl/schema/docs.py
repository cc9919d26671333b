"""The schema table as a reference in Markdown: every kind, where it stands, and its attributes."""

from __future__ import annotations

from optidsl.schema.model import Attribute, Kind
from optidsl.schema.registry import kinds

_VERBS = {"decided": "", "bounded": "bounded", "nature": "nature"}

_HEAD = """# Kinds of the language

Generated from the schema table. An attribute is set with `=`. One marked *bounded* may also be bounded (`<=`, `>=`,
`in`) or left to the compiler (`auto`); one marked *nature* may be a range or have a tolerance (`±`), and every promise
must then hold for all its values.
"""


def reference() -> str:
    """Return the reference of every kind, in the order of the schema table."""
    table = kinds()
    sections = [
        _section(kind, [child for child in table.values() if kind.name in child.parents]) for kind in table.values()
    ]
    return "\n".join([_HEAD, *sections])


def _section(kind: Kind, children: list[Kind]) -> str:
    lines = [f"## `{kind.name}`", "", kind.doc, "", f"Stands in: {_places(kind)}. {_form(kind)}", ""]
    if children:
        lines += [f"Holds: {', '.join(f'`{child.name}`' for child in children)}.", ""]
    if kind.attributes:
        lines += ["| attribute | type | | default | |", "|---|---|---|---|---|"]
        lines += [_row(attribute) for attribute in kind.attributes]
        lines.append("")
    return "\n".join(lines)


def _places(kind: Kind) -> str:
    names = ["the top level of a file" if parent == "module" else f"`{parent}`" for parent in kind.parents]
    return ", ".join(names)


def _form(kind: Kind) -> str:
    name = {"required": " NAME", "optional": " [NAME]", "none": ""}[kind.label]
    return f"Written `{kind.name}{name}{'[keys]' if kind.has_keys else ''} {{ … }}`."


def _row(attribute: Attribute) -> str:
    default = "required" if attribute.is_required else f"`{attribute.default}`" if attribute.default else ""
    wanted = str(attribute.type).replace("|", "\\|")
    doc = attribute.doc.replace("|", "\\|")
    least = "" if attribute.minimum is None else f" At least {attribute.minimum}."
    most = "" if attribute.maximum is None else f" At most {attribute.maximum}."
    return f"| `{attribute.name}` | {wanted} | {_VERBS[attribute.verbs]} | {default} | {doc}{least}{most} |"
