"""The keys of a family: `gpu[1..8]`, `["a", "b"]`."""

from __future__ import annotations

from optidsl.sema.access import key_values
from optidsl.sema.frame import Frame, Key
from optidsl.sema.session import Session
from optidsl.sema.values import show


def keys_of(session: Session, frame: Frame) -> tuple[Key, ...] | None:
    """Return a family's keys in order; None for a block without keys, () after an error."""
    if frame.key_subs is None or frame.key_scope is None:
        return None
    if frame.key_values is not None:
        return frame.key_values
    if "[]" in frame.busy:
        session.sink.error("cycle", f"the keys of `{frame.display}` need themselves", frame.label_span)
        return ()
    frame.busy.add("[]")
    found = key_values(session, frame.key_subs, frame.key_scope)
    frame.busy.discard("[]")
    frame.key_values = _checked(session, frame, found)
    return frame.key_values


def _checked(session: Session, frame: Frame, found: tuple[Key, ...] | str | None) -> tuple[Key, ...]:
    if found is None:
        return ()
    if isinstance(found, str):
        session.sink.error(
            "wrong-type", f"the keys of `{frame.name}` must be listed: `[*]` picks keys that exist", frame.label_span
        )
        return ()
    if not found:
        session.sink.error("empty-list", f"the family `{frame.name}` has no keys", frame.label_span, "no members")
        return ()
    if len(set(found)) != len(found):
        seen: set[Key] = set()
        twice = next(key for key in found if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        session.sink.error("duplicate-name", f"`{frame.name}` has the key {show(twice)} twice", frame.label_span)
        return tuple(dict.fromkeys(found))
    return found
