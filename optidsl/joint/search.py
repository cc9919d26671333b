"""Best-first over combinations of shapes: bounds say what to build next, and when nothing better can come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from heapq import heappop, heappush
from math import prod

from optidsl._context import Context
from optidsl._record import record, replace
from optidsl.diag import Diagnostic
from optidsl.joint.figures import ENDLESS, Bound, Interval, Least, negated, rest, share
from optidsl.joint.ways import Vector, Way, Ways
from optidsl.layout.tables import PlacedFabric
from optidsl.optics.amount import unit_of
from optidsl.optics.candidates import Tried
from optidsl.optics.search import OPTIMAL
from optidsl.optics.tables import Choice
from optidsl.optics.text import listing, number, plural, quantity
from optidsl.sema.design import Affine, Design, Requirement

PER_SHAPE = 500_000
PER_LINK = 500
"""Units of `rlimit` that building a shape in full is counted as, and each of its links."""

LEAST_TRIED = 8
"""Shapes that are built before a design is given up whose shapes all fail, however large they are."""

Outcome = tuple[PlacedFabric, Choice]
Indices = tuple[int, ...]
"""One shape of every fabric, by its place in `Ways.found`."""

Key = tuple[tuple[int, ...], Vector, tuple[int, ...]]
"""Broken soft requirements by rank; the vector with the values themselves; the numbers of the shapes."""

Evaluate = Callable[[Design, Context, Tried], tuple[Outcome | None, tuple[Diagnostic, ...]]]


@record(frozen=True, slots=True)
class Best:
    """The best combination so far."""

    key: Key
    indices: Indices
    outcome: Outcome
    diagnostics: tuple[Diagnostic, ...]


class Search:
    """The search over shapes of all fabrics of a design."""

    def __init__(
        self, design: Design, context: Context, options: Sequence[Ways], least: Least, evaluate: Evaluate
    ) -> None:
        self.design, self.context, self.options, self.evaluate = design, context, options, evaluate
        self.best: Best | None = None
        self.first: Indices = (0,) * len(options)
        self.built: dict[Indices, str | tuple[str, ...]] = {}  # why a combination is out, or what it comes to
        self.bound: Vector | None = None  # the least that what was not weighed comes to
        self.unproven: set[Indices] = set()  # combinations that other parts might make better
        self.is_cut = any(each.is_cut for each in options)
        self._tried = Tried()
        self._objectives = [each.expression for each in design.objectives]
        self._nodes = {**least.nodes(), **_least_skus(design, options, least)}
        self._known = frozenset(name for each in options for way in each.found for name in way.parts)
        # Fabrics may lack the same figure: at least those of the fabric that lacks most are missing.
        several = len(options) > 1
        self._missing = max((min(way.unknown for way in each.found) for each in options), default=0) if several else 0
        self._heap: list[tuple[int, Vector, tuple[int, ...], Indices]] = []
        self._seen: set[Indices] = set()
        self._errors: list[Indices] = []  # combinations that were built in full and fail
        self._spent = 0

    def run(self) -> Best | None:
        """Return the best combination, None when none works."""
        self._push(self.first)
        is_first = True
        nearest: Bound = -ENDLESS
        while self._heap:
            unfit, vector, numbers, indices = heappop(self._heap)
            best = self.best
            if best is not None and (unfit or ((0,) * len(best.key[0]), vector, numbers) > best.key):
                break
            if self._spent > self._limit:
                self.bound = vector
                break
            for row in range(len(indices)):
                if indices[row] + 1 < len(self.options[row].found):
                    self._push((*indices[:row], indices[row] + 1, *indices[row + 1 :]))
            broken, short = self._broken(indices)
            if broken:
                self.built[indices] = broken
                if is_first and short > nearest:
                    self.first, nearest = indices, short
                continue
            if is_first:
                self.first, is_first = indices, False
            self._build(indices, vector, numbers)
        if self.best is None:
            self.first = self._most_told()
        return self.best

    def _most_told(self) -> Indices:
        """Return the shape that a failure is told of: the one that comes first, or the first of what most fail on."""
        errors = [text for indices in self._errors if isinstance(text := self.built[indices], str)]
        if self.first not in self._errors:
            return self.first
        most = max(errors, key=errors.count)
        if errors.count(most) == errors.count(str(self.built[self.first])):
            return self.first
        return next(indices for indices in self._errors if self.built[indices] == most)

    @property
    def _limit(self) -> int:
        """Units that may be spent: a quarter of them, but a few shapes in any case, until one works."""
        rlimit = self.context.options.rlimit
        if self.best is not None:
            return rlimit
        return rlimit // 4 if len(self._errors) >= LEAST_TRIED else self._spent

    def _ways(self, indices: Indices) -> list[Way]:
        return [each.found[at] for each, at in zip(self.options, indices, strict=True)]

    def _push(self, indices: Indices) -> None:
        if indices in self._seen:
            return
        self._seen.add(indices)
        ways = self._ways(indices)
        vector = [sum(parts, start=Fraction(0)) for parts in zip(*(way.vector for way in ways), strict=True)]
        vector[0] += self._missing
        for at, expression in enumerate(self._objectives, start=1):
            vector[at] += rest(expression, self._known, self._nodes)
        unfit = sum(1 for way in ways if not way.fits)
        heappush(self._heap, (unfit, tuple(vector), tuple(way.number for way in ways), indices))

    def _broken(self, indices: Indices) -> tuple[str, Bound]:
        """Return the requirement that a combination breaks whatever its parts, and the most that it has of it.

        "" when it may keep all.
        """
        parts = [way.parts for way in self._ways(indices)]
        for requirement in self.design.requirements:
            if requirement.weight is not None or requirement.is_warning or requirement.text:
                continue
            for condition in requirement.conditions:
                high = -self._low(negated(condition.expression), parts)
                low = self._low(condition.expression, parts) if condition.relation == "==" else Fraction(0)
                if high < 0 or (high == 0 and condition.relation == ">") or low > 0:
                    return _broken_words(requirement, condition.text), min(high, -low)
        return "", Fraction(0)

    def _low(self, expression: Affine, parts: Sequence[dict[str, tuple[Bound, Bound]]]) -> Bound:
        shares = [share(expression, part) for part in parts]
        return sum(shares, start=rest(expression, self._known, self._nodes))

    def _build(self, indices: Indices, vector: Vector, numbers: tuple[int, ...]) -> None:
        ways = self._ways(indices)
        self._spent += PER_SHAPE + PER_LINK * sum(joint.links for way in ways for joint in way.shape.joints)
        design = replace(self.design, fabrics=tuple(way.fabric for way in ways))
        outcome, diagnostics = self.evaluate(design, self.context, self._tried)
        if outcome is None or outcome[1].score is None:
            self._errors.append(indices)
            errors = [each for each in diagnostics if each.severity == "error"]
            if any(each.name == "solver-gave-up" for each in errors):
                self.unproven.add(indices)
            self.built[indices] = errors[0].message if errors else "no parts keep every rule, policy and requirement"
            return
        score = outcome[1].score
        if not outcome[1].proof.startswith(OPTIMAL):
            self.unproven.add(indices)
        self.built[indices] = score.shown
        key: Key = (score.softs, (score.missing, *score.values, *vector[1 + len(self._objectives) :]), numbers)
        if self.best is None or key < self.best.key:
            self.best = Best(key, indices, outcome, diagnostics)

    # -------------------------------------------------------------- what is told

    @property
    def unknown(self) -> tuple[str, ...]:
        """Return the figures that no source gives and that might make another shape the best one."""
        best = self.best
        if best is None:
            return ()
        lacks = tuple(dict.fromkeys(name for way in self._ways(best.indices) for name in way.lacks))
        asked = [any(name.startswith(("power.", "cost.")) for name in names_of(each)) for each in self._objectives]
        sure = asked.index(True) if lacks and True in asked else len(asked)
        return lacks if self._rivals(best, sure) else ()

    def _rivals(self, best: Best, sure: int) -> bool:
        """Tell whether another shape may be as good in the first objectives, of which every figure is known."""
        if len(self.options) > 1:
            return any(len(each.found) > 1 for each in self.options)
        mine = best.key[1][: 1 + sure][1:]
        rest_of = [rest(each, self._known, self._nodes) for each in self._objectives[:sure]]
        for at, way in enumerate(self.options[0].found):
            lows = tuple(low + more for low, more in zip(way.vector[1 : 1 + sure], rest_of, strict=True))
            if (at,) != best.indices and lows <= mine:
                return True
        return False

    @property
    def proof(self) -> str:
        """Say how sure the choice is: `optimal`, `gap <= x %`, or `first feasible`."""
        best = self.best
        if best is None or self.is_cut or self.unproven - {best.indices} or self.unknown:
            return "first feasible"
        own = best.outcome[1].proof
        if self.bound is None:
            return own
        if any(best.key[0]) or not own.startswith(OPTIMAL):
            return "first feasible"
        names = ["", *(each.text.partition(" ")[2] for each in self.design.objectives)]
        for name, value, low in zip(names, best.key[1], self.bound, strict=False):
            if value != low:
                if not name or not value or low == -ENDLESS:
                    return "first feasible"
                return f"gap <= {_percent(Fraction(value - low) / abs(Fraction(value)))} % of {name}"
        return own

    @property
    def words(self) -> str:
        """Say how many shapes were weighed, and how many of them in full."""
        total = prod(len(each.found) for each in self.options)
        aside = total - prod(sum(1 for way in each.found if not way.lacks) for each in self.options)
        is_sure = self.best is not None and not any(way.lacks for way in self._ways(self.best.indices))
        unsure = f", {aside:,} set aside for want of figures" if aside and is_sure else ""
        return f"weighed {plural(total, 'shape')}, {len(self.built):,} in full{unsure}; {self.proof}"

    def told(self, row: int, at: int) -> tuple[tuple[str, ...], str]:
        """Return the values of the objectives with a shape of a fabric, and why it is out."""
        own = {indices: text for indices, text in self.built.items() if indices[row] == at}
        values = [text for text in own.values() if isinstance(text, tuple)]
        if values:
            chosen = None if self.best is None else own.get(self.best.indices)
            return (chosen if isinstance(chosen, tuple) else values[0]), ""
        reasons = [text for text in own.values() if isinstance(text, str)]
        if reasons:
            return (), reasons[0]
        way = self.options[row].found[at]
        if not way.fits:
            return (), "no optic in the catalogue fits its links"
        return tuple(self._bounds(row, at)), f"no {listing([*way.lacks], 'and')}" if way.lacks else ""

    def _bounds(self, row: int, at: int) -> list[str]:
        base = self.first if self.best is None else self.best.indices
        parts = [way.parts for way in self._ways((*base[:row], at, *base[row + 1 :]))]
        found: list[str] = []
        for objective in self.design.objectives:
            low = self._low(objective.expression, parts)
            if isinstance(low, float):
                continue
            sign = -1 if objective.text.startswith("maximize ") else 1
            text = objective.text.removeprefix("minimize ").removeprefix("maximize ")
            terms = objective.expression.terms
            unit = unit_of(terms[0][0].name, self.design.purchase.currency) if terms else ""
            found.append(f"{text} {'>=' if sign > 0 else '<='} {quantity(sign * low, unit)}")
        return found

    def failures(self) -> tuple[str, ...]:
        """Return what the shapes failed on other than the one that is told, in words, each once."""
        own = self.built.get(self.first)
        texts = [text for text in self.built.values() if isinstance(text, str) and text != own]
        found = dict.fromkeys(texts)
        notes = [f"{plural(texts.count(each), 'other shape')} failed otherwise: {each}" for each in [*found][:3]]
        if len(self.built) - len(texts) > 1:
            notes.insert(0, f"{plural(len(self.built) - len(texts) - 1, 'other shape')} failed on the same")
        if self.bound is not None:
            notes.append(f"more than these {len(self.built):,} shapes are left open: raise --rlimit to weigh them")
        return tuple(notes)


def names_of(expression: Affine) -> list[str]:
    """Return the metrics of an expression."""
    return [metric.name for metric, _ in expression.terms]


def _least_skus(design: Design, options: Sequence[Ways], least: Least) -> dict[str, Interval]:
    """Return the least numbers of different parts that every combination buys: one, or none."""
    needs = any(
        all(any(least.serving(joint)[1] for joint in way.shape.joints if joint.links) for way in each.found)
        for each in options
    )
    links = any(all(any(joint.links for joint in way.shape.joints) for way in each.found) for each in options)
    one, nothing = (Fraction(1), ENDLESS), (Fraction(0), ENDLESS)
    return {
        "bom.optics.skus": one if needs else nothing,
        "bom.cables.skus": one if links and not design.lines else nothing,
    }


def _broken_words(requirement: Requirement, text: str) -> str:
    name = f"`{requirement.name}`: " if requirement.name else ""
    return f"it cannot keep {name}`{text}`"


def _percent(gap: Fraction) -> str:
    return number(Fraction(-(-gap * 10_000 // 1), 100))
