"""What the author may have meant by a unit that does not exist."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import count

from optidsl.units.dim import CURRENCIES, type_name
from optidsl.units.errors import UnitError
from optidsl.units.tables import FOREIGN, REJECTED, units

_MULTIPLES = {"k": Fraction(1_000), "M": Fraction(1_000_000)}
"""What `k` and `M` stand for before a currency, where the language has them with a sign only: `$2M`."""

_VARIABLE = r"[A-Za-z_][A-Za-z0-9_]*"


def edit_distance(a: str, b: str) -> int:
    """Return the optimal string alignment distance: insert, delete, replace, swap two neighbours.

    Source: Damerau, A technique for computer detection and correction of spelling errors, CACM 7(3), 1964.
    """
    rows = [list(range(len(b) + 1))]
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            best = min(rows[-1][j] + 1, row[j - 1] + 1, rows[-1][j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


def nearest_units(spelling: str, limit: int = 3) -> tuple[str, ...]:
    """Return the units people may have meant, best first; none when nothing is close."""
    if spelling in REJECTED:
        return REJECTED[spelling]
    same_letters = [unit for unit in units() if unit.lower() == spelling.lower()]
    if same_letters:
        return tuple(sorted(same_letters)[:limit])
    allowed = 1 if len(spelling) <= 3 else 2
    scored = [(edit_distance(spelling, unit), unit) for unit in units() if abs(len(unit) - len(spelling)) <= allowed]
    close = sorted((d, abs(len(u) - len(spelling)), u) for d, u in scored if d <= allowed and d < len(spelling))
    return tuple(unit for distance, _, unit in close if distance == close[0][0])[:limit]


def explain_unknown(
    stem: str, parts: list[str], position: int, literal: str, number: str, wanted: str | None
) -> UnitError:
    """Return the error for unit `stem`, which stands at `parts[position]` of the literal's unit."""
    message = f"unknown unit `{stem}` in `{literal}`"
    if position > 0 and all(part in units() for part in parts[1:position] if part) and _is_variable(stem):
        head = number + "/".join(parts[:position])
        rest = " / ".join(parts[position:])
        return UnitError(
            "unknown-unit",
            message,
            f"`{stem}` is not a unit; to divide by `{stem}`, write `{head} / {rest}` with spaces",
            f"{head} / {rest}",
        )
    if stem in FOREIGN and len(parts) == 1 and number:
        return _converted(stem, literal, number, *FOREIGN[stem])
    if stem[1:] in CURRENCIES and stem[0] in _MULTIPLES and number:
        return _converted(stem, literal, number, _MULTIPLES[stem[0]], "/".join([stem[1:], *parts[1:]]))
    candidates = _of_type(nearest_units(stem), wanted) if len(parts) == 1 else nearest_units(stem)
    if not candidates:
        return UnitError(
            "unknown-unit", message, "the units of the language are listed by `optidsl explain unknown-unit`"
        )
    whole = [number + "/".join([*parts[:position], candidate, *parts[position + 1 :]]) for candidate in candidates]
    if len(whole) == 1:
        return UnitError("unknown-unit", message, f"write `{whole[0]}`", whole[0])
    return UnitError("unknown-unit", message, "write " + " or ".join(f"`{text}`" for text in whole) + _note(stem))


def _converted(stem: str, literal: str, number: str, factor: Fraction, unit: str) -> UnitError:
    exact = Fraction(number.replace("_", "")) * factor
    places = next(places for places in count() if (exact * 10**places).denominator == 1)
    digits = f"{abs(exact.numerator * 10**places // exact.denominator):0{places + 1}d}"
    written = ("-" if exact < 0 else "") + (f"{digits[:-places]}.{digits[-places:]}" if places else digits) + unit
    return UnitError("unknown-unit", f"unknown unit `{stem}` in `{literal}`", f"write `{written}`", written)


def _of_type(candidates: tuple[str, ...], wanted: str | None) -> tuple[str, ...]:
    """Return the candidates of the type that is expected; all when none is expected."""
    if wanted is None:
        return candidates
    return tuple(name for name in candidates if type_name(units()[name].dim, units()[name].kind) == wanted)


def _note(stem: str) -> str:
    return " (`b` is a bit, `B` a byte)" if stem.upper() in {"G", "T", "M", "GB", "KB", "GBPS"} else ""


def _is_variable(stem: str) -> bool:
    return len(stem) <= 1 or (re.fullmatch(_VARIABLE, stem) is not None and not nearest_units(stem))
