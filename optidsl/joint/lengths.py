"""The least that the cables of a shape measure, before a device stands anywhere: stated, or the shortest way over."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil

from optidsl._record import field, record
from optidsl.catalog.parts import FiberCable
from optidsl.diag import Sink
from optidsl.fabric.shapes import Joint, Shape
from optidsl.joint.figures import Cable, Least
from optidsl.layout.lengths import slack_of
from optidsl.layout.racks import halls_of, pathway_lengths, rack_table, racks_by_group
from optidsl.layout.tables import I64, RackTable
from optidsl.sema.design import Design, Fabric
from optidsl.sema.design_place import Hall, Place
from optidsl.sema.slot import Slot

MOST_PAIRS = 250_000
"""Pairs of racks between which the shortest way is sought; where there are more, a cable counts as of no length."""

Racks = tuple[int, ...]


@record(slots=True)
class Floor:
    """The racks of a design, and the shortest way between sets of them, each found once."""

    racks: RackTable
    halls: tuple[Hall, ...]
    pathway_mm: I64
    ways: dict[tuple[Racks, Racks], int] = field(default_factory=dict)

    def rows(self, place: Place | None) -> Racks:
        """Return the racks that a place allows; none where nothing is said, so that no length is known."""
        if place is None:
            return ()
        by_group, keys = racks_by_group(self.racks), place.rack_keys
        members = [member for address in place.racks for member in by_group.get(address, ())]
        return tuple(sorted(rack for key, rack in members if keys is None or key in keys))

    def least_mm(self, a: Racks, z: Racks) -> int:
        """Return the least that a cable from one set of racks to another measures; 0 where that is not known.

        Assumes: devices stand at the top of their racks, so that no cable climbs.
        """
        if not a or not z or len(a) * len(z) > MOST_PAIRS:
            return 0
        if (a, z) not in self.ways:
            self.ways[a, z] = min(self._way_mm(one, other) for one in a for other in z)
        return self.ways[a, z]

    def _way_mm(self, a: int, z: int) -> int:
        table, hall_a, hall_z = self.racks, int(self.racks.hall_index[a]), int(self.racks.hall_index[z])
        one, other = self.halls[hall_a], self.halls[hall_z]
        route = one.tray.dress_mm + other.tray.dress_mm
        if a != z:
            route += one.tray.drop_mm + other.tray.drop_mm
        ax, ay, zx, zy = (int(each) for each in (table.x_mm[a], table.y_mm[a], table.x_mm[z], table.y_mm[z]))
        if hall_a == hall_z:
            route += abs(ax - zx) + abs(ay - zy)
        else:
            run = int(self.pathway_mm[hall_a, hall_z])
            if run < 0:
                return 0
            route += ax + ay + zx + zy + run
        return route + ceil(route * slack_of(one, other))


def floor_of(design: Design) -> Floor | None:
    """Return the racks of a design; None where it has none, or what is wrong with them is told elsewhere."""
    table = rack_table(design, Sink()) if design.sites else None
    return None if table is None or not table.name else Floor(table, halls_of(design), pathway_lengths(design))


def least_cables(least: Least, floor: Floor | None, shape: Shape, fabric: Fabric) -> Fraction:
    """Return the least length of all cables of a shape in mm.

    Args:
        least: what tells the cables that may serve a segment.
        floor: the racks of the design, None without any.
        shape: with the links of each segment.
        fabric: the shape's fabric, with the racks of its tiers decided.
    """
    design = least.design
    if design.lines or _has_own_lengths(fabric):
        return Fraction(0)
    total = 0
    for joint in shape.joints:
        able, _ = least.serving(joint)
        if not able or not all(_is_listed(each) for each in able):
            continue
        length = least_mm(design, floor, shape, fabric, joint)
        total += joint.links * min((share for each in able for share in _shares_mm(each, length)), default=0)
    return Fraction(total)


def least_mm(design: Design, floor: Floor | None, shape: Shape, fabric: Fabric, joint: Joint) -> int:
    """Return the least that a cable of a segment has to span, as stated or by the way over the floor; 0: not known."""
    if _has_own_lengths(fabric):
        return 0
    ways = [] if floor is None else [floor.least_mm(*ends) for ends in _ends(design, floor, shape, fabric, joint)]
    return _stated_mm(joint.connect.length_mm, min(ways, default=0))


def _has_own_lengths(fabric: Fabric) -> bool:
    return any(each.length_mm is not None for each in fabric.links)


def _ends(design: Design, floor: Floor, shape: Shape, fabric: Fabric, joint: Joint) -> Iterator[tuple[Racks, Racks]]:
    """Yield the racks at both ends of a segment: of each group of servers, and of every tier that it may join."""
    places = {tier.name: tier.place for tier in fabric.tiers}
    said = joint.connect
    above = [said.z] if said.z in shape.tiers else list(shape.tiers)
    if joint.below is None:
        below = [design.nodes[endpoint.node].place for endpoint in fabric.endpoints]
    else:
        below = [places.get(name) for name in ([said.a] if said.a in shape.tiers else shape.tiers)]
    for one in below:
        for other in above:
            yield floor.rows(one), floor.rows(places.get(other))


def _stated_mm(slot: Slot[int], way_mm: int) -> int:
    if slot.value is not None:
        return slot.value
    return max(way_mm, slot.lower or 0, min(slot.options, default=0) if slot.options else 0) if way_mm else 0


def _shares_mm(cable: Cable, length_mm: int) -> list[int]:
    """Return what a link has of a cable of each length on sale that is long enough.

    A class counts its cables whole; the share is rounded down, so that no class comes to less.
    """
    sold = () if cable.lengths_mm is None else cable.lengths_mm.value
    return [each // most_links(cable) for each in sold if each >= length_mm]


def _is_listed(cable: Cable) -> bool:
    sold = cable.lengths_mm
    return sold is not None and bool(sold.value) and sold.confidence != "unverified"


def most_links(cable: Cable) -> int:
    return cable.ends if isinstance(cable, FiberCable) else max(cable.bores, cable.ends)
