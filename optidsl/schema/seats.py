"""How a tier orders its switches, and which cages it gives to a side."""

from __future__ import annotations

from optidsl.schema.model import Attribute, Kind
from optidsl.schema.types import INT, Type, word

VARIANT = Attribute("variant", Type("Word"), "The model as ordered: the name of a `variant` of it.")

SEAT = Kind(
    "seat",
    "The cages that serve a side, in the order of use: `seat { side = down, cages = 1..61, step = 4 }`. The compiler "
    "seats the cages of a side that has none.",
    ("tier",),
    (
        Attribute(
            "side",
            word("down", "up"),
            "`down`: to the level below or the endpoints. `up`: to the level above or other switches of the tier.",
            is_required=True,
        ),
        Attribute("cages", INT, "The first and the last cage, as `first..last`, or one.", "nature", is_required=True),
        Attribute("step", INT, "Every how many-th cage from the first.", default="1", minimum="1"),
    ),
    label="none",
    is_repeatable=True,
)
