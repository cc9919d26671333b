"""The closed, case-sensitive table of units.

Source: SI prefixes and units: BIPM, The International System of Units, 9th edition, tables 2, 4, 7 and 8; binary
prefixes: IEC 80000-13:2008. A year is 365.25 days and a month a twelfth of it.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from optidsl._record import record
from optidsl.units import dim as d
from optidsl.units.dim import CURRENCIES, NOUNS, Dim, Kind

ZERO_CELSIUS_K = Fraction(27315, 100)


@record(frozen=True, slots=True)
class Unit:
    """`scale` base units make one of this unit; `offset` is added after scaling (degC only)."""

    name: str
    scale: Fraction
    dim: Dim
    kind: Kind = "lin"
    offset: Fraction = Fraction(0)


_SI = {
    "f": Fraction(1, 10**15),
    "p": Fraction(1, 10**12),
    "n": Fraction(1, 10**9),
    "u": Fraction(1, 10**6),
    "µ": Fraction(1, 10**6),
    "m": Fraction(1, 1000),
    "": Fraction(1),
    "k": Fraction(1000),
    "M": Fraction(10**6),
    "G": Fraction(10**9),
    "T": Fraction(10**12),
    "P": Fraction(10**15),
    "E": Fraction(10**18),
}
_HOUR = 3600
_DAY = 24 * _HOUR
_YEAR = Fraction(36525, 100) * _DAY
_BIG = ("", "k", "M", "G", "T", "P", "E")

_PREFIXED: tuple[tuple[str, tuple[str, ...], Fraction, Dim], ...] = (
    ("m", ("n", "u", "µ", "m", "", "k"), Fraction(1), d.LENGTH),
    ("s", ("f", "p", "n", "u", "µ", "m", ""), Fraction(1), d.TIME),
    ("b", _BIG, Fraction(1), d.DATA),
    ("B", _BIG, Fraction(8), d.DATA),
    ("bps", _BIG, Fraction(1), d.RATE),
    ("Bps", _BIG, Fraction(8), d.RATE),
    ("baud", ("", "k", "M", "G"), Fraction(1), d.FREQUENCY),
    ("Hz", ("", "k", "M", "G", "T"), Fraction(1), d.FREQUENCY),
    ("W", ("n", "u", "µ", "m", "", "k", "M", "G"), Fraction(1), d.POWER),
    ("J", ("p", "n", "m", "", "k", "M"), Fraction(1), d.ENERGY),
    ("Wh", ("", "k", "M", "G"), Fraction(_HOUR), d.ENERGY),
    ("flop", _BIG, Fraction(1), Dim.of(flop=1)),
    ("flops", _BIG, Fraction(1), Dim.of(flop=1, s=-1)),
)

_PLAIN: tuple[Unit, ...] = (
    Unit("cm", Fraction(1, 100), d.LENGTH),
    Unit("min", Fraction(60), d.TIME),
    Unit("h", Fraction(_HOUR), d.TIME),
    Unit("d", Fraction(_DAY), d.TIME),
    Unit("wk", Fraction(7 * _DAY), d.TIME),
    Unit("mo", _YEAR / 12, d.TIME),
    Unit("yr", _YEAR, d.TIME),
    Unit("bit", Fraction(1), d.DATA),
    Unit("KiB", Fraction(8 * 2**10), d.DATA),
    Unit("MiB", Fraction(8 * 2**20), d.DATA),
    Unit("GiB", Fraction(8 * 2**30), d.DATA),
    Unit("TiB", Fraction(8 * 2**40), d.DATA),
    Unit("PiB", Fraction(8 * 2**50), d.DATA),
    Unit("dB", Fraction(1), d.NUMBER, "gain"),
    Unit("dBm", Fraction(1), d.NUMBER, "level"),
    Unit("rtkm", Fraction(1), Dim.of(rtkm=1)),
    Unit("degC", Fraction(1), d.TEMPERATURE, "lin", ZERO_CELSIUS_K),
    Unit("K", Fraction(1), d.TEMPERATURE),
    Unit("U", Fraction(1), d.RACK_UNITS),
    Unit("kg", Fraction(1), d.MASS),
    Unit("FIT", Fraction(1, _HOUR * 10**9), d.FREQUENCY),
)

CURRENCY_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP"}
MONEY_SUFFIXES = {"": 1, "k": 10**3, "M": 10**6, "B": 10**9}

INTERNAL: dict[str, Unit] = {
    "mdB": Unit("mdB", Fraction(1, 1000), d.NUMBER, "gain"),
    "mdBm": Unit("mdBm", Fraction(1, 1000), d.NUMBER, "level"),
}
"""Scaled units of the solver and the plan: `to_int` knows them, the language does not."""

REJECTED: dict[str, tuple[str, ...]] = {
    "G": ("Gbps", "GBps"),
    "g": ("Gbps", "GBps"),
    "T": ("Tbps", "TBps"),
    "M": ("Mbps", "MBps"),
    "gb": ("Gb", "GB"),
    "gbps": ("Gbps",),
    "GBPS": ("Gbps", "GBps"),
    "mbps": ("Mbps",),
    "tbps": ("Tbps",),
    "Gbit": ("Gb",),
    "KB": ("kB", "KiB"),
    "kb/s": ("kbps",),
    "hr": ("h",),
    "hrs": ("h",),
    "hour": ("h",),
    "hours": ("h",),
    "sec": ("s",),
    "secs": ("s",),
    "second": ("s",),
    "seconds": ("s",),
    "mins": ("min",),
    "minute": ("min",),
    "minutes": ("min",),
    "day": ("d",),
    "days": ("d",),
    "week": ("wk",),
    "weeks": ("wk",),
    "month": ("mo",),
    "months": ("mo",),
    "year": ("yr",),
    "years": ("yr",),
    "y": ("yr",),
    "KM": ("km",),
    "Km": ("km",),
    "mtr": ("m",),
    "meter": ("m",),
    "meters": ("m",),
    "metre": ("m",),
    "metres": ("m",),
    "w": ("W",),
    "kw": ("kW",),
    "KW": ("kW",),
    "Kw": ("kW",),
    "mw": ("mW", "MW"),
    "watt": ("W",),
    "watts": ("W",),
    "db": ("dB",),
    "DB": ("dB",),
    "dbm": ("dBm",),
    "DBm": ("dBm",),
    "dBM": ("dBm",),
    "u": ("U",),
    "RU": ("U",),
    "ru": ("U",),
    "C": ("degC",),
    "°C": ("degC",),
    "ghz": ("GHz",),
    "Ghz": ("GHz",),
    "thz": ("THz",),
    "mhz": ("MHz",),
    "GBd": ("Gbaud",),
    "us$": ("USD",),
}
"""Spellings people bring from elsewhere, with what they may mean here."""

FOREIGN: dict[str, tuple[Fraction, str]] = {
    **dict.fromkeys(("in", "inch", "inches"), (Fraction(254, 10_000), "m")),
    **dict.fromkeys(("ft", "foot", "feet"), (Fraction(3048, 10_000), "m")),
    **dict.fromkeys(("yd", "yard", "yards"), (Fraction(9144, 10_000), "m")),
    **dict.fromkeys(("mi", "mile", "miles"), (Fraction(1_609_344, 1000), "m")),
    **dict.fromkeys(("lb", "lbs"), (Fraction(45_359_237, 10**8), "kg")),
}
"""Units that the language leaves out, in one that it has. Source: NIST SP 811 (2008), table B.8, exact factors."""


@cache
def units() -> dict[str, Unit]:
    """Return every unit of the language by its spelling."""
    table = {unit.name: unit for unit in _PLAIN}
    for stem, prefixes, scale, dim in _PREFIXED:
        for prefix in prefixes:
            table[prefix + stem] = Unit(prefix + stem, _SI[prefix] * scale, dim)
    for name in (*NOUNS, *CURRENCIES):
        table.setdefault(name, Unit(name, Fraction(1), Dim.of(**{name: 1})))
    return table


LADDERS: dict[Dim, tuple[str, ...]] = {
    d.LENGTH: ("mm", "m", "km"),
    d.TIME: ("ps", "ns", "us", "ms", "s", "min", "h", "d", "yr"),
    d.DATA: ("bit", "kB", "MB", "GB", "TB", "PB"),
    d.RATE: ("bps", "kbps", "Mbps", "Gbps", "Tbps"),
    d.FREQUENCY: ("Hz", "kHz", "MHz", "GHz", "THz"),
    d.POWER: ("mW", "W", "kW", "MW"),
    d.ENERGY: ("J", "Wh", "kWh", "MWh"),
    d.TEMPERATURE: ("K",),
    d.RACK_UNITS: ("U",),
    d.MASS: ("kg",),
    d.DISPERSION: ("ps/nm/km",),
}
"""Units a message chooses from, smallest first, when nobody wrote one."""
