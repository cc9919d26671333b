"""Designs of direct networks as text, and their plans."""

from __future__ import annotations

from optidsl import pipeline
from optidsl._context import Context
from optidsl.plan.model import Plan
from tests.support.designs import DictLoader

_TEXT = """optd 1
use std.switches {{ {model} }}
server_model terminal {{
  units = 1U
  nic fabric {{
    rate       = 400Gbps
    lanes      = 4x100Gbps
    accepts    = [osfp-rhs]
    cage_power = 12W
    protocols  = [infiniband, ethernet]
    port p1 {{ cage = "1" }}
  }}
}}
design network {{
  node n[1..{endpoints}] {{ model = terminal }}
  fabric net {{
    kind      = {kind}
    protocol  = {protocol}
    endpoints = n.nic.fabric
    {body}
    tier router {{ model = {model}{tier} }}
    connect endpoints -- router {{ length = 3m }}
    connect router -- router    {{ length = 10m{connect} }}
  }}
}}
"""


def text_of(
    kind: str,
    body: str,
    *,
    endpoints: int = 8,
    protocol: str = "infiniband",
    model: str = "qm9700",
    tier: str = "",
    connect: str = "",
) -> str:
    """Return the source of a design with one direct network; `tier` and `connect` go on in their braces."""
    return _TEXT.format(
        kind=kind,
        body="\n    ".join(body.split("; ")),
        endpoints=endpoints,
        protocol=protocol,
        model=model,
        tier=tier,
        connect=connect,
    )


def plan_of(text: str) -> Plan:
    """Return the verified plan of a source."""
    context = Context(DictLoader({"design.optd": text}))
    plan = pipeline.plan("design.optd", context)
    if plan is None:
        raise AssertionError([f"{each.name}: {each.message}" for each in context.sink.sorted()])
    return plan


def errors_of(text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return name, message and helps of the errors of a source up to the choice of parts."""
    context = Context(DictLoader({"design.optd": text}))
    pipeline.check("design.optd", context)
    return [(each.name, each.message, each.helps) for each in context.sink.sorted() if each.severity == "error"]


def plan_errors_of(text: str) -> list[str]:
    """Return the messages of the errors of a source up to its plan."""
    context = Context(DictLoader({"design.optd": text}))
    pipeline.plan("design.optd", context)
    return [each.message for each in context.sink.sorted() if each.severity == "error"]
