"""What a kind of block is: its attributes and the blocks it may hold, as data.

One table (`schema.registry`) of these records feeds the checks, the messages, the docs and the JSON Schema.
"""

from __future__ import annotations

from typing import Literal

from optidsl._record import record
from optidsl.schema.types import Type

Verbs = Literal["decided", "bounded", "nature"]
"""`decided`: `x = v` only. `bounded`: also `x <= v`, `x in S`, `auto`. `nature`: `x = v` with v a range or a ± too."""


@record(frozen=True, slots=True)
class Attribute:
    """One attribute of a kind; `name` is dotted as written (`power.budget`)."""

    name: str
    type: Type
    doc: str
    verbs: Verbs = "decided"
    is_required: bool = False
    default: str | None = None  # as optd text, for the docs and for evaluation
    since: int = 1
    minimum: str | None = None  # the least value that makes sense, as optd text
    maximum: str | None = None  # the greatest, in place of that of the type (`types.MAGNITUDES`)


@record(frozen=True, slots=True)
class Kind:
    """A kind of block.

    `label` says whether a block has a name; `has_keys` whether `name[1..8]` is allowed; `parents` are the kinds
    (or `module` for the top level) it may stand in; `is_part` marks catalogue kinds, which live at the top level of
    a module and may hold `cite` blocks; `has_base` whether `name : base` may derive from one of its kind;
    `is_repeatable` whether a block without a label may stand several times in one parent; `names_another` whether the
    label is the name of something else, so that the block declares no name and several may carry the same.
    """

    name: str
    doc: str
    parents: tuple[str, ...]
    attributes: tuple[Attribute, ...] = ()
    label: Literal["required", "optional", "none"] = "required"
    has_keys: bool = False
    is_part: bool = False
    has_base: bool = False
    is_repeatable: bool = False
    names_another: bool = False
    since: int = 1

    def attribute(self, name: str) -> Attribute | None:
        """Return the attribute of that dotted name."""
        return next((a for a in self.attributes if a.name == name), None)
