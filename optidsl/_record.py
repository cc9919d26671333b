"""Slotted dataclasses whose class is cheap to create.

`@record(…)` means what `@dataclass(…)` means, and to a type checker it is that; so do `field`, `fields` and `replace`.
A start of the compiler creates some 250 such classes; `dataclass` compiles six functions for each of them (about
0.7 ms, half of the whole `check` of a small design), `record` one, `__init__`, for classes of many instances; and
the import of `dataclasses` itself costs as much as a bare interpreter. The functions of `dataclasses` work on records.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

__all__ = ["field", "fields", "record", "replace"]

if TYPE_CHECKING:
    from dataclasses import dataclass as record
    from dataclasses import field, fields, replace
else:

    def record(*, frozen: bool = False, slots: bool, eq: bool = True) -> Callable[[type], type]:
        """Return the decorator; `slots` must be true, and says so where the class is read."""
        if not slots:
            raise TypeError("a record has slots")
        return lambda cls: _made(cls, frozen, eq)

    def field(*, default: object = ..., default_factory: object = ..., compare: bool = True) -> _Field:
        """Return the default of a field; `...` stands for none."""
        return _Field(default, default_factory, compare)

    def replace(instance: object, /, **changes: object) -> object:
        """Return a copy with other values in some fields."""
        names = type(instance).__record_names__
        return type(instance)(**({name: getattr(instance, name) for name in names} | changes))

    def fields(of: object) -> tuple[object, ...]:
        """Return the fields, as `dataclasses.fields` does."""
        return tuple(of.__dataclass_fields__.values())


_MANY = 24
"""Instances from which on compiling an `__init__` (0.1 ms) is cheaper than setting the fields without one."""


class _Field:
    __slots__ = ("compare", "default", "default_factory")

    def __init__(self, default: object, default_factory: object, compare: bool) -> None:
        self.default = default
        self.default_factory = default_factory
        self.compare = compare


def _made(cls: Any, is_frozen: bool, has_eq: bool) -> Any:
    """Return the class with slots, an `__init__` over its annotations, a repr and, if wanted, equality."""
    own = _annotations(cls)
    inherited: tuple[str, ...] = getattr(cls, "__record_names__", ())
    namespace = dict(cls.__dict__)
    defaults = dict(getattr(cls, "__record_defaults__", {}))
    defaults |= {name: namespace.pop(name) for name in own if name in namespace}
    new_names = tuple(name for name in own if name not in inherited)
    for name in ("__dict__", "__weakref__"):
        namespace.pop(name, None)
    names = inherited + new_names
    namespace |= {
        "__slots__": new_names,
        "__record_names__": names,
        "__record_defaults__": defaults,
        "__record_calls__": [],
        "__record_compared__": tuple(name for name in names if _is_compared(defaults.get(name))),
        "__match_args__": names,
        "__dataclass_fields__": _Fields(),
        "__init__": _first_init,
        "__reduce__": _reduce,
    }
    if is_frozen:
        namespace |= {"__setattr__": _refuse_set, "__delattr__": _refuse_delete}
    methods: list[tuple[str, object]] = [("__repr__", _repr)]
    if has_eq:
        methods += [("__eq__", _eq), ("__hash__", _hash if is_frozen else None)]
    for name, method in methods:
        if cls.__dict__.get(name) is None:
            namespace[name] = method
    made = type(cls)(cls.__name__, cls.__bases__, namespace)
    made.__qualname__ = cls.__qualname__
    return made


def _annotations(cls: Any) -> dict[str, Any]:
    own: dict[str, Any] = vars(cls).get("__annotations__", {})
    return own


def _is_compared(default: object) -> bool:
    return not isinstance(default, _Field) or default.compare


class _Fields:
    """`__dataclass_fields__`, made on first use by a real dataclass of the same shape."""

    def __get__(self, instance: object, owner: Any) -> dict[str, Any]:
        import dataclasses

        annotations: dict[str, Any] = {}
        for base in reversed(owner.__mro__):
            annotations |= _annotations(base) if "__record_names__" in base.__dict__ else {}
        names: dict[str, Any] = {name: annotations[name] for name in owner.__record_names__}
        shape: dict[str, Any] = {"__annotations__": names, "__module__": owner.__module__}
        for name, default in owner.__record_defaults__.items():
            shape[name] = _real_field(default) if isinstance(default, _Field) else default
        real: Any = dataclasses.dataclass(type(owner.__name__, (), shape))
        found: dict[str, Any] = real.__dataclass_fields__
        owner.__dataclass_fields__ = found
        return found


def _real_field(given: _Field) -> Any:
    import dataclasses

    options: dict[str, Any] = {"compare": given.compare}
    if given.default is not ...:
        options["default"] = given.default
    if given.default_factory is not ...:
        options["default_factory"] = given.default_factory
    return dataclasses.field(**options)


def _first_init(self: Any, *args: object, **values: object) -> None:
    """Set the fields one by one; a class with many instances, or with a wrong call, gets the real `__init__`."""
    cls = type(self)
    calls: list[None] = cls.__record_calls__
    calls.append(None)
    found = None if len(calls) > _MANY else _bound(cls, args, values)
    if found is None:
        cls.__init__ = init = _real_init(cls)
        init(self, *args, **values)
        return
    for name, value in zip(cls.__record_names__, found, strict=True):
        object.__setattr__(self, name, value)
    if hasattr(cls, "__post_init__"):
        self.__post_init__()


def _bound(cls: Any, args: tuple[object, ...], values: dict[str, object]) -> list[object] | None:
    """Return the values of the fields, in order; None when the arguments do not fit the fields."""
    names: tuple[str, ...] = cls.__record_names__
    found = list(args)
    named = 0
    for name in names[len(args) :]:
        if name in values:
            named += 1
            found.append(values[name])
            continue
        default: Any = cls.__record_defaults__.get(name, ...)
        if isinstance(default, _Field):
            factory: Any = default.default_factory
            default = default.default if factory is ... else factory()
        if default is ...:
            return None
        found.append(default)
    return found if named == len(values) and len(found) == len(names) else None


def _real_init(cls: Any) -> Any:
    """Compile the `__init__` of a class."""
    scope: dict[str, Any] = {"_set": object.__setattr__, "_unset": ...}
    parameters, body = ["self"], []
    for name in cls.__record_names__:
        default = cls.__record_defaults__.get(name, ...)
        factory = default.default_factory if isinstance(default, _Field) else ...
        if isinstance(default, _Field):
            default = default.default
        value = name
        if factory is not ...:
            scope[f"_make_{name}"] = factory
            value = f"_make_{name}() if {name} is _unset else {name}"
            parameters.append(f"{name}=_unset")
        elif default is ...:
            parameters.append(name)
        else:
            scope[f"_default_{name}"] = default
            parameters.append(f"{name}=_default_{name}")
        body.append(f"    _set(self, {name!r}, {value})")
    body += ["    self.__post_init__()"] if hasattr(cls, "__post_init__") else []
    exec(f"def __init__({', '.join(parameters)}):\n" + "\n".join(body or ["    pass"]), scope)
    init = scope["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init


def _values(self: Any, names: tuple[str, ...]) -> tuple[object, ...]:
    return tuple([getattr(self, name) for name in names])


def _repr(self: Any) -> str:
    return f"{type(self).__qualname__}({', '.join(f'{n}={getattr(self, n)!r}' for n in self.__record_names__)})"


def _eq(self: Any, other: Any) -> Any:
    if type(other) is not type(self):
        return NotImplemented
    names = self.__record_compared__
    return _values(self, names) == _values(other, names)


def _hash(self: Any) -> int:
    return hash(_values(self, self.__record_compared__))


def _refuse_set(self: object, name: str, value: object) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_delete(self: object, name: str) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _reduce(self: Any) -> tuple[Any, tuple[object, ...]]:
    return type(self), _values(self, self.__record_names__)
