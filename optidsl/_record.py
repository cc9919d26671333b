"""Frozen, slotted dataclasses whose class is cheap to create.

`@record(frozen=True, slots=True)` means what `@dataclass(frozen=True, slots=True)` means, and to a type checker it is
that. A start of the compiler creates some 250 such classes; `dataclass` compiles six functions for each of them (about
0.7 ms, half of the whole `check` of a small design), `record` compiles one, `__init__`, at the first instance.
`dataclasses.fields`, `replace`, `asdict` and `is_dataclass` work on records.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

__all__ = ["record"]

if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:

    def record(*, frozen: bool, slots: bool) -> Callable[[type], type]:
        """Return the decorator; both arguments must be true, and say so where the class is read."""
        if not (frozen and slots):
            raise TypeError("a record is frozen and has slots")
        return _made


def _made(cls: Any) -> Any:
    """Return the class with slots, an `__init__` over its annotations, equality, hash and repr; frozen."""
    own = _annotations(cls)
    inherited: tuple[str, ...] = getattr(cls, "__record_names__", ())
    namespace = dict(cls.__dict__)
    defaults = {
        **getattr(cls, "__record_defaults__", {}),
        **{name: namespace.pop(name) for name in own if name in namespace},
    }
    new_names = tuple(name for name in own if name not in inherited)
    for name in ("__dict__", "__weakref__"):
        namespace.pop(name, None)
    names = inherited + new_names
    namespace |= {
        "__slots__": new_names,
        "__record_names__": names,
        "__record_defaults__": defaults,
        "__match_args__": names,
        "__dataclass_fields__": _Fields(),
        "__init__": _first_init,
        "__setattr__": _refuse_set,
        "__delattr__": _refuse_delete,
        "__reduce__": _reduce,
    }
    for name, method in (("__repr__", _repr), ("__eq__", _eq), ("__hash__", _hash)):
        if name not in cls.__dict__ or cls.__dict__[name] is None:
            namespace[name] = method
    made = type(cls)(cls.__name__, cls.__bases__, namespace)
    made.__qualname__ = cls.__qualname__
    return made


def _annotations(cls: Any) -> dict[str, Any]:
    own: dict[str, Any] = vars(cls).get("__annotations__", {})
    return own


class _Fields:
    """`__dataclass_fields__`, made on first use by a real dataclass of the same shape."""

    def __get__(self, instance: object, owner: Any) -> dict[str, dataclasses.Field[Any]]:
        annotations: dict[str, Any] = {}
        for base in reversed(owner.__mro__):
            annotations |= _annotations(base) if "__record_names__" in base.__dict__ else {}
        names: dict[str, Any] = {name: annotations[name] for name in owner.__record_names__}
        shape: dict[str, Any] = {"__annotations__": names, "__module__": owner.__module__}
        real: Any = dataclasses.dataclass(type(owner.__name__, (), shape | owner.__record_defaults__))
        fields: dict[str, dataclasses.Field[Any]] = real.__dataclass_fields__
        owner.__dataclass_fields__ = fields
        return fields


def _first_init(self: Any, *args: object, **values: object) -> None:
    """Compile the real `__init__` of the class, and run it."""
    cls = type(self)
    scope: dict[str, Any] = {"_set": object.__setattr__}
    parameters, body = ["self"], []
    for name in cls.__record_names__:
        default = cls.__record_defaults__.get(name, dataclasses.MISSING)
        if isinstance(default, dataclasses.Field) and default.default_factory is dataclasses.MISSING:
            default = default.default
        value = name
        if isinstance(default, dataclasses.Field):
            scope[f"_make_{name}"] = default.default_factory
            scope[f"_default_{name}"] = dataclasses.MISSING
            value = f"_make_{name}() if {name} is _default_{name} else {name}"
            parameters.append(f"{name}=_default_{name}")
        elif default is dataclasses.MISSING:
            parameters.append(name)
        else:
            scope[f"_default_{name}"] = default
            parameters.append(f"{name}=_default_{name}")
        body.append(f"    _set(self, {name!r}, {value})")
    body += ["    self.__post_init__()"] if hasattr(cls, "__post_init__") else []
    exec(f"def __init__({', '.join(parameters)}):\n" + "\n".join(body or ["    pass"]), scope)
    init = scope["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    cls.__init__ = init
    init(self, *args, **values)


def _values(self: Any) -> tuple[object, ...]:
    return tuple([getattr(self, name) for name in self.__record_names__])


def _repr(self: Any) -> str:
    return f"{type(self).__qualname__}({', '.join(f'{n}={getattr(self, n)!r}' for n in self.__record_names__)})"


def _eq(self: Any, other: object) -> bool:
    return _values(self) == _values(other) if type(other) is type(self) else NotImplemented


def _hash(self: Any) -> int:
    return hash(_values(self))


def _refuse_set(self: object, name: str, value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_delete(self: object, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _reduce(self: Any) -> tuple[Any, tuple[object, ...]]:
    return type(self), _values(self)
