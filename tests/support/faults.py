"""Designs with one fault each, and everything that the compiler says of it.

A diagnostic is written a line each: `name: message`, then its labels (source line, what it marks, what it says),
notes, helps and fixes (with what they write).
"""

from __future__ import annotations

BASE = """optd 1
server_model box {
  units     = 2U
  power_max = 2kW
  nic compute {
    rate       = 400Gbps
    lanes      = 4x100Gbps
    accepts    = [house]
    protocols  = [ethernet]
    cage_power = 20W
    port p1 { cage = "1" }
  }
}
switch_model sw {
  protocols = [ethernet]
  cages     = 8
  lanes     = 4x100Gbps
  accepts   = [house]
  breakout  = [1x400Gbps]
  units     = 1U
  power_max = 500W
  port_name = "Ethernet{{cage}}"
  cage_power { cages = 1..8, power = 20W }
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
  protocols   = [ethernet]
}
fiber_cable jumper { grade = glass, medium = singlemode, connector = mpo-7-apc, lengths = [5m, 10m, 500m, 600m] }
fiber_grade glass { medium = singlemode, attenuation = 0.4dB/km, wavelength = 1310nm }
connector mpo-7-apc { loss = 0.35dB }
connector mpo-7-upc { loss = 0.35dB }
design d {
  node n[1..4] { model = box }
  fabric f {
    kind      = clos
    protocol  = ethernet
    endpoints = n.nic.compute
    tier leaf { model = sw }
    connect endpoints -- leaf { length = 8m }
  }
}
"""

Edit = tuple[str, str]

LEAF, LINK, END = "model = sw }", "length = 8m }", "  }\n}\n"
SPINE = "    tier spine { model = sw, count = 1 }\n    connect leaf -- spine { length = 8m }\n"
HALL = (
    "  site dc {\n    hall h {\n      row_pitch = 3m, rack_pitch = 0.6m\n      tray { drop = 1m }\n"
    "      row a { rack g { units = 48U, power <= 7kW } }\n    }\n  }\n"
)
PLACED: tuple[Edit, ...] = (
    ("  node n[1..4] { model = box }", f"{HALL}  node n[1..4] {{ model = box, place {{ at = dc.h.a.g }} }}"),
    (LEAF, "model = sw, place { at = dc.h.a.g } }"),
    (" { length = 8m }", ""),
)
RULE = (
    'rule nic-floor {\n  kind = in-cage, a = "dr", b = "firmware=own-nic", verdict = allowed\n'
    '  of = own-nic, firmware_min = "2.1", reason = "supported from 2.1"\n}\n'
)
FIRMWARE: tuple[Edit, ...] = (
    ("    port p1", "    firmware = own-nic\n    port p1"),
    ("design d", f"{RULE}design d"),
    (f"{LINK}\n{END}", f'{LINK}\n  }}\n  policy {{\n    firmware own-nic {{ version = "2.0.9" }}\n{END}'),
)
DR = BASE[BASE.index("transceiver dr") : BASE.index("fiber_cable")]
FR = DR.replace(" dr ", " fr ").replace("4x100Gbps", "1x100Gbps").replace("house-dr", "house-fr")
SECOND = (
    "  fabric g {\n    kind = clos, protocol = ethernet\n    endpoints = n.nic.compute  # again\n"
    "    tier leaf { model = sw }\n    connect endpoints -- leaf { length = 8m }\n"
)


def design(*edits: Edit) -> str:
    """Return the base design after edits, each of which must change something."""
    text = BASE
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    return text


