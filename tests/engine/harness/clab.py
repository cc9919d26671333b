"""Validate a containerlab topology: its published JSON schema, and the rules on links that it does not say."""

from __future__ import annotations

import functools
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema

from tests.engine.harness import schema_path

# Names that containerlab itself gives to things outside the topology.
_SPECIAL_NODES = frozenset({"host", "mgmt-net", "macvlan", "dummy"})


@functools.lru_cache(maxsize=1)
def _validator() -> jsonschema.protocols.Validator:
    text = schema_path("clab.schema.json").read_text(encoding="utf-8")
    # One pattern uses ECMAScript's Unicode classes, which Python's re does not know.
    schema = json.loads(text.replace(r"[\\p{N}\\p{L}]", r"\\w"))
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def validate(topology: Mapping[str, Any]) -> list[str]:
    """Judge a topology.

    Args:
        topology: the loaded YAML of a ``*.clab.yml`` file.

    Returns:
        The errors, one line each; empty when containerlab's schema and the rules on links accept it.
    """
    found = [
        f"{'/'.join(map(str, error.absolute_path)) or '.'}: {error.message[:300]}"
        for error in _validator().iter_errors(topology)
    ]
    return found + list(_link_faults(topology))


def endpoints(topology: Mapping[str, Any]) -> list[frozenset[str]]:
    """List the links.

    Args:
        topology: the loaded YAML.

    Returns:
        Per link its ends as ``node:interface``, in the order of the file.
    """
    links = (topology.get("topology") or {}).get("links") or []
    return [frozenset(_ends(link)) for link in links]


def _ends(link: Mapping[str, Any]) -> list[str]:
    ends = link.get("endpoints") or [link[key] for key in ("endpoint",) if key in link]
    return [f"{end['node']}:{end['interface']}" if isinstance(end, Mapping) else str(end) for end in ends]


def _link_faults(topology: Mapping[str, Any]) -> Iterator[str]:
    body = topology.get("topology") or {}
    nodes = set(body.get("nodes") or {})
    uses: Counter[str] = Counter()
    for number, link in enumerate(body.get("links") or []):
        if "endpoints" in link and len(link["endpoints"]) != 2:
            yield f"topology/links/{number}: has {len(link['endpoints'])} endpoints, not 2"
        for end in _ends(link):
            node, colon, port = end.partition(":")
            if not (colon and port):
                yield f"topology/links/{number}: {end!r} names no interface"
            elif node not in nodes and node not in _SPECIAL_NODES:
                yield f"topology/links/{number}: {end} names a node that does not exist"
            uses[end] += 1
    for end, n_uses in sorted(uses.items()):
        if n_uses > 1:
            yield f"topology/links: endpoint {end} is used {n_uses} times"
