"""Prices, fees, stock and rates of exchange: in the design's currency, the latest of several, about known parts."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from optidsl._context import Context
from optidsl._protocols import PROTOCOLS
from optidsl._record import field, record
from optidsl.catalog.parts import Catalog
from optidsl.catalog.purchase import PURCHASE_KINDS, Fee, Price, Purchase, Stock
from optidsl.diag import Label, Sink, Span
from optidsl.schema.entity import AttrValue, Entity
from optidsl.schema.nearest import did_you_mean
from optidsl.sema.bring import tell_not_used
from optidsl.sema.lowering import span_of
from optidsl.units import Quantity
from optidsl.units.dim import CURRENCIES

_CABLES = ("fiber_cables", "direct_cables")
_OTHERS = ("transceivers", "switches", "servers", "attenuators", "amplifiers", "muxes")


@record(frozen=True, slots=True)
class _Ledger:
    """The sink, the currency of the design, and what one of another is worth in it."""

    sink: Sink
    currency: str
    rates: dict[str, Fraction]
    latest: dict[tuple[str, str], tuple[str, Span]] = field(default_factory=dict)

    def money(self, entity: Entity, name: str) -> Fraction | None:
        """Return an amount in the design's currency; None when it is absent or after an error."""
        attr = entity.get(name)
        if attr is None or not isinstance(attr.value, Quantity):
            return None
        if attr.value.value < 0:
            what = f"`{entity.kind} {entity.name}`: {name} is {attr.value}, and nobody pays for being paid"
            self.sink.error("not-positive", what, attr.value_span, "below zero")
            return None
        return self._converted(f"{entity.kind} {entity.name}", attr)

    def _converted(self, what: str, attr: AttrValue) -> Fraction | None:
        if not isinstance(attr.value, Quantity):
            return None
        own = next(iter(attr.value.dim.currencies), self.currency)
        if own == self.currency:
            return attr.value.value
        rate = self.rates.get(own)
        if rate is None:
            self.sink.error(
                "fx-missing",
                f"`{what}` is in {own}, the design counts in {self.currency}, and no rate leads from one to the other",
                attr.value_span,
                f"in {own}",
                helps=(f"state the rate: `fx {{ {own} = 1.23{self.currency}, as_of = 2026-11-01 }}`, with yours",),
            )
            return None
        return attr.value.value * rate

    def is_latest(self, entity: Entity, as_of: str) -> bool:
        """Tell whether no later statement on the same thing was met; two of one day are an error."""
        key = (entity.kind, entity.name)
        before = self.latest.get(key)
        if before is not None and before[0] == as_of:
            self.sink.error(
                "duplicate-price",
                f"`{entity.kind} {entity.name}` is stated twice as of {as_of}",
                entity.label_span,
                "stated again",
                secondary=(Label(before[1], "first stated here"),),
                helps=("remove one of the two, or give the later one its own day",),
            )
            return False
        if before is not None and before[0] > as_of:
            return False
        self.latest[key] = (as_of, entity.label_span)
        return True


def lower_purchase(design: Entity, parts: Iterable[Entity], catalog: Catalog, context: Context) -> Purchase:
    """Return what the design's files say of buying.

    Args:
        design: the design's own block, with `currency` and `fx`.
        parts: every block of the top level in view, the design's own first.
        catalog: the parts that may be named.
        context: the sink, where mistakes go, and the texts.
    """
    sink = context.sink
    stated = [entity for entity in parts if entity.kind in PURCHASE_KINDS]
    fx = next(design.of_kind("fx"), None)
    currency = design.text("currency", "USD")
    ledger = _Ledger(sink, currency, {} if fx is None else _rates(fx, currency, sink))
    prices: dict[str, Price] = {}
    fees: dict[str, Fee] = {}
    stock: list[Stock] = []
    for entity in stated:
        if not _is_about_something(entity, catalog, context) or not _is_complete(entity, sink):
            continue
        if entity.kind == "stock":
            stock += [_stock(entity)] if _is_of_use(entity, catalog, sink) else []
        elif entity.kind == "fee":
            _add_fee(ledger, entity, fees)
        else:
            _add_price(ledger, entity, catalog, prices)
    as_of, span = ("", None) if fx is None else (fx.text("as_of"), fx.label_span)
    return Purchase(currency, prices, fees, tuple(stock), as_of, span)


