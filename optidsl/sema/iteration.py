"""What `for` can run over, one step at a time."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl.diag import Label, Span
from optidsl.sema.frame import Key
from optidsl.sema.operators import wrong_type
from optidsl.sema.scope import ImportBinding, ModuleBinding, Scope, ValueBinding
from optidsl.sema.session import Session
from optidsl.sema.values import FrameRef, ObjectValue, Poison, RangeValue, Value, describe


def family_keys(session: Session, ref: FrameRef) -> tuple[Key, ...] | None:
    """Return the keys that a reference to a family picks; None for a block without keys."""
    own = session.keys(ref.frame)
    return ref.keys if ref.keys is not None else own


def iterate(session: Session, value: Value, span: Span, names: int) -> Iterator[tuple[Value, ...]] | None:
    """Return the steps of a loop, as many values each as the loop has names; None after an error."""
    if isinstance(value, Poison):
        return None
    size = _size(session, value)
    if size is None:
        message = f"`for` runs over a list, a range of integers or a keyed family, found {describe(value)}"
        wrong_type(session, message, span)
        return None
    if not session.count_expansion(size, span):
        return None
    return _steps(session, value, names)


def _size(session: Session, value: Value) -> int | None:
    if isinstance(value, tuple):
        return len(value)
    if isinstance(value, RangeValue) and isinstance(value.low, int) and isinstance(value.high, int):
        return value.high - value.low + 1
    if isinstance(value, ObjectValue):
        return len(value.fields)
    if isinstance(value, FrameRef) and not value.tail:
        keys = family_keys(session, value)
        return None if keys is None else len(keys)
    return None


def _steps(session: Session, value: Value, names: int) -> Iterator[tuple[Value, ...]]:
    """With two names, the first is the position in a list, the key of a family or the field of an object."""
    if isinstance(value, ObjectValue):
        for name, item in value.fields.items():
            yield (name, item) if names == 2 else (name,)
    elif isinstance(value, FrameRef):
        for key in family_keys(session, value) or ():
            one = FrameRef(value.frame, (key,))
            yield (key, one) if names == 2 else (one,)
    elif isinstance(value, RangeValue):
        if isinstance(value.low, int) and isinstance(value.high, int):
            for position, number in enumerate(range(value.low, value.high + 1)):
                yield (position, number) if names == 2 else (number,)
    elif isinstance(value, tuple):
        for position, item in enumerate(value):
            yield (position, item) if names == 2 else (item,)


def bind_loop(
    session: Session, names: tuple[str, ...], values: tuple[Value, ...], scope: Scope, span: Span
) -> Scope | None:
    """Return a scope with a loop's variables; None after reporting that one hides another name."""
    inner = Scope(scope, None, {}, scope.via, scope.is_std)
    for name, value in zip(names, values, strict=True):
        if not check_hiding(session, name, span, scope, is_loop=True):
            return None
        inner.bindings[name] = ValueBinding(name, span, value)
    return inner


def check_hiding(session: Session, name: str, span: Span, scope: Scope, *, is_loop: bool = False) -> bool:
    """Report a name that would hide one declared around it; loop variables may hide what a `use` brings in."""
    outer = scope.find(name)
    if outer is None or (is_loop and isinstance(outer, ModuleBinding | ImportBinding)):
        return True
    session.sink.error(
        "hidden-name",
        f"`{name}` hides the `{name}` declared at {session.context.sources.where(outer.span)}",
        span,
        "choose another name",
        secondary=(Label(outer.span, "declared here"),),
    )
    return False
