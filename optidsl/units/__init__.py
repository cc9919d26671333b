"""Exact quantities with a dimension, the dB/dBm algebra, and nature's uncertainty.

This package is the only place that knows what a unit is. Public API (see the modules for details):

* `parse_quantity(text) -> Quantity`: one literal (`0.35dB/km`, `99.9%`, `$1.2M`); raises `UnitError`.
  `parse_literal(text)` is the same but gives a plain `Fraction` for a literal without a dimension.
* `Quantity(value: Fraction, dim: Dim, kind, unit)`: `value` in base units; `+ - * /` follow the algebra and raise
  `UnitError`, a result without a dimension is a plain `Fraction`; `to(unit)` is exact, `to_int(unit)` rounds half to
  even once; `str()` prints in the unit it was written in; `type_name` is the name of its type.
* `compare(a, b) -> -1 | 0 | 1`: comparison with the check of dimensions (`==` never raises, `<` does).
* `Uncertain`: a quantity that nature chooses inside limits (`Uncertain.tolerance(nominal, deviation, key)`,
  `Uncertain.between(low, high, key)`): a multilinear form over `Symbol`s; `bounds()`, `corners()`, `nominal`.
* `mw dbm lin db powersum`: conversions between logarithmic and linear.
* `UnitError(name, message, help, replacement)`: `name` is the diagnostic's name (`unknown-unit`, `unit-mismatch`, …).
"""

from optidsl.units.convert import db, dbm, lin, mw, powersum
from optidsl.units.dim import Dim, Kind, type_name
from optidsl.units.errors import UnitError
from optidsl.units.quantity import Quantity, Value, compare, format_quantity, parse_literal, parse_quantity
from optidsl.units.suggest import edit_distance
from optidsl.units.tables import units
from optidsl.units.uncertain import Symbol, Uncertain, check_range

__all__ = [
    "Dim",
    "Kind",
    "Quantity",
    "Symbol",
    "Uncertain",
    "UnitError",
    "Value",
    "check_range",
    "compare",
    "db",
    "dbm",
    "edit_distance",
    "format_quantity",
    "lin",
    "mw",
    "parse_literal",
    "parse_quantity",
    "powersum",
    "type_name",
    "units",
]
