"""The families of topologies: what each `fabric.kind` reads, and which of its switches are joined, as data.

A row here, a module in `fabric/families` and a line in its registry make a family. `PARAMETERS` are attributes of
`fabric` that only some kinds read; on any other kind they are refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from optidsl._record import record, replace
from optidsl.schema.model import Attribute
from optidsl.schema.types import INT, RATIO, listof

AXES = ("x", "y", "z", "w", "v", "u")


@record(frozen=True, slots=True)
class FamilyKind:
    """One word of `fabric.kind`.

    `parameters` are the `PARAMETERS` that it reads, `required` those of them that it cannot do without. `tiers` are
    the fewest and the most tiers. `served` says which tiers have endpoints. Neighbouring tiers are joined unless
    every tier has endpoints. `peers` name the dimensions of the links between switches of the last tier (`local`
    becomes `row` and `column` where `group_dims` is given); `axes` names the list whose items are such dimensions:
    x, y, z, w, v, u, d7, …
    `peer_schemes` are the words of `connect.scheme` that the links between switches of one tier understand.
    """

    kind: str
    doc: str
    parameters: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    tiers: tuple[int, int] = (1, 1)
    served: Literal["first", "every"] = "first"
    peers: tuple[str, ...] = ()
    axes: str = ""
    peer_schemes: tuple[str, ...] = ()

    @property
    def is_tree(self) -> bool:
        """Tell whether no two switches of one tier are joined, and the first tier alone has endpoints."""
        return not self.peers and not self.axes and self.served == "first"


_TREE = ("oversubscription", "tiers")
_BY_LINK = ("by_link",)

FAMILIES: tuple[FamilyKind, ...] = (
    FamilyKind("clos", "leaves, spines, cores", (*_TREE, "homes"), tiers=(1, 3)),
    FamilyKind("fat_tree", "a Clos of one switch model, half of its ports up", (*_TREE, "k"), tiers=(1, 3)),
    FamilyKind("rail_optimized", "a Clos in which every rail has its leaves", (*_TREE, "homes"), tiers=(1, 3)),
    FamilyKind("rail_only", "a Clos for every rail, none of them joined to another", _TREE, tiers=(1, 3)),
    FamilyKind(
        "xgft",
        "a tree whose every tier states its children and parents",
        ("oversubscription", "children", "parents"),
        ("children", "parents"),
        tiers=(1, 3),
    ),
    FamilyKind(
        "dragonfly",
        "groups of routers, every two groups joined",
        ("groups", "routers_per_group", "group_dims", "global_ports", "links_per_group_pair"),
        peers=("local", "global"),
    ),
    FamilyKind(
        "dragonfly_plus",
        "groups of leaves and spines, the spines of every two groups joined",
        ("groups", "leaves_per_group", "spines_per_group", "global_ports", "links_per_group_pair"),
        tiers=(2, 2),
        peers=("global",),
    ),
    FamilyKind("bcube", "servers with a port on every tier of switches, forwarding", tiers=(1, 8), served="every"),
    FamilyKind("ocs_torus", "cubes of chips joined to tori by optical circuit switches", served="every"),
    FamilyKind("torus", "a grid with rings along every axis", ("dims",), ("dims",), axes="dims", peer_schemes=_BY_LINK),
    FamilyKind("mesh", "a grid with lines along every axis", ("dims",), ("dims",), axes="dims", peer_schemes=_BY_LINK),
    FamilyKind(
        "hyperx", "a grid with all switches of an axis joined", ("dims",), ("dims",), axes="dims", peer_schemes=_BY_LINK
    ),
    FamilyKind("full_mesh", "every two switches joined", peers=("mesh",), peer_schemes=_BY_LINK),
    FamilyKind("ring", "every switch joined to the next", peers=("ring",), peer_schemes=_BY_LINK),
    FamilyKind("star", "every switch joined to the first", peers=("spoke",), peer_schemes=_BY_LINK),
    FamilyKind(
        "slim_fly", "diameter 2 over a finite field", ("order",), peers=("local", "global"), peer_schemes=_BY_LINK
    ),
    FamilyKind(
        "polar_fly", "orthogonal points of a projective plane", ("order",), peers=("polar",), peer_schemes=_BY_LINK
    ),
    FamilyKind("custom", "switches joined as `connect` blocks say", peers=("link",)),
    FamilyKind("jellyfish", "switches joined at random", ("degree", "seed"), peers=("random",), peer_schemes=_BY_LINK),
)

_PARAMETERS: tuple[Attribute, ...] = (
    Attribute(
        "oversubscription",
        RATIO,
        "Bandwidth towards the endpoints over bandwidth upwards, at most.",
        "bounded",
        default="1:1",
    ),
    Attribute("tiers", INT, "How many of the tiers written are used; all of them when absent.", "bounded", minimum="1"),
    Attribute(
        "homes",
        INT,
        "Leaves that the ports of a server on one rail (without rails: of its NIC) are dealt over; 2 is dual-ToR.",
        "bounded",
        minimum="1",
    ),
    Attribute(
        "k",
        INT,
        "Ports of every switch: with three tiers, k pods of k/2 leaves and k/2 spines, k²/4 cores, k³/4 endpoints. "
        "Counts of the tiers may leave pods or upper switches out.",
        "bounded",
        minimum="1",
    ),
    Attribute(
        "children",
        listof(INT),
        "What a switch of each tier has below it, the leaf first: endpoint ports, then switches, as `[20, 4, 8]`.",
    ),
    Attribute(
        "parents",
        listof(INT),
        "What stands above an endpoint and above a switch of each tier but the top, as `[1, 10, 5]`; an endpoint's "
        "leaves are in planes of their own.",
    ),
    Attribute("groups", INT, "Groups; as few as the endpoints need when absent.", "bounded", minimum="1"),
    Attribute(
        "routers_per_group",
        INT,
        "Routers of a group, all joined to each other; twice `global_ports` when absent.",
        "bounded",
        minimum="1",
    ),
    Attribute("leaves_per_group", INT, "Leaves of a group; as many as its spines when absent.", "bounded", minimum="1"),
    Attribute("spines_per_group", INT, "Spines of a group; as many as its leaves when absent.", "bounded", minimum="1"),
    Attribute(
        "group_dims",
        listof(INT),
        "A group as a grid `[columns, rows]`: routers of a row are joined (dimension `row`), and those of a column.",
    ),
    Attribute(
        "global_ports",
        INT,
        "Ports of a router towards other groups; half of its group when absent.",
        "bounded",
        minimum="1",
    ),
    Attribute(
        "links_per_group_pair",
        INT,
        "Links between every two groups; as many as `global_ports` carry when absent.",
        "bounded",
        minimum="1",
    ),
    Attribute("dims", listof(INT), "Switches along each axis, as `[25, 16, 24]`."),
    Attribute(
        "order",
        INT,
        "Elements of its finite field, a prime power; as few as the endpoints need when absent.",
        "bounded",
    ),
    Attribute(
        "degree",
        INT,
        "Switches that each is joined to; as many as it has ports for when absent.",
        "bounded",
        minimum="1",
    ),
    Attribute("seed", INT, "Which of all random networks of its size, 1 when absent.", minimum="0"),
)


_KINDS = {family.kind: family for family in FAMILIES}
_READERS = {each.name: tuple(f.kind for f in FAMILIES if each.name in f.parameters) for each in _PARAMETERS}

PARAMETERS: tuple[Attribute, ...] = tuple(
    replace(each, doc=f"{each.doc} Of {', '.join(f'`{kind}`' for kind in _READERS[each.name])}.")
    for each in _PARAMETERS
)
"""Attributes of `fabric` that only some kinds read; the docs name the kinds."""


def family_kind(kind: str) -> FamilyKind:
    """Return the family of a checked word."""
    return _KINDS[kind]


def readers(parameter: str) -> tuple[str, ...]:
    """Return the kinds that read a parameter; empty for an attribute that every kind reads."""
    return _READERS.get(parameter, ())


def axis_names(count: int) -> tuple[str, ...]:
    """Return the names of the dimensions of a grid: x, y, z, w, v, u, d7, d8, …"""
    return tuple(AXES[axis] if axis < len(AXES) else f"d{axis + 1}" for axis in range(count))


def dimensions(family: FamilyKind, given: Mapping[str, Sequence[int]]) -> tuple[str, ...]:
    """Return the dimensions of the links between switches of the last tier.

    Args:
        family: the family.
        given: the list parameters that the author wrote.
    """
    if family.axes:
        return axis_names(len(given.get(family.axes, ())))
    if "group_dims" in given:
        return tuple(name for peer in family.peers for name in (("row", "column") if peer == "local" else (peer,)))
    return family.peers
