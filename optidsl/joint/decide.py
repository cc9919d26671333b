"""Decide what the author leaves open of the shape of the network, together with its places and parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from optidsl._context import Context
from optidsl._record import record, replace
from optidsl.diag import Diagnostic, Sink
from optidsl.joint.figures import Least
from optidsl.joint.search import Best, Outcome, Search
from optidsl.joint.ways import Ways, ways_of
from optidsl.joint.words import Considered, decided_words, shape_words
from optidsl.optics.candidates import Tried
from optidsl.sema.design import Design, Fabric

Evaluate = Callable[[Design, Context, Tried | None], Outcome | None]
"""Build, place and choose the parts of a decided design; errors are in the sink of the context."""


@record(frozen=True, slots=True)
class Decided:
    """The design with every shape decided; its outcome and what was found out on the way, None when nothing works."""

    design: Design
    outcome: Outcome | None
    diagnostics: tuple[Diagnostic, ...]
    considered: tuple[Considered, ...]
    proof: str
    words: str  # how many shapes were weighed
    notes: tuple[str, ...] = ()  # of a design that no shape saves: what the others failed on
    is_first: bool = True  # of such a design: its shapes are those that come first
    is_cut: bool = False  # more numbers are open than were tried
    unknown: tuple[str, ...] = ()  # figures without a source that might make another shape the best one


def decide(design: Design, context: Context, evaluate: Evaluate) -> Decided:
    """Return the best shapes of all that the author leaves open; the design as it is where closed forms refuse all.

    Bounds by closed form order the shapes; built, placed and equipped in full are those whose bound is better than the
    best that was found, until there is none: that is the optimum over shapes, places and parts.

    Args:
        design: with at least one fabric that leaves something open.
        context: `options.rlimit` bounds how many shapes are built in full.
        evaluate: the stages from synthesis to the choice of parts.
    """
    least = Least(design)
    objectives = [each.expression for each in design.objectives]
    options = [ways_of(design, fabric, least, objectives) for fabric in design.fabrics]
    if not all(each.found for each in options):
        return Decided(design, None, (), (), "", "", tuple(_refusals(options)))
    search = Search(design, context, options, least, lambda *given: _quiet(evaluate, *given))
    best = search.run()
    chosen = search.first if best is None else best.indices
    fabrics = tuple(each.found[at].fabric for each, at in zip(options, chosen, strict=True))
    decided = replace(design, fabrics=fabrics)
    considered = tuple(_considered(search, options, best, chosen))
    if best is None:
        words = [shape_words(each.found[at].shape, fabric, each.fabric) for each, at, fabric in _open(options, chosen)]
        notes = (f"said of this shape: {'; '.join(words)}", *search.failures()) if words else ()
        return Decided(decided, None, (), considered, "", "", notes, not any(chosen))
    proof, told = search.proof, search.words
    cut, unknown = search.is_cut, search.unknown
    return Decided(decided, best.outcome, best.diagnostics, considered, proof, told, is_cut=cut, unknown=unknown)


def _refusals(options: list[Ways]) -> Iterator[str]:
    """Yield why a fabric cannot be of another kind, or with other planes, than the one that is told of."""
    for ways in options:
        if ways.found or not (ways.fabric.variants or ways.fabric.plane_choices):
            continue
        told = {ways.refused[0][1].message} if ways.refused else set()
        for fabric, refusal in ways.refused:
            if refusal.message not in told and len(told) < 4:
                told.add(refusal.message)
                yield f"as {fabric.kind}{f' of {fabric.planes} planes' if fabric.planes > 1 else ''}: {refusal.message}"


def _open(options: list[Ways], chosen: tuple[int, ...]) -> list[tuple[Ways, int, Fabric]]:
    """Return the fabrics with several shapes, the shape of each, and the fabric with that decided."""
    return [(each, at, each.found[at].fabric) for each, at in zip(options, chosen, strict=True) if len(each.found) > 1]


def _quiet(
    evaluate: Evaluate, design: Design, context: Context, tried: Tried
) -> tuple[Outcome | None, tuple[Diagnostic, ...]]:
    """Evaluate with a sink of its own."""
    sink = Sink()
    outcome = evaluate(design, replace(context, sink=sink, progress=lambda stage: None), tried)
    return outcome, tuple(sink.sorted())


def _considered(search: Search, options: list[Ways], best: Best | None, chosen: tuple[int, ...]) -> list[Considered]:
    """Return the shapes of every fabric with an open one, the chosen first, then by their bounds."""
    found: list[Considered] = []
    for row, ways in enumerate(options):
        if len(ways.found) + len(ways.refused) < 2:
            continue
        order = sorted(range(len(ways.found)), key=lambda at: (at != chosen[row], at))
        for at in order:
            way = ways.found[at]
            values, out = search.told(row, at)
            words = shape_words(way.shape, way.fabric, ways.fabric)
            is_chosen = best is not None and at == chosen[row]
            decided = decided_words(way.shape, way.fabric)
            found.append(Considered(ways.fabric.name, words, values, out, is_chosen, decided))
        for fabric, refusal in ways.refused:
            models = " + ".join(tier.model.value.name for tier in fabric.tiers if tier.model.value is not None)
            kind = f"{fabric.kind}, " if ways.fabric.variants else ""
            found.append(Considered(ways.fabric.name, f"{kind}{models}", (), refusal.message, False))
    return found
