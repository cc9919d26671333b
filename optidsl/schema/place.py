"""The kinds that say where things stand: sites, halls, rows, racks, trays, and places."""

from __future__ import annotations

from optidsl.schema.model import Attribute, Kind
from optidsl.schema.types import INT, LENGTH, NUM, POWER, RACK_UNITS, STRING, listof, part, ref, word

SITE = Kind(
    "site",
    "A plot with a power feed.",
    ("design",),
    (
        Attribute("title", STRING, "The site's full name.", default='""'),
        Attribute("power", POWER, "The power the site may draw, as `<= 480kW`.", "bounded", minimum="0W"),
        Attribute(
            "pue", NUM, "Power usage effectiveness; nature chooses inside `±` or a range.", "nature", minimum="1"
        ),
    ),
)

FEED = Kind(
    "feed",
    "A power feed of a site, which may fail: `feed a { power <= 400kW }`. Racks name those that they hang on.",
    ("site",),
    (
        Attribute(
            "power",
            POWER,
            "The power that the feed may carry, as `<= 400kW`, with every feed live and with any other one failed.",
            "bounded",
            minimum="0W",
        ),
    ),
)

HALL = Kind(
    "hall",
    "A room with a grid of racks: row i at i × row_pitch, rack j of a row at j × rack_pitch.",
    ("site",),
    (
        Attribute("row_pitch", LENGTH, "The distance between two rows' fronts.", is_required=True, minimum="1mm"),
        Attribute("rack_pitch", LENGTH, "The width of a rack's place in its row.", is_required=True, minimum="1mm"),
    ),
)

TRAY = Kind(
    "tray",
    "The cable trays of a hall, along every row and across the rows.",
    ("hall",),
    (
        Attribute("drop", LENGTH, "From a rack's top up to the tray.", is_required=True, minimum="0m"),
        Attribute("slack", NUM, "The share added to every route.", default="0%", minimum="0"),
        Attribute("dress", LENGTH, "From a port to the rack's side, at each end.", default="0.3m", minimum="0m"),
    ),
    label="none",
)

ROW = Kind("row", "A row of racks, in the order of their declaration.", ("hall",))

RACK = Kind(
    "rack",
    "A rack, or a family of racks side by side: `rack gpu[1..8] { units = 48U }`.",
    ("row",),
    (
        Attribute("units", RACK_UNITS, "The height inside.", is_required=True, minimum="1U"),
        Attribute("power", POWER, "The power the rack may draw, as `<= 44kW`.", "bounded", minimum="0W"),
        Attribute("feeds", listof(word()), "The feeds of the site that the rack's devices hang on, as `[a, b]`."),
    ),
    has_keys=True,
)

PATHWAY = Kind(
    "pathway",
    "A duct between two halls of a site.",
    ("site",),
    (
        Attribute("from", ref("hall"), "One end.", is_required=True),
        Attribute("to", ref("hall"), "The other end.", is_required=True),
        Attribute("length", LENGTH, "The length of the duct.", is_required=True, minimum="0m"),
    ),
    label="none",
    is_repeatable=True,
)

NODE = Kind(
    "node",
    "A server or an appliance, or a family of them: `node gpu[1..32] { model = dgx-h100 }`.",
    ("design",),
    (Attribute("model", part("server_model"), "What it is.", is_required=True),),
    has_keys=True,
)

PLACE = Kind(
    "place",
    "Where the devices of a node or a tier stand.",
    ("node", "tier"),
    (
        Attribute(
            "at",
            listof(ref("rack", "row", "hall")),
            "The racks, rows or halls, in the order wanted. Of switches `at in [a, b]` leaves the choice to the "
            "compiler.",
            "bounded",
            is_required=True,
        ),
        Attribute("per_rack", INT, "The most devices of this declaration in one rack.", minimum="1"),
        Attribute(
            "spread",
            word("fill", "rack", "row"),
            "Fill one rack after another, or deal over racks or rows.",
            default="fill",
        ),
        Attribute(
            "fill",
            word("bottom_up", "top_down"),
            "From which end a rack fills. Two tiers in the same racks, one from each end, do not move each other.",
            default="bottom_up",
        ),
        Attribute("start", RACK_UNITS, "The lowest rack unit to use.", minimum="1U"),
        Attribute(
            "units",
            listof(RACK_UNITS),
            "The lowest rack unit of each device in a rack, in their order, as `[24U, 18U]`; a rack takes as many.",
        ),
        Attribute("feeds", listof(word()), "The feeds that the devices hang on, where these are not all of the rack."),
    ),
    label="none",
)

KINDS: tuple[Kind, ...] = (SITE, FEED, HALL, TRAY, ROW, RACK, PATHWAY, NODE, PLACE)
