"""Compile whole programs held in memory: a small Ethernet fabric of parts whose every figure the test states."""

from __future__ import annotations

import datetime

from optidsl import pipeline
from optidsl._context import Context
from optidsl.plan.model import Plan
from tests.support.programs import context_of

PARTS = """optd 1

server_model box {
  units     = 2U
  power_max = 2kW
  nic compute {
    rate = 400Gbps, lanes = 4x100Gbps, accepts = [house], protocols = [infiniband, ethernet], cage_power = 20W
    NIC
    port p1 { cage = "1" }
  }
}
switch_model sw {
  protocols = [infiniband, ethernet]
  cages     = 32
  lanes     = 4x100Gbps
  accepts   = [house]
  breakout  = [1x400Gbps]
  units     = 1U
  power_max = 500W
  port_name = "Ethernet{{cage}}"
  cage_power { cages = 1..32, power = 20W }
  SWITCH
}
transceiver dr {
  form_factor = house
  lanes       = 4x100Gbps
  modulation  = pam4
  pmd         = "house-dr"
  medium      = singlemode
  connector   = mpo-7-apc
  power_max   = 10W
  over glass { reach = 500m, loss = 3dB }
  tx_min = -2.9dBm, tx_max = 4dBm, rx_min = -5.9dBm, rx_max = 4dBm
  protocols   = [infiniband, ethernet]
  MODULE
}
fiber_cable jumper {
  grade     = glass
  medium    = singlemode
  connector = mpo-7-apc
  lengths   = [5m, 10m, 20m, 50m]
}
direct_cable copper {
  technology    = dac
  form_factor_a = house
  form_factor_z = house
  lanes         = 4x100Gbps
  lengths       = [1m, 2m, 3m]
  power_a       = 0.1W
  power_z       = 0.1W
  protocols     = [infiniband, ethernet]
}
fiber_grade glass { medium = singlemode, attenuation = 0.4dB/km, wavelength = 1310nm }
connector mpo-7-apc { loss = 0.35dB }
"""


def files_of(
    body: str = "",
    *,
    protocol: str = "ethernet",
    fabric: str = "",
    nic: str = "",
    switch: str = "",
    module: str = "",
    length: str = "8m",
    uses: str = "",
    extra: dict[str, str] | None = None,
) -> dict[str, str]:
    """Return a design of 4 servers on one leaf; the words are put where they belong."""
    parts = PARTS.replace("NIC", nic).replace("SWITCH", switch).replace("MODULE", module)
    design = f"""optd 1
use "./ours.optd" {{ box, sw }}
{uses}
design d {{
  node n[1..4] {{ model = box }}
  fabric f {{
    kind      = clos
    protocol  = {protocol}
    endpoints = n.nic.compute
    {fabric}
    tier leaf {{ model = sw }}
    connect endpoints -- leaf {{ length = {length} }}
  }}
{body}
}}
"""
    return {"design.optd": design, "ours.optd": parts, **(extra or {})}


def compile_files(files: dict[str, str], today: str | None = None) -> tuple[pipeline.Compiled | None, Context]:
    """Compile; the sink of the context holds what was said."""
    context = context_of(files)
    context.options.today = None if today is None else datetime.date.fromisoformat(today)
    return pipeline.compile_design("design.optd", context), context


def said(context: Context) -> list[str]:
    """Return what was reported, as `severity[name]: message`."""
    return [f"{each.severity}[{each.name}]: {each.message}" for each in context.sink.sorted()]


def plan_of(files: dict[str, str]) -> Plan:
    """Return the plan of a program that must compile."""
    compiled, context = compile_files(files)
    if compiled is None:
        raise AssertionError(said(context))
    return compiled.plan
