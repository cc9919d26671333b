"""Fabrics of the less common parts of the library: modules, cables and boxes that a design has to ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from optidsl.cli.main import main

DESIGN = """optd 1

use {server_module}  {{ {server} }}
use {switch_module} {{ {switch} }}
{uses}

design library-parts {{
  site home {{
    hall h1 {{
      row_pitch  = 3.0m
      rack_pitch = 0.6m
      tray {{ drop = 1.2m, slack = 5% }}

      row a {{
        rack gpu[1..4] {{ units = 48U }}
        rack net[1..2] {{ units = 48U }}
      }}
    }}
  }}

  node gpu[1..8] {{
    model = {server}
    place {{ at = home.h1.a.gpu, per_rack = 2 }}
  }}

  fabric compute {{
    kind      = clos
    protocol  = infiniband
    endpoints = gpu.nic.compute
    tier leaf {{ model = {switch}, place {{ at = home.h1.a.net }} }}
  }}

  policy {{
    unknown {{ cage_power = warn, reach = warn, loss = warn }}
  }}
}}
"""


@pytest.mark.parametrize(
    ("server", "switch", "uses"),
    [
        ("std.servers-more.gb300-nvl72-tray", "std.switches-more.q3400-ra", ["std.optics-1600g as xdr"]),
        ("std.servers-more.gb200-nvl72-tray", "std.switches.qm9700", []),
        ("std.servers-more.dgx-h200", "std.switches.qm9700", []),
        (
            "std.servers-more.gb300-nvl72-tray",
            "std.switches-cpo.q3450-ld",
            ["std.optics-1600g as xdr", "std.switches-cpo as cpo"],
        ),
    ],
)
def test_fabric(server: str, switch: str, uses: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    server_module, _, server_name = server.rpartition(".")
    switch_module, _, switch_name = switch.rpartition(".")
    text = DESIGN.format(
        server_module=server_module,
        server=server_name,
        switch_module=switch_module,
        switch=switch_name,
        uses="\n".join(f"use {module}" for module in uses),
    )
    file = tmp_path / "design.optd"
    file.write_text(text, encoding="utf-8")
    assert main(["check", str(file)]) == 0, capsys.readouterr()
