"""Validate a SONiC ``config_db.json`` against SONiC's own YANG models with yanglint.

config_db is not YANG data: tables map to containers, row keys joined by ``|`` to list keys, and every value
is a string. The data are handed over in YANG's XML form, where every value is text too, so that no number
or union has to be guessed; yanglint judges names, types, ranges, patterns, references and ``must`` rules.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.engine.harness import require_engine, yang_folder
from tests.engine.harness.sonic_schema import SchemaNode, Table, model_paths, tables

Row = Mapping[str, object]
ConfigDb = Mapping[str, Mapping[str, Row]]

# Leaf-lists that SONiC writes as one string, with its separator.
_JOINED = {
    ("MIRROR_SESSION", "src_ip"): ",",
    ("NTP", "src_intf"): ";",
    ("BGP_ALLOWED_PREFIXES", "prefixes_v4"): ",",
    ("BGP_ALLOWED_PREFIXES", "prefixes_v6"): ",",
    ("BUFFER_PORT_INGRESS_PROFILE_LIST", "profile_list"): ",",
    ("BUFFER_PORT_EGRESS_PROFILE_LIST", "profile_list"): ",",
    ("PORT", "adv_speeds"): ",",
    ("PORT", "adv_interface_types"): ",",
}
_XML_NAME = re.compile(r"^[A-Za-z_][\w.-]*$")


def validate(config_db: ConfigDb, models: Path | None = None) -> list[str]:
    """Judge a configuration.

    Args:
        config_db: content of ``config_db.json``.
        models: folder of the YANG models; by default :func:`yang_folder` of ``sonic``.

    Returns:
        The errors, one line each; empty when SONiC's models accept it.
    """
    folder = models or yang_folder("sonic")
    faults: list[str] = []
    document = _translate(config_db, tables(folder), faults)
    return faults + _yanglint(document, folder)


def _translate(config_db: ConfigDb, known: Mapping[str, Table], faults: list[str]) -> str:
    tops: dict[str, ET.Element] = {}
    for name, rows in config_db.items():
        table = known.get(name)
        if table is None:
            faults.append(f"{name}: no YANG model has this table")
            continue
        if table.module not in tops:
            tops[table.module] = ET.Element(table.module, xmlns=table.namespace)
        element = ET.SubElement(tops[table.module], name)
        for key, row in rows.items():
            if not isinstance(row, Mapping):
                faults.append(f"{name}|{key}: not an object of fields")
                continue
            problem = _add_row(element, table.node, key, row)
            if problem:
                faults.append(f"{name}|{key}: {problem}")
    return "".join(ET.tostring(top, encoding="unicode") for top in tops.values())


def _add_row(parent: ET.Element, table: SchemaNode, key: str, row: Row) -> str | None:
    single = table.children.get(key)
    if single is not None and not single.is_many:
        return _add_fields(ET.SubElement(parent, key), single, row, table.name)
    parts = key.split("|")
    fitting = [node for node in table.lists() if len(node.keys) == len(parts)]
    if not fitting:
        arities = sorted({len(node.keys) for node in table.lists()})
        return f"its key has {len(parts)} parts, the model's lists have {arities}"
    # Lists of the same arity differ in their fields: the one that knows most of them is meant.
    node = max(fitting, key=lambda one: sum(name in one.children for name in row))
    element = ET.SubElement(parent, node.name)
    for name, part in zip(node.keys, parts, strict=True):
        ET.SubElement(element, name).text = part
    inner = node.lists()
    if len(inner) == 1 and len(inner[0].keys) == 1 and not set(row) & set(node.children):
        return _add_map(element, inner[0], row)
    return _add_fields(element, node, row, table.name)


def _add_map(parent: ET.Element, node: SchemaNode, row: Row) -> str | None:
    values = [name for name in node.children if name not in node.keys]
    if len(values) != 1:
        return f"the map {node.name} has values {values}, not one"
    for key, value in row.items():
        if not isinstance(value, str):
            return f"{key} maps to {value!r}: config_db holds strings"
        element = ET.SubElement(parent, node.name)
        ET.SubElement(element, node.keys[0]).text = key
        ET.SubElement(element, values[0]).text = value
    return None


def _add_fields(parent: ET.Element, node: SchemaNode, row: Row, table: str) -> str | None:
    for name, value in row.items():
        if name == "NULL" and value == "NULL":
            continue
        if not _XML_NAME.match(name):
            return f"unknown field {name!r}"
        child = node.children.get(name)
        separator = _JOINED.get((table, name))
        values = value if isinstance(value, list) else [value]
        if child is not None and child.is_many and not isinstance(value, list):
            if separator is None:
                return f"field {name} is a list in the model, {value!r} is not"
            values = str(value).split(separator)
        elif isinstance(value, list) and child is not None and not child.is_many:
            return f"field {name} is one value in the model, not a list"
        texts = [one for one in values if isinstance(one, str)]
        if len(texts) != len(values):
            return f"field {name} holds {value!r}: config_db holds strings"
        for text in texts:
            ET.SubElement(parent, name).text = text
    return None


def _yanglint(document: str, folder: Path) -> list[str]:
    if not document:
        return ["the configuration holds no table that a model knows"]
    yanglint = require_engine("yanglint", "libyang2-tools")
    with tempfile.TemporaryDirectory(prefix="optidsl-yang-") as scratch:
        path = Path(scratch, "config.xml")
        path.write_text(document, encoding="utf-8")
        words = [yanglint, "-p", str(folder), "-t", "config", *map(str, model_paths(folder)), str(path)]
        run = subprocess.run(words, capture_output=True, text=True, check=False)
    if run.returncode == 0:
        return []
    errors = [line for line in run.stderr.splitlines() if line.startswith(("libyang err", "YANGLINT[E]"))]
    return errors or [f"yanglint ended with {run.returncode}: {run.stderr[-400:]}"]
