"""One kind of link of the standard library as a design: is it accepted, and why does a part not serve it?"""

from __future__ import annotations

from optidsl._context import Context
from optidsl.api import TextLoader, check_text
from optidsl.fabric import synthesize
from optidsl.layout import place
from optidsl.optics.candidates import options_of
from optidsl.optics.classify import views
from optidsl.pipeline import elaborate
from tests.support.designs import messages

HEAD = """optd 1
use std.MODULE { SWITCH }
use std.optics as optics
use std.cables as cables
USES
server_model own-host {
  units     = 2U
  power_max = 1kW
  nic net {
    protocols  = [infiniband, ethernet]
    rate       = RATE
    lanes      = LANES
    accepts    = [ACCEPTS]
    cage_power = 20W
    NIC
    PORTS
  }
}
OWN
design linkx {
  node host[1..HOSTS] { model = own-host }
  fabric net {
    kind      = clos
    protocol  = PROTOCOL
    endpoints = host.nic.net
    tier leaf { model = SWITCH }
    connect endpoints -- leaf { rate = RATE, length = LENGTH, BOUND }
  }
  policy { POLICY }
}
"""

Words = dict[str, str]


def source(**words: str) -> str:
    """Return the text of a design; `own` are parts of its own, `bound` what it says of the links."""
    stated = {
        "switch": "qm9700",
        "accepts": "osfp-rhs",
        "rate": "400Gbps",
        "lanes": "4x100Gbps",
        "protocol": "infiniband",
        "hosts": "4",
        "bound": "",
        "own": "",
        "module": "switches",
        "nic": "",
        "uses": "",
        "policy": "",
        "length": "20m",
        "ports": 'port p1 { cage = "1" }',
        **words,
    }
    text = HEAD
    if "switch_model" in stated["own"]:
        text = text.replace("use std.MODULE { SWITCH }\n", "")
    for name in stated:
        text = text.replace(name.upper(), stated[name])
    return text


def is_accepted(**words: str) -> bool:
    """Tell whether a design compiles; what refuses it must be that no part fits or reaches."""
    found = [each for each in check_text(source(**words)).diagnostics if each.severity == "error"]
    others = [each.message for each in found if each.name not in ("no-optic-fits", "reach-exceeded")]
    assert not others, others
    return not found


def misses(**words: str) -> dict[str, str]:
    """Return why each part or combination cannot serve the links: by end and name, the detail of the failed check."""
    context = Context(TextLoader({"design.optd": source(**words)}))
    static = elaborate("design.optd", context)
    assert static is not None, messages(context)
    tables = synthesize(static[1], context)
    placed = None if tables is None else place(static[1], tables, context)
    assert placed is not None, messages(context)
    (view,) = views(static[1], placed)
    return {f"{unfit.where} {unfit.name}": unfit.check.detail for unfit in options_of(static[1], view).unfit}