CASES: dict[str, tuple[tuple[Edit, ...], list[str]]] = {
    "400G end on a 100G switch": (
        (("lanes     = 4x100Gbps", "lanes     = 1x100Gbps"), ("1x400Gbps", "1x100Gbps")),
        [
            "rate-not-offered: a port of `sw` cannot run at 400 Gbit/s; its cages offer 100 Gbit/s",
            "at: tier leaf { model = sw } | model = sw | needs 400 Gbit/s",
            "note: the links to the endpoints run at the rate of their NIC; no `rate` is stated",
            "note: its cages run as 1x100Gbps, at most 1-way; nearest to 400 Gbit/s is 1x100Gbps",
            "help: name a model with ports of 400 Gbit/s, or set `rate` to 100 Gbit/s where the far end runs it",
        ],
    ),
    "100G module on a 400G link": (
        (
            ("design d", f"{FR}design d"),
            (LINK, "length = 8m, module = fr }"),
        ),
        [
            "no-optic-fits: no optic in the catalogue fits `f: n -- leaf`: module must be fr, and a bore of fr "
            "runs 100 Gbps, the link 400 Gbps",
            "at: connect endpoints -- leaf { length = 8m, module = fr } | module = fr | module must be fr",
            "note: nearest: dr + jumper + dr: dr, the connect allows fr",
            "fix: allow dr as module: dr + jumper + dr then fits [in [fr, dr]]",
        ],
    ),
    "reach": (
        ((LINK, "length = 600m }"), ("loss = 3dB }", "loss = 6dB }")),
        [
            "reach-exceeded: nothing serves `f: n -- leaf`: dr over glass reaches 500 m, the longest cable is "
            "600 m, 100 m more (4 links; longest n-1 -> f-leaf001)",
            "at: connect endpoints -- leaf { length = 600m } | length = 600m | the longest of 4 links needs 600 "
            "m (n-1 -> f-leaf001)",
            "note: nearest: dr + jumper + dr",
            "fix: shorten the longest link of `f: n -- leaf` to 500 m or less (100 m less): dr + jumper + dr "
            "then fits [500m]",
        ],
    ),
    "medium": (
        ((LINK, "length = 8m, medium = multimode }"),),
        [
            "no-optic-fits: no optic in the catalogue fits `f: n -- leaf`: medium must be multimode, and "
            "mma1z00-ns400 is qsfp112, the box compute cage takes house",
            "at: connect endpoints -- leaf { length = 8m, medium = multimode } | medium = multimode | medium "
            "must be multimode",
            "note: what is asked for does not fit: mma1z00-ns400 is qsfp112, the sw cage takes house",
            "note: nearest: dr + jumper + dr: singlemode, the connect allows multimode",
            "fix: allow singlemode as medium: dr + jumper + dr then fits [in [multimode, singlemode]]",
        ],
    ),
    "loss budget": (
        ((LINK, "length = 8m, connections = 12 }"),),
        [
            "loss-exceeded: nothing serves `f: n -- leaf`: loss 4.204 dB exceeds the budget 3 dB by 1.204 dB (10 "
            "m of glass take 0.004 dB, 12 connections 4.2 dB) (4 links; longest n-1 -> f-leaf001)",
            "at: connect endpoints -- leaf { length = 8m, connections = 12 } | length = 8m | the longest of 4 "
            "links needs 8 m (n-1 -> f-leaf001)",
            "note: nearest: dr + jumper + dr",
            "help: use at most 8 connections at this length, or modules with a budget of 4.204 dB or more",
        ],
    ),
    "loss budget of any channel": (
        (("loss = 3dB }", "loss = 0.5dB }"),),
        [
            "loss-exceeded: nothing serves `f: n -- leaf`: loss 0.704 dB exceeds the budget 0.5 dB by 0.204 dB "
            "(10 m of glass take 0.004 dB, 2 connections 0.7 dB) (4 links; longest n-1 -> f-leaf001)",
            "at: connect endpoints -- leaf { length = 8m } | length = 8m | the longest of 4 links needs 8 m (n-1 "
            "-> f-leaf001)",
            "note: nearest: dr + jumper + dr",
            "help: take modules with a budget of 0.704 dB or more",
        ],
    ),
    "overload, within the window of an attenuator": (
        (("tx_max = 4dBm", "tx_max = 6dBm"),),
        [
            "receiver-overload: nothing serves `f: n -- leaf`: dr receives up to 6 dBm from dr over 10 m, "
            "overload is 4 dBm, 2 dB less; a fixed attenuator of 2 dB to 2.296 dB at dr cures it, and none in "
            "the catalogue does (mpo-7-apc, singlemode) (4 links)",
            "at: connect endpoints -- leaf { length = 8m } | length = 8m | the shortest of 4 links needs 8 m",
            "note: nearest: dr + jumper + dr",
            "help: declare one that you can buy: `attenuator NAME { connector = mpo-7-apc, medium = singlemode, "
            "loss = 2dB }`",
        ],
    ),
    "overload, beyond any attenuator": (
        (("tx_max = 4dBm", "tx_max = 9dBm"),),
        [
            "receiver-overload: nothing serves `f: n -- leaf`: dr receives up to 9 dBm from dr over 10 m, "
            "overload is 4 dBm, 5 dB less; no attenuator cures it: it would have to take 5 dB and the budget "
            "leaves 2.296 dB (4 links)",
            "at: connect endpoints -- leaf { length = 8m } | length = 8m | the shortest of 4 links needs 8 m",
            "note: nearest: dr + jumper + dr",
            "help: take modules that send less, or receivers that bear more",
        ],
    ),
    "cage power": (
        (("power = 20W", "power = 9W"),),
        [
            "no-optic-fits: no optic in the catalogue fits `f: n -- leaf` at 400 Gbps: dr draws up to 10 W, the "
            "box compute cage allows 9 W: 1 W too much",
            "at: connect endpoints -- leaf { length = 8m } | endpoints -- leaf | 4 links of 400 Gbps",
            "and: power_max   = 10W | 10W | up to 10 W",
            "and: cage_power = 9W | 9W | 9 W allowed",
            "help: take a module of at most 9 W, or a box with cages of 10 W",
        ],
    ),
    "rack power": (
        PLACED,
        [
            "rack-power: rack a-g: the least possible draw 8.58 kW exceeds the limit 7 kW by 1.58 kW",
            "at: row a { rack g { units = 48U, power <= 7kW } } | power <= 7kW | at most 7 kW a rack",
            "note: boxes without modules: 8.5 kW",
            "note: f: n -- leaf: dr + jumper + dr, 80 W",
            "fix: raise the limit to 8.58 kW [8.58kW]",
        ],
    ),
    "firmware floor": (
        FIRMWARE,
        [
            "no-optic-fits: no optic in the catalogue fits `f: n -- leaf` at 400 Gbps: dr does not go with box: "
            "needs own-nic firmware >= 2.1, policy says 2.0.9",
            "at: connect endpoints -- leaf { length = 8m } | endpoints -- leaf | 4 links of 400 Gbps",
            'and: firmware own-nic { version = "2.0.9" } | own-nic | version 2.0.9',
            "and: rule nic-floor { | nic-floor | rule nic-floor",
            'help: run 2.1 or later and say so: `policy { firmware own-nic { version = "2.1" } }`',
        ],
    ),
    "breakout that shares lanes unequally": (
        (("[1x400Gbps]", "[3x100Gbps]"),),
        [
            "part-inconsistent: sw: a cage of 4x100Gbps cannot run as 3x100Gbps: 4 lanes cannot be shared "
            "equally by 3 ports",
            "at: breakout  = [3x100Gbps] | [3x100Gbps] | breakout",
        ],
    ),
    "breakout beyond the lanes": (
        (("[1x400Gbps]", "[2x400Gbps]"),),
        [
            "part-inconsistent: sw: a cage of 4x100Gbps cannot run as 2x400Gbps: that is 800Gbps, and its lanes "
            "carry 400Gbps",
            "at: breakout  = [2x400Gbps] | [2x400Gbps] | breakout",
        ],
    ),
    "lanes of a bore": (
        (("    lanes      = 4x100Gbps", "    lanes      = 2x200Gbps"),),
        [
            "no-optic-fits: no optic in the catalogue fits `f: n -- leaf` at 400 Gbps: a bore of dr has 4 lanes "
            "of 100 Gbps, a port of the box compute cage 2 of 200 Gbps",
            "at: connect endpoints -- leaf { length = 8m } | endpoints -- leaf | 4 links of 400 Gbps",
            "and: lanes       = 4x100Gbps | 4x100Gbps | 4 lanes in 1 bore",
            "help: take a module with 2 lanes a bore",
        ],
    ),
    "cage beyond the box": (
        ((LEAF, "model = sw, seat { side = down, cages = 1..9 } }"),),
        [
            "seat-not-possible: cage 9 is not among the 8 cages of `sw`",
            "at: tier leaf { model = sw, seat { side = down, cages = 1..9 } } | 1..9 | its cages are 1..8",
        ],
    ),
    "ports beyond the box": (
        ((LEAF, "model = sw, down = 12 }"),),
        [
            "radix-exceeded: tier `leaf` of `f` needs 12 ports down: 12 cages of a `sw`, which has 8: 4 too many",
            "at: tier leaf { model = sw, down = 12 } | down = 12 | ",
            "and: tier leaf { model = sw, down = 12 } | model = sw | tier `leaf` is of `sw`",
            "help: at most 8 ports down fit",
            "fix: set `down` of tier `leaf` to 8 [8]",
        ],
    ),
    "NIC used twice": (
        ((f"{LINK}\n{END}", f"{LINK}\n  }}\n{SECOND}{END}"),),
        [
            "port-used-twice: the ports of `n.nic.compute` are endpoints of `f` and `g`; a port has one cable",
            "at: endpoints = n.nic.compute  # again | n.nic.compute | named again here",
            "help: remove one of the two, or give the server model another NIC",
        ],
    ),
    "connector polish": (
        (("singlemode, connector = mpo-7-apc", "singlemode, connector = mpo-7-upc"),),
        [
            "no-optic-fits: no optic in the catalogue fits `f: n -- leaf` at 400 Gbps: dr is APC, jumper UPC; "
            "angled and flat end faces do not meet",
            "at: connect endpoints -- leaf { length = 8m } | endpoints -- leaf | 4 links of 400 Gbps",
            "and: connector   = mpo-7-apc | mpo-7-apc | dr is mpo-7-apc",
            "and: fiber_cable jumper { grade = glass, medium = singlemode, connector = mpo-7-upc, lengths = [5m, "
            "10m, 500m, 600m] } | mpo-7-upc | jumper is mpo-7-upc",
            "help: take a cable that ends in mpo-7-apc, or modules with the connector mpo-7-upc",
        ],
    ),
    "oversubscription": (
        ((f"{LEAF}\n", f"model = sw, down = 6, up = 2 }}\n{SPINE}"),),
        [
            "oversubscription-not-met: 6 ports down need 6 up to hold `f` at 1:1, and tier `leaf` asks for 2, "
            "which makes it 3:1",
            "at: tier leaf { model = sw, down = 6, up = 2 } | up = 2 | 6 ports up are needed",
            "and: tier leaf { model = sw, down = 6, up = 2 } | down = 6 | `down` of tier `leaf` must be 6",
            "help: allow an oversubscription of 3:1",
            "fix: set `down` of tier `leaf` to 2 [2]",
        ],
    ),
    "MTU beyond any port": (
        ((f"{LINK}\n{END}", f"{LINK}\n  }}\n  addressing {{\n    mtu = 9300\n{END}"),),
        [
            "out-of-range: `addressing.mtu` is 9300, at most 9216 makes sense",
            "at: mtu = 9300 | 9300 | must be at most 9216",
        ],
    ),
    "unknown model": (
        ((LEAF, "model = sv }"),),
        [
            "unknown-name: unknown name `sv` (did you mean `sw`?)",
            "at: tier leaf { model = sv } | sv | not declared here or around",
            "fix: replace by `sw` [sw]",
        ],
    ),
    "unknown module": (
        ((LINK, "length = 8m, module = dx }"),),
        [
            "unknown-name: unknown name `dx` (did you mean `dr`?)",
            "at: connect endpoints -- leaf { length = 8m, module = dx } | dx | not declared here or around",
            "fix: replace by `dr` [dr]",
        ],
    ),
    "missing fact of a module": (
        (("  power_max   = 10W\n", ""),),
        [
            "cannot-conclude: cannot conclude that dr + jumper + dr serves `f: n -- leaf`: no usable number for "
            "dr.power_max",
            "at: connect endpoints -- leaf { length = 8m } | endpoints -- leaf | 4 links",
            "and: transceiver dr { | dr | power_max is not stated",
            "help: state the number with its source, or accept the risk: `policy { unknown { cage_power = warn } }`",
        ],
    ),
    "missing fact of a channel": (
        ((", loss = 3dB", ""), ("rx_min = -5.9dBm, ", "")),
        [
            "cannot-conclude: cannot conclude that dr + jumper + dr serves `f: n -- leaf`: no usable number for "
            "dr.over glass.loss",
            "at: connect endpoints -- leaf { length = 8m } | endpoints -- leaf | 4 links",
            "and: transceiver dr { | dr | over glass.loss is not stated",
            "help: state the number with its source, or accept the risk: `policy { unknown { loss = warn } }`",
        ],
    ),
}
