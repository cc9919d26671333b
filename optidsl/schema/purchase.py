"""What a team knows of buying: prices, fees of protocols, stock, rates of exchange. No standard module has any."""

from __future__ import annotations

from optidsl.schema.model import Attribute, Kind
from optidsl.schema.types import DATE, INT, LENGTH, MONEY, STRING, word
from optidsl.units.dim import CURRENCIES

AS_OF = Attribute("as_of", DATE, "The day it was told; after 90 days a compile warns.", is_required=True)
FROM = Attribute("from", STRING, "Who told it, as `quote 4711`.", default='""')

CURRENCY = Attribute(
    "currency", word(*CURRENCIES), "What costs are counted in; prices in others need `fx`.", default="USD"
)
"""An attribute of the design."""

PRICE = Kind(
    "price",
    'What a part costs: `price mms4x00-ns { each = $1200, as_of = 2026-11-01, from = "quote 4711" }`. Of several for '
    "one part the latest holds.",
    ("module", "design"),
    (
        Attribute("each", MONEY, "The price of one."),
        Attribute("per_metre", MONEY, "What each metre of a cable adds."),
        AS_OF,
        FROM,
    ),
    is_part=True,
    names_another=True,
)

FEE = Kind(
    "fee",
    "What a protocol costs for each switch port in use, as a licence or a premium: "
    "`fee infiniband { per_port = $100, as_of = 2026-11-01 }`.",
    ("module", "design"),
    (Attribute("per_port", MONEY, "The fee of one switch port.", is_required=True), AS_OF, FROM),
    is_part=True,
    names_another=True,
)

STOCK = Kind(
    "stock",
    "What is there already: `stock mms4x00-ns { quantity = 128, as_of = 2026-11-01 }`. Several for one part add up.",
    ("module", "design"),
    (
        Attribute("quantity", INT, "How many.", is_required=True, minimum="0"),
        Attribute(
            "length", LENGTH, "Of a cable (required there), the length of these, one that it is sold in.", minimum="0m"
        ),
        Attribute("at", STRING, "The site they are at: where the design has no site of that name, they do not count."),
        AS_OF,
    ),
    is_part=True,
    names_another=True,
)

FX = Kind(
    "fx",
    "Rates of exchange into the design's currency: `fx { EUR = 1.08USD, as_of = 2026-11-01 }`.",
    ("design",),
    (*(Attribute(name, MONEY, f"What one {name} is worth.") for name in CURRENCIES), AS_OF),
    label="none",
)

COPPER_REACH = Kind(
    "copper_reach",
    "The longest direct cable that the policy lets be ordered, by technology: `copper_reach { dac = 2m, acc = 3m }`. "
    "It can only take candidates away: what no cable is sold in stays out of reach.",
    ("policy",),
    tuple(
        Attribute(name, LENGTH, f"The longest {name.upper()}.", minimum="0m") for name in ("dac", "acc", "aec", "aoc")
    ),
    label="none",
)

KINDS: tuple[Kind, ...] = (PRICE, FEE, STOCK, FX, COPPER_REACH)
