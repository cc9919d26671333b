"""`moved a -> b`: what a lock has as `a` is `b` now."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl._pins import Move
from optidsl._record import record
from optidsl.diag import Label, Span
from optidsl.sema.frame import Frame, Key
from optidsl.sema.scope import Scope
from optidsl.sema.session import Session
from optidsl.sema.values import Poison, RangeValue, show
from optidsl.syntax import nodes


@record(frozen=True, slots=True)
class _End:
    path: str
    keys: tuple[Key, ...] | None
    span: Span


def lower_moves(session: Session, design: Frame) -> tuple[Move, ...]:
    """Return the moves that a design states, those of several keys one by one; what is wrong goes to the sink."""
    moves: list[Move] = []
    for layer, scope in zip(design.layers, design.layer_scopes, strict=True):
        for item in layer.body.items:
            if isinstance(item, nodes.Moved):
                moves.extend(_moves(session, item, scope, design.name))
    return tuple(moves) if _are_apart(session, moves) else ()


def _moves(session: Session, item: nodes.Moved, scope: Scope, name: str) -> list[Move]:
    source, target = (_end(session, path, scope, name) for path in (item.source, item.target))
    if source is None or target is None:
        return []
    spans = (item.span, source.span, target.span)
    if source.keys is None and target.keys is None:
        return [Move(source.path, target.path, *spans)]
    own, other = source.keys, target.keys
    if own is None or other is None or len(own) != len(other):
        counts = ["all" if keys is None else str(len(keys)) for keys in (own, other)]
        session.sink.error(
            "moved-nothing",
            f"`{session.text(item.span)}` moves {counts[0]} keys to {counts[1]}: each key moves to one",
            item.span,
            helps=("name as many keys on both sides, or on neither",),
        )
        return []
    return [Move(f"{source.path}[{a}]", f"{target.path}[{z}]", *spans) for a, z in zip(own, other, strict=True)]


def _end(session: Session, path: nodes.Path, scope: Scope, design: str) -> _End | None:
    steps = path.steps[1:] if len(path.steps) > 1 and path.steps[0].name == design else path.steps
    inner = next((step for step in steps[:-1] if step.subs is not None), None)
    if inner is not None:
        session.sink.error(
            "moved-nothing",
            f"`{session.text(path.span)}` has a key before its last name: only devices have keys here",
            inner.span,
        )
        return None
    words = ".".join(step.name for step in steps)
    subs = steps[-1].subs
    if subs is None:
        return _End(words, None, path.span)
    keys: list[Key] = []
    for sub in subs:
        value = None if sub.value is None else session.evaluate(sub.value, scope, None)
        if isinstance(value, Poison):
            return None
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, RangeValue) and isinstance(each.low, int) and isinstance(each.high, int):
                keys.extend(range(each.low, each.high + 1))
            elif isinstance(each, int | str) and not isinstance(each, bool):
                keys.append(each)
            else:
                told = "*" if each is None else show(each)
                session.sink.error("moved-nothing", f"`{told}` is no key: name keys, as `gpu[7]`", sub.span)
                return None
    return _End(words, tuple(keys), path.span)


def _are_apart(session: Session, moves: list[Move]) -> bool:
    """Report what moves twice, in a chain or in a circle."""
    seen: dict[str, tuple[Move, bool]] = {}
    for move in moves:
        for path, is_source in ((move.source, True), (move.target, False)):
            other = seen.setdefault(path, (move, is_source))
            if other != (move, is_source):
                return _refuse(session, path, (move, is_source), other)
    for path, (move, is_source) in seen.items():
        for above in _above(path):
            if above in seen:
                return _refuse(session, path, (move, is_source), seen[above])
    return True


def _above(path: str) -> Iterator[str]:
    """Yield the paths that a path is below of, the nearest first."""
    dotted = path.partition("[")[0]
    if dotted != path:
        yield dotted
    while "." in dotted:
        dotted = dotted.rpartition(".")[0]
        yield dotted


def _refuse(session: Session, path: str, one: tuple[Move, bool], other: tuple[Move, bool]) -> bool:
    both = {one[1], other[1]}
    what = {True: "moves twice", False: "is what two things move to"}[one[1]]
    if len(both) == 2:
        what = "moves, and something moves to it"
    before, move = sorted((one[0], other[0]), key=lambda each: (each.span.file, each.span.start))
    session.sink.error(
        "moved-chain",
        f"`{path}` {what}: {before.source} -> {before.target} and {move.source} -> {move.target}",
        move.span,
        "this moves",
        secondary=(Label(before.span, "and this"),) if before.span != move.span else (),
        helps=("write one `moved` from what the lock has to what the design has",),
    )
    return False
