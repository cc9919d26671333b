"""Two campuses joined by a line, as a program whose every figure the test states."""

from __future__ import annotations

from optidsl import pipeline
from optidsl._context import Context
from tests.support.programs import context_of

PARTS = """
switch_model router {
  protocols = [ethernet]
  cages     = 16
  lanes     = 8x50Gbps
  accepts   = [qsfp-dd]
  breakout  = [1x400Gbps]
  units     = 1U
  power_max = 500W
  port_name = "{{cage}}"
  cage_power { cages = 1..16, power = 24W }
}
server_model gateway {
  units     = 1U
  power_max = 300W
  nic net {
    rate       = 400Gbps
    lanes      = 8x50Gbps
    accepts    = [qsfp-dd]
    protocols  = [ethernet]
    cage_power = 15W
    port p1 { cage = "1" }
  }
}
direct_cable dac {
  technology    = dac
  form_factor_a = qsfp-dd
  form_factor_z = qsfp-dd
  lanes         = 8x50Gbps
  lengths       = [1m, 2m, 3m, 5m]
  power_a       = 1W
  power_z       = 1W
  protocols     = [ethernet]
}
transceiver own-zr {
  form_factor = qsfp-dd
  lanes       = 1x400Gbps
  modulation  = dp-16qam
  pmd         = "own-zr"
  medium      = singlemode
  connector   = lc-upc
  protocols   = [ethernet]
  power_max   = 20W
  baud        = 60Gbaud
  tx_min      = -10dBm
  tx_max      = -4dBm
  rx_min      = -20dBm
  rx_max      = 0dBm
  coherent {
    osnr_min = 24dB
    tx_osnr  = 34dB
    spacing  = 75GHz
    penalty { dispersion = 20000ps/nm, osnr = 0.5dB }
    penalty { pmd = 20ps, osnr = 0.5dB }
    penalty { pdl = 3dB, osnr = 1.3dB }
  }
}
fiber_grade glass {
  medium         = singlemode
  attenuation    = 0.22dB/km
  wavelength     = 1550nm
  dispersion     = 16.7ps/nm/km
  pmd            = 0.04ps/rtkm
  effective_area = 83
  latency        = 4.9us/km
}
amplifier_model edfa {
  gain_min           = 15dB
  gain_max           = 26dB
  p_max              = 23dBm
  noise_figure_best  = 6dB
  noise_figure_worst = 10dB
}
mux_model mux-64 { loss = 5dB, channels = 64, spacing = 75GHz }
"""

SITE = """site {name} {{
    hall h {{
      row_pitch  = 3m
      rack_pitch = 0.6m
      tray {{ drop = 1m }}
      row a {{ rack r[1..2] {{ units = 48U }} }}
    }}
  }}"""

ROUTE = """route north {
    from = east
    to   = west
    span n1 { length = 100km, fiber = glass, connector_loss = 0.5dB }
  }"""

LINE = """line north-line {
    over     = north
    grid     = 75GHz
    mux      = mux-64
    channels = 63
    transmit = -5dBm
    launch   = 1dBm
    pdl      = 0dB
    booster { model = edfa }
    preamp  { model = edfa, gain = 20dB }
  }"""


def text(
    route: str = ROUTE,
    line: str = LINE,
    *,
    connect: str = "via = north-line",
    body: str = "",
    parts: str = PARTS,
    uses: str = "",
    spine: str = "west",
) -> str:
    """Return a program of two routers with a line between them."""
    return f"""optd 1
{uses}
{parts}
design two-campus {{
  {SITE.format(name="east")}
  {SITE.format(name="west")}
  {route}
  {line}
  node gw {{ model = gateway, place {{ at = east.h }} }}
  fabric wan {{
    kind      = clos
    protocol  = ethernet
    endpoints = gw.nic.net
    tier leaf  {{ model = router, count = 1, place {{ at = east.h }} }}
    tier spine {{ model = router, count = 1, place {{ at = {spine}.h }} }}
    connect leaf -- spine {{ {connect} }}
  }}
  {body}
}}
"""


def compiled(program: str) -> tuple[pipeline.Compiled | None, Context]:
    """Compile a program; the sink of the context holds what was said."""
    context = context_of({"design.optd": program})
    return pipeline.compile_design("design.optd", context), context


def checked(program: str) -> tuple[pipeline.Checked | None, list[str]]:
    """Check a program; return what was chosen, and what was reported."""
    context = context_of({"design.optd": program})
    found = pipeline.check("design.optd", context)
    return found, [f"{each.severity}[{each.name}]: {each.message}" for each in context.sink.sorted()]
