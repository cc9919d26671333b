"""A small design as text, with its own parts: servers with an adapter of one port, one switch, one kind of module."""

from __future__ import annotations

from datetime import date

from optidsl._context import Options
from optidsl.api import Result, check_text, compile_text

PARTS = """
switch_model own-switch {
  firmware  = own-asic
  protocols = [infiniband]
  port_name = "p{{port}}"
  cages     = 8
  lanes     = 4x100Gbps
  accepts   = [own-plug]
  breakout  = [1x400Gbps]
  units     = 1U
  power_max = 500W
  cage_power { cages = 1..8, power = 17W }
}
server_model own-server {
  units     = 2U
  power_max = 1kW
  nic net {
    firmware   = own-nic
    protocols  = [infiniband]
    rate       = 400Gbps
    lanes      = 4x100Gbps
    accepts    = [own-plug]
    cage_power = 17W
    port p1 { cage = "1" }
  }
}
fiber_cable own-fiber {
  grade     = os2
  medium    = singlemode
  connector = mpo-12-apc
  lengths   = [10m, 50m, 100m]
}
"""

MODULE = """
transceiver NAME {
  part_numbers = ["NAME"]
  protocols   = [infiniband]
  form_factor = own-plug
  lanes       = 4x100Gbps
  modulation  = pam4
  pmd         = "own-400g"
  medium      = singlemode
  connector   = mpo-12-apc
  power_max   = WATTS
  tx_min      = -2.9dBm
  tx_max      = 4dBm
  rx_min      = -5.9dBm
  rx_max      = 4dBm
  over os2 { reach = 500m, loss = 3dB }
}
"""

BODY = """
design own {
  node server[1..2] { model = own-server }
  fabric net {
    kind      = clos
    protocol  = infiniband
    endpoints = server.nic.net
    tier leaf { model = own-switch }
    connect endpoints -- leaf { rate = 400Gbps, length = LENGTH, cable = own-fiber }
    GOALS
  }
  policy { POLICY }
  EXTRA
}
"""

TODAY = date(2026, 6, 1)


def module(name: str, watts: str = "9W") -> str:
    """Return a module of the own plug; two of them differ in name and watts only."""
    return MODULE.replace("NAME", name).replace("WATTS", watts)


def text(
    parts: str = "",
    policy: str = "",
    *,
    length: str = "40m",
    goals: str = "",
    extra: str = "",
    modules: tuple[str, ...] = ("own-module",),
    use: str = "",
) -> str:
    """Return the design's text."""
    body = BODY.replace("LENGTH", length).replace("GOALS", goals).replace("POLICY", policy).replace("EXTRA", extra)
    # Later modules draw more, so that the first is chosen where nothing stands against it.
    made = "".join(module(name, f"{9 + at}W") for at, name in enumerate(modules))
    return f"optd 1\n{use}\n{PARTS}{made}{parts}{body}"


def checked(source: str, *, others: dict[str, str] | None = None, today: date | None = TODAY) -> Result:
    """Check a design as of a day."""
    return check_text(source, others=others, options=Options(today=today))


def compiled(source: str, *, others: dict[str, str] | None = None, today: date | None = TODAY) -> Result:
    """Compile a design as of a day."""
    return compile_text(source, others=others, options=Options(today=today))


def told(result: Result) -> list[str]:
    """Return `severity[name]: message` of every diagnostic."""
    return [f"{each.severity}[{each.name}]: {each.message}" for each in result.diagnostics]


def named(result: Result, name: str) -> list[str]:
    """Return the messages of one name."""
    return [each.message for each in result.diagnostics if each.name == name]