def _rates(fx: Entity, currency: str, sink: Sink) -> dict[str, Fraction]:
    rates: dict[str, Fraction] = {}
    for name in CURRENCIES:
        attr = fx.get(name)
        if attr is None or not isinstance(attr.value, Quantity):
            continue
        if name == currency or attr.value.dim.currencies != (currency,) or attr.value.value <= 0:
            sink.error(
                "fx-wrong",
                f"`fx.{name}` is {attr.value}: a rate says what one unit of another currency is worth in {currency}, "
                "the design's own",
                attr.value_span,
                helps=(f"write `EUR = 1.23{currency}`, or set the design's `currency`",),
            )
        else:
            rates[name] = attr.value.value
    return rates


def _is_about_something(entity: Entity, catalog: Catalog, context: Context) -> bool:
    known = _names(entity.kind, catalog)
    if entity.name in known:
        return True
    noun = "protocol" if entity.kind == "fee" else "part"
    if noun == "part" and tell_not_used(f"{entity.kind} {entity.name}", entity.name, entity.label_span, context):
        return False
    context.sink.error(
        "unknown-name",
        f"`{entity.kind} {entity.name}`: there is no {noun} of that name{did_you_mean(entity.name, known)}",
        entity.label_span,
        f"no such {noun}",
    )
    return False


def _names(kind: str, catalog: Catalog) -> tuple[str, ...]:
    if kind == "fee":
        return PROTOCOLS
    variants = tuple(variant.name for switch in catalog.switches.values() for variant in switch.variants)
    return (*(name for table in (*_OTHERS, *_CABLES) for name in getattr(catalog, table)), *variants)


def _is_complete(entity: Entity, sink: Sink) -> bool:
    """Report what the schema requires; blocks at the top level are checked by whoever reads them."""
    wanted = {"price": ("as_of",), "fee": ("per_port", "as_of"), "stock": ("quantity", "as_of")}[entity.kind]
    missing = [name for name in wanted if entity.get(name) is None]
    if entity.kind == "price" and entity.get("each") is None and entity.get("per_metre") is None:
        missing.insert(0, "each")
    for name in missing:
        message = f"`{entity.kind} {entity.name}` needs `{name}`"
        sink.error("missing-attribute", message, entity.label_span, f"add `{name} = …`")
    return not missing


def _add_price(ledger: _Ledger, entity: Entity, catalog: Catalog, prices: dict[str, Price]) -> None:
    if entity.get("per_metre") is not None and not any(entity.name in getattr(catalog, table) for table in _CABLES):
        ledger.sink.error(
            "wrong-type",
            f"`price {entity.name}`: `per_metre` is for cables, and {entity.name} is none",
            span_of(entity, "per_metre"),
            helps=("write `each`",),
        )
        return
    each, per_metre, as_of = ledger.money(entity, "each"), ledger.money(entity, "per_metre"), entity.text("as_of")
    if ledger.is_latest(entity, as_of) and (each is not None or per_metre is not None):
        prices[entity.name] = Price(entity.name, each, per_metre, as_of, entity.text("from"), entity.label_span)


def _add_fee(ledger: _Ledger, entity: Entity, fees: dict[str, Fee]) -> None:
    per_port, as_of = ledger.money(entity, "per_port"), entity.text("as_of")
    if ledger.is_latest(entity, as_of) and per_port is not None:
        fees[entity.name] = Fee(entity.name, per_port, as_of, entity.text("from"), entity.label_span)


def _is_of_use(entity: Entity, catalog: Catalog, sink: Sink) -> bool:
    """Report stock of a cable without its length, of a length that nobody orders, and a length of anything else."""
    cable = catalog.fiber_cables.get(entity.name) or catalog.direct_cables.get(entity.name)
    length = entity.scaled("length", "mm")
    if cable is None and length is not None:
        sink.error(
            "wrong-type",
            f"`stock {entity.name}`: `length` is for cables, and {entity.name} is none",
            span_of(entity, "length"),
        )
        return False
    if cable is not None and length is None:
        message = f"`stock {entity.name}` needs `length`, as {entity.name} is a cable"
        sink.error("missing-attribute", message, entity.label_span, "add `length = …`")
        return False
    sold = None if cable is None else cable.lengths_mm
    if sold is not None and length not in sold.value:
        listed = ", ".join(f"{each / 1000:g} m" for each in sorted(sold.value))
        sink.warning(
            "stock-unused",
            f"`stock {entity.name}` of {(length or 0) / 1000:g} m counts for nothing: "
            f"{entity.name} is ordered in {listed}",
            span_of(entity, "length"),
            "no such length",
        )
    return True


def _stock(entity: Entity) -> Stock:
    return Stock(
        entity.name,
        entity.integer("quantity") or 0,
        entity.scaled("length", "mm") or 0,
        entity.text("at"),
        entity.text("as_of"),
        entity.label_span,
    )
