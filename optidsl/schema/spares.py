"""The kinds by which a team says how many spare parts it keeps: rules of its own, or a chance to be covered."""

from __future__ import annotations

from optidsl.schema.model import Attribute, Kind
from optidsl.schema.purchase import AS_OF, FROM
from optidsl.schema.types import INT, NUM, TIME, listof, word

SPARED = ("transceiver", "cable", "attenuator", "switch")
"""Categories of the bill of material that spares may be kept of."""

SPARES = Kind(
    "spares",
    "How many spares the bill of material adds to what stands in the network: the most that any of its rules asks for, "
    "of each part (and length of cable). They are counted after the parts are chosen and draw no power; what they cost "
    "stands beside them as `spares_total`, is not part of `cost.network`, and may be bounded: "
    "`require cost.spares <= $20000`, judged after the choice.",
    ("policy",),
    (
        Attribute("of", listof(word(*SPARED)), "What is kept; transceivers when absent."),
        Attribute("ratio", NUM, "A share of what is in service, rounded up.", minimum="0", maximum="1"),
        Attribute("at_least", INT, "At least so many.", minimum="0"),
        Attribute(
            "confidence",
            NUM,
            "The chance that the spares last for the lead time of the next ones: the least number that failures after "
            "Poisson do not exceed, from the `afr` and `lead_time` of the part's `failures`. Without these the "
            "answer is unknown.",
            minimum="0",
            maximum="0.999999",
        ),
        Attribute("lead_time", TIME, "How long a new one takes, where `failures` does not say.", minimum="0d"),
        Attribute(
            "per",
            word("design", "site"),
            "Whether one store serves the whole design, or every site has its own (a cable is of the site of its first "
            "end).",
            default="design",
        ),
    ),
    label="none",
)

FAILURES = Kind(
    "failures",
    "What your own fleet or vendor tells of a part: `failures mms4x00-ns { afr = 1.5%, lead_time = 8wk, "
    'as_of = 2026-11-01, from = "fleet report" }`. The standard library has none.',
    ("module", "design"),
    (
        Attribute("afr", NUM, "The share of these that fail in a year of 365 days.", minimum="0", maximum="1"),
        Attribute("lead_time", TIME, "How long a new one takes from order to shelf.", minimum="0d"),
        AS_OF,
        FROM,
    ),
    is_part=True,
    names_another=True,
)

KINDS: tuple[Kind, ...] = (SPARES, FAILURES)
