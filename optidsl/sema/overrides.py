"""Overrides: gathered before anything is built, handed down along their paths, and missed when they hit nothing."""

from __future__ import annotations

from optidsl.schema.nearest import alternatives, did_you_mean, nearest
from optidsl.sema.frame import ENVIRONMENT_RANK, OVERRIDE_RANK, Frame, Key, Layer, Override, Pending, Step
from optidsl.sema.scope import Scope
from optidsl.sema.session import Session
from optidsl.sema.values import Poison, RangeValue, show
from optidsl.syntax import nodes


def gather_overrides(session: Session, design: Frame) -> None:
    """Collect the overrides of the design and of the environment selected."""
    for layer, scope in zip(design.layers, design.layer_scopes, strict=True):
        for item in layer.body.items:
            if isinstance(item, nodes.Override):
                _gather(session, design, item, scope, OVERRIDE_RANK)
    wanted = session.context.options.environment
    environments = [
        (item, scope)
        for layer, scope in zip(design.layers, design.layer_scopes, strict=True)
        for item in layer.body.items
        if isinstance(item, nodes.Block) and item.kind.text == "environment" and item.label is not None
    ]
    if wanted is None:
        return
    for block, scope in environments:
        if block.label == wanted:
            for item in block.body.items:
                if isinstance(item, nodes.Override):
                    _gather(session, design, item, scope, ENVIRONMENT_RANK)
            return
    known = [block.label for block, _ in environments if block.label is not None]
    helps = (f"environments: {alternatives(known)}",) if known else ("the design declares no environment",)
    session.sink.error(
        "unknown-environment", f"there is no environment `{wanted}`{did_you_mean(wanted, known)}", helps=helps
    )


def _gather(session: Session, design: Frame, item: nodes.Override, scope: Scope, rank: int) -> None:
    steps: list[Step] = []
    for step in item.path.steps:
        steps.append(Step(step.span, step.name, None))
        if step.subs is not None:
            steps.append(Step(step.span, "", step.subs))
    if len(steps) > 1 and steps[0].name == design.name:
        steps = steps[1:]
    override = Override(item, scope, rank, tuple(steps), near=design)
    session.overrides.append(override)
    design.pending.append(Pending(override, 0))


def pass_down(session: Session, frame: Frame, child: Frame) -> None:
    """Give a child the overrides whose path leads into it."""
    for pending in frame.pending:
        _offer(session, child, pending.override, pending.step)


def _offer(session: Session, child: Frame, override: Override, position: int) -> None:
    steps = override.steps
    step = steps[position]
    name = child.name or child.kind.name
    if step.subs is None:
        if step.name != name:
            return
    elif not _selects(session, step.subs, override.scope, name):
        return
    position += 1
    if position < len(steps) and steps[position].subs is not None and child.key_subs is not None:
        if not _selects_family(session, child, override, steps[position]):
            return
        position += 1
    if position > override.matched:
        override.matched, override.near = position, child
    if position < len(steps):
        child.pending.append(Pending(override, position))
        return
    override.is_used = True
    if override.item.body is not None:
        child.layers.append(Layer(override.rank, override.item.body, override.scope))
    else:
        session.sink.error(
            "wrong-type",
            f"`{name}` is a block: override one of its attributes, or write `override … {{ … }}`",
            override.item.path.span,
        )


def _selects(session: Session, subs: tuple[nodes.Subscript, ...], scope: Scope, name: str) -> bool:
    for sub in subs:
        if sub.value is None and sub.name is None:
            return True
        if sub.value is not None and str(session.evaluate(sub.value, scope, None)) == name:
            return True
    return False


def _selects_family(session: Session, child: Frame, override: Override, step: Step) -> bool:
    """Check that an override picks every key of a family: its members are alike."""
    override.is_used = True
    picked: list[Key] = []
    for sub in step.subs or ():
        if sub.value is None:
            return True
        value = session.evaluate(sub.value, override.scope, None)
        if isinstance(value, Poison):
            return False
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, RangeValue) and isinstance(item.low, int) and isinstance(item.high, int):
                picked.extend(range(item.low, item.high + 1))
            elif isinstance(item, int | str):
                picked.append(item)
    own = session.keys(child) or ()
    missing = [key for key in picked if key not in own]
    if missing:
        session.sink.error(
            "override-matches-nothing",
            f"the override matches nothing: `{child.display}` has no key {show(missing[0])}",
            step.span,
            "no such key",
        )
        return False
    if set(picked) >= set(own):
        override.is_used = False
        return True
    session.sink.error(
        "not-in-edition",
        f"the members of `{child.display}` are alike: an override of single keys is not part of this edition",
        step.span,
        f"write `{child.name}[*]`, or declare these members in a family of their own",
    )
    return False


def report_missed(session: Session) -> None:
    """Report every override whose path matched nothing."""
    for override in session.overrides:
        if override.is_used or override.near is None:
            continue
        step = override.steps[min(override.matched, len(override.steps) - 1)]
        frame = override.near
        known = list(dict.fromkeys(_names_in(frame)))
        name = step.name or "this key"
        near = nearest(name, known, 1)
        meant = f" (did you mean `{near[0]}`?)" if near else ""
        session.sink.error(
            "override-matches-nothing",
            f"the override matches nothing: `{frame.display}` has no `{name}`{meant}",
            step.span,
            "nothing of that name",
            helps=(f"it has: {alternatives(known)}",),
        )


def _names_in(frame: Frame) -> list[str]:
    return [
        *(child.name or child.kind.name for child in frame.children),
        *frame.params,
        *(attribute.name for attribute in frame.kind.attributes),
    ]


def overriding(frame: Frame, name: str) -> list[Override]:
    """Return the overrides whose path ends at this attribute or param."""
    found: list[Override] = []
    for pending in frame.pending:
        rest = pending.override.steps[pending.step :]
        if all(step.subs is None for step in rest) and ".".join(step.name for step in rest) == name:
            pending.override.is_used = True
            found.append(pending.override)
    return found
