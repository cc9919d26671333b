"""The record of a line of the bill of material."""

from __future__ import annotations

from typing import Literal

from optidsl.plan.record import Record


class PlanBomLine(Record):
    """One purchasable thing, or the fee of a protocol for its switch ports. `length_mm` is 0 without a length."""

    category: Literal["switch", "server", "transceiver", "cable", "attenuator", "amplifier", "mux", "fee"]
    part: str
    part_number: str
    vendor: str
    length_mm: int
    quantity: int
    power_max_mw: int | None  # of one
    price: str = ""  # of one, in the header's currency, as an exact decimal; "" where nobody states one
    price_total: str = ""
    price_as_of: str = ""
    price_from: str = ""  # who told it
    stock: int | None = None  # how many are there already; None where the design knows of no stock
    to_buy: int | None = None
    alternates: tuple[str, ...] = ()  # parts of other vendors that fit wherever this one is used
    spares: int | None = None  # beyond `quantity`; None where no rule speaks of its like
    spares_total: str = ""  # what these cost
    by_phase: tuple[int, ...] = ()  # how many of `quantity` each phase of growth adds
    spares_by_phase: tuple[int, ...] = ()  # the same of `spares`
    to_buy_by_phase: tuple[int, ...] = ()  # the same of `to_buy`: stock serves the earliest phase first
