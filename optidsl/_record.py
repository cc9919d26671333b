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


_MANY = 120
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
    defaults = dict(getattr(cls, "__record_defaults__", ()))
    for name in own:
        if name in namespace:
            defaults[name] = namespace.pop(name)
    new_names = tuple([name for name in own if name not in inherited]) if inherited else tuple(own)
    names = inherited + new_names
    unlike = [name for name, default in defaults.items() if isinstance(default, _Field) and not default.compare]
    namespace.pop("__dict__", None)
    namespace.pop("__weakref__", None)
    methods = _FROZEN if is_frozen else _OPEN
    for name, method in methods.items() if has_eq else (("__repr__", _repr),):
        if namespace.get(name) is None:
            namespace[name] = method
    namespace.update(
        __slots__=new_names,
        __record_names__=names,
        __record_defaults__=defaults,
        __record_compared__=tuple([name for name in names if name not in unlike]) if unlike else names,
        __match_args__=names,
        __dataclass_fields__=_FIELDS,
        __init__=_first_init,
        __reduce__=_reduce,
    )
    if is_frozen:
        namespace.update(__setattr__=_refuse_set, __delattr__=_refuse_delete)
    made = type(cls)(cls.__name__, cls.__bases__, namespace)
    made.__qualname__ = cls.__qualname__
    return made


def _annotations(cls: Any) -> dict[str, Any]:
    own: dict[str, Any] = vars(cls).get("__annotations__", {})
    return own


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


_FIELDS = _Fields()


def _first_init(self: Any, *args: object, **values: object) -> None:
    """Give the class of the first instance an `__init__` of its own, and run it."""
    cls = type(self)
    cls.__init__ = init = _plain_init(cls)
    init(self, *args, **values)


def _plain_init(cls: Any) -> Any:
    """Return an `__init__` that sets the fields one by one; after many instances, or for a wrong call, the real one."""
    puts = [getattr(cls, name).__set__ for name in cls.__record_names__]
    bound: Any = None
    finish = getattr(cls, "__post_init__", None)
    left = _MANY

    def init(self: Any, *args: object, **values: object) -> None:
        nonlocal bound, left
        left -= 1
        found: Any = args
        if values or len(args) != len(puts):
            bound = bound or _binder(cls.__record_names__, cls.__record_defaults__)
            found = bound(args, values)
        if found is None or left < 0:
            cls.__init__ = real = _real_init(cls)
            real(self, *args, **values)
            return
        for put, value in zip(puts, found, strict=True):
            put(self, value)
        if finish is not None:
            finish(self)

    return init


def _binder(names: tuple[str, ...], defaults: dict[str, Any]) -> Callable[..., list[object] | None]:
    """Return a function from arguments to the values of the fields, in order; None when they do not fit the fields."""
    places = dict(zip(names, range(len(names)), strict=True))
    needed = names[: len(names) - len(defaults)]
    given: list[Any] = [...] * len(needed) + [defaults[name] for name in names[len(needed) :]]
    factories: list[tuple[int, Any]] = []
    for place, default in enumerate(given):
        if isinstance(default, _Field):
            given[place] = default.default
            factories += [] if default.default_factory is ... else [(place, default.default_factory)]

    def bound(args: tuple[object, ...], values: dict[str, object]) -> list[object] | None:
        for name in needed[len(args) :]:
            if name not in values:
                return None
        found = [*args, *given[len(args) :]]
        for name, value in values.items():
            place = places.get(name, -1)
            if place < len(args):
                return None
            found[place] = value
        for place, make in factories:
            if found[place] is ...:
                found[place] = make()
        return found if len(found) == len(names) else None

    return bound


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
    return self is other or _values(self, names) == _values(other, names)


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


_OPEN: dict[str, object] = {"__repr__": _repr, "__eq__": _eq, "__hash__": None}
_FROZEN: dict[str, object] = {"__repr__": _repr, "__eq__": _eq, "__hash__": _hash}
