"""Small designs whose cables have several far ends, as text: three racks of two nodes under one switch."""

from __future__ import annotations

PARTS = """\
optd 1

source sheet { title = "Sheet", confidence = vendor-doc }

server_model gpu-box {
  gpus = 8
  units = 4U
  power_max = 8kW
  nic compute {
    protocols = [infiniband, ethernet]
    rate = 400Gbps
    lanes = 4x100Gbps
    MODES
    accepts = [FAR]
    cage_power = WATTS
    port n0 { cage = "0", gpu = 0 }
    port n1 { cage = "1", gpu = 1 }
  }
}

switch_model leaf-box {
  protocols = [infiniband, ethernet]
  cages = 32
  lanes = 8x100Gbps
  accepts = [osfp]
  breakout = [2x400Gbps, 4x200Gbps]
  port_name = "{{cage}}/{{bore}}"
  units = 1U
  power_max = 1kW
  cage_power { cages = 1..32, power = 17W }
}

transceiver twin {
  vendor = "NVIDIA"
  bores = 2
  form_factor = osfp
  lanes = 8x100Gbps
  modulation = pam4
  pmd = "400g-dr4"
  medium = singlemode
  connector = mpo-12-apc
  power_max = 17W
  protocols = [infiniband, ethernet]
  over os2 { reach = 100m, loss = 3dB }
  tx_max = 4dBm
  rx_max = 4dBm
}

transceiver single {
  vendor = "NVIDIA"
  form_factor = osfp-rhs
  lanes = 4x100Gbps
  modulation = pam4
  pmd = "400g-dr4"
  medium = singlemode
  connector = mpo-12-apc
  power_max = 9W
  power_split = 5W
  protocols = [infiniband, ethernet]
  over os2 { reach = 100m, loss = 3dB }
  tx_max = 4dBm
  rx_max = 4dBm
}

fiber_cable y-sm {
  ends = 2
  grade = os2
  medium = singlemode
  connector = mpo-12-apc
  lengths = [3m, 7m, 8m, 9m, 10m, 50m, 70m]
  max_total = 50m
}

direct_cable y-dac {
  technology = dac
  bores = 2
  ends = 4
  form_factor_a = osfp
  form_factor_z = osfp-rhs
  lanes = 8x100Gbps
  lengths = [3m, 8m, 10m]
  power_a = 0.1W
  power_z = 0.1W
  protocols = [infiniband, ethernet]
}

EXTRA

design split {
  site dc1 {
    hall h1 {
      row_pitch  = 3m
      rack_pitch = 0.6m
      tray { drop = 1.2m, slack = 5% }
      row a {
        rack gpu[1..3] { units = 48U, power <= 44kW }
        rack net { units = 48U }
      }
    }
  }
  node gpu[1..NODES] {
    model = gpu-box
    place { at = PLACE, per_rack = 2 }
  }
  fabric compute {
    kind      = KIND
    protocol  = PROTOCOL
    endpoints = gpu.nic.compute
    tier leaf { model = leaf-box, count = 1, place { at = dc1.h1.a.net } }
    connect endpoints -- leaf { CONNECT }
  }
  minimize power.optics
}
"""

DEFAULTS = {
    "MODES": "modes = [2x100Gbps]",
    "FAR": "osfp-rhs",
    "WATTS": "6W",
    "EXTRA": "",
    "NODES": "6",
    "PLACE": "dc1.h1.a.gpu",
    "KIND": "clos",
    "PROTOCOL": "infiniband",
    "CONNECT": "rate = 200Gbps, cable = y-sm, module in [twin, single]",
}


def design(**changes: str) -> str:
    """Return the text of the design; `changes` replace words of `DEFAULTS`."""
    text = PARTS
    for name, value in {**DEFAULTS, **changes}.items():
        text = text.replace(name, value)
    return text
