"""Small designs that leave shapes of their network open, of parts whose every figure the test states."""

from __future__ import annotations

from optidsl import pipeline
from optidsl._context import Context
from tests.support.compiled import PARTS
from tests.support.programs import context_of

SWITCHES = {"small": (8, 150, 2_000), "middle": (16, 240, 5_000), "large": (32, 500, 9_000)}
"""Cages, watts and dollars of each switch model."""


def parts() -> str:
    """Return a catalogue with three switch models, two modules and a copper cable."""
    text = PARTS.replace("NIC", "").replace("SWITCH", "").replace("MODULE", "")
    for name, (cages, watts, _) in SWITCHES.items():
        text += f"""
switch_model {name} {{
  protocols = [infiniband, ethernet]
  cages     = {cages}
  lanes     = 4x100Gbps
  accepts   = [house]
  breakout  = [1x400Gbps, 2x200Gbps]
  units     = 1U
  power_max = {watts}W
  port_name = "Ethernet{{{{cage}}}}{{{{letter}}}}"
  cage_power {{ cages = 1..{cages}, power = 20W }}
}}
"""
    text += """
transceiver frugal {
  form_factor = house
  lanes       = 4x100Gbps
  modulation  = pam4
  pmd         = "house-sr"
  medium      = singlemode
  connector   = mpo-7-apc
  power_max   = 8W
  over glass { reach = 12m, loss = 3dB }
  tx_min = -2.9dBm, tx_max = 4dBm, rx_min = -5.9dBm, rx_max = 4dBm
  protocols   = [infiniband, ethernet]
}
"""
    return text


def prices() -> str:
    """Return what every part costs."""
    listed = {name: dollars for name, (_, _, dollars) in SWITCHES.items()}
    listed |= {"box": 10_000, "dr": 300, "frugal": 400, "jumper": 20, "copper": 60}
    return "\n".join(f"  price {name} {{ each = ${dollars}, as_of = 2026-01-05 }}" for name, dollars in listed.items())


def program(fabric: str, body: str = "", *, nodes: int = 12, floor: str = "", more: str = "") -> dict[str, str]:
    """Return the files of a design of single-port servers.

    Args:
        fabric: the body of fabric `f`, but for protocol and endpoints.
        body: goals of the design.
        nodes: servers.
        floor: what says where things stand; links state their lengths where it is empty.
        more: further fabrics.
    """
    place = "place { at = dc.h.servers.gpu }" if floor else ""
    design = f"""optd 1
use "./ours.optd" {{ box, small, middle, large, dr, frugal, jumper, copper }}
design d {{
{prices()}
{floor}
  node n[1..{nodes}] {{
    model = box
    {place}
  }}
  fabric f {{
    protocol  = ethernet
    endpoints = n.nic.compute
    {fabric}
  }}
{more}
{body}
}}
"""
    return {"design.optd": design, "ours.optd": parts()}


def check(files: dict[str, str], **options: object) -> tuple[pipeline.Checked | None, Context]:
    """Check a design; the sink of the context holds what was said."""
    context = context_of(files, **options)
    return pipeline.check("design.optd", context), context


FLOOR = """  site dc {
    hall h {
      row_pitch = 3m
      rack_pitch = 600mm
      tray { drop = 1m }
      row far { rack net { units = 12U } }
      row near { rack net { units = 12U } }
      row servers {
        rack gpu { units = 60U }
        rack net { units = 40U }
      }
    }
  }"""
"""A hall with servers, and three racks for switches: in their row, in the next one, in the one behind it."""
