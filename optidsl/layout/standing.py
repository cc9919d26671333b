"""Stand devices in racks: by their `place`, or first fit where they have none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from optidsl._pins import Pins
from optidsl._record import field, record
from optidsl.diag import Label, Sink, Span
from optidsl.fabric.refusal import count_of, words
from optidsl.fabric.tables import DeviceGroup, FabricTables
from optidsl.layout.gaps import gaps_of
from optidsl.layout.racks import racks_by_group
from optidsl.layout.tables import I32, RackTable
from optidsl.sema.design import Design
from optidsl.sema.design_place import Place


@record(frozen=True, slots=True)
class Standing:
    """Rack row (-1: none), lowest RU (0: none) and height in RU (0: unknown) per device, shape `(n_devices,)`."""

    rack: I32
    unit: I32
    height: I32


@record(slots=True)
class _Floor:
    """What is taken while devices are placed: one byte per RU and rack, 0 when free."""

    racks: RackTable
    taken: list[bytearray]
    standing: Standing
    gaps: Mapping[int, int] = field(default_factory=dict)  # places to keep free before a device
    kept: frozenset[int] = frozenset()  # devices that stand where a lock has them

    def seat_at(self, device: int, rack: int, height: int, unit: int) -> bool:
        """Stand a device at a rack unit if that is free; a device of unknown height takes no RU."""
        room = self.taken[rack]
        if unit - 1 + max(height, 1) > len(room) or any(room[unit - 1 : unit - 1 + height]):
            return False
        room[unit - 1 : unit - 1 + height] = b"\1" * height
        self.standing.rack[device], self.standing.unit[device] = rack, unit
        return True

    def seat(self, device: int, rack: int, height: int, is_top_down: bool, start: int) -> bool:
        """Stand a device in a rack if it has room; a device of unknown height takes no RU."""
        if height == 0:
            self.standing.rack[device] = rack
            return True
        room, run = self.taken[rack], bytes(height)
        lowest = room.rfind(run, start) if is_top_down else room.find(run, start)
        if lowest < 0:
            return False
        room[lowest : lowest + height] = b"\1" * height
        self.standing.rack[device] = rack
        self.standing.unit[device] = lowest + 1
        return True


@record(slots=True)
class _Ring:
    """Lines of racks that take turns; within a line racks fill one after another."""

    lines: list[list[int]]
    limit: int | None
    counts: dict[int, int] = field(default_factory=dict)
    turn: int = 0
    has_gaps: bool = False  # some units of a rack may be taken before those ahead of them

    def follow(self, rack: int) -> None:
        """Take the turn after a device that stands already."""
        self.turn = next((at + 1 for at, line in enumerate(self.lines) if rack in line), self.turn)

    def take(self, floor: _Floor, device: int, height: int, place: Place | None) -> bool:
        """Stand a device in the next line with room; a rack found full is never tried again."""
        is_top_down = place is not None and place.fill == "top_down"
        start = (place.start_unit or 1) - 1 if place is not None else 0
        while self.lines:
            self.turn %= len(self.lines)
            line = self.lines[self.turn]
            while line:
                rack = line[0]
                number = self.counts.get(rack, 0)
                has_turn = self.limit is None or number < self.limit
                if has_turn and (
                    any(floor.seat_at(device, rack, height, unit) for unit in self._units(place.units, number))
                    if place is not None and place.units
                    else floor.seat(device, rack, height, is_top_down, start)
                ):
                    self.counts[rack] = self.counts.get(rack, 0) + 1
                    self.turn += 1
                    return True
                line.pop(0)
            self.lines.pop(self.turn)
        return False

    def _units(self, units: tuple[int, ...], number: int) -> tuple[int, ...]:
        """Return where the next device of a rack may stand when the author names the units."""
        return units if self.has_gaps else units[number : number + 1]


@record(frozen=True, slots=True)
class _Party:
    """Devices that stand together: a node group, or the switches of a tier in all planes."""

    name: str
    noun: str
    part: str
    height: int
    devices: tuple[range, ...]
    place: Place | None
    span: Span

    @property
    def count(self) -> int:
        return sum(len(each) for each in self.devices)

    @property
    def what(self) -> str:
        return count_of(self.count, self.noun, "switches" if self.noun == "switch" else "")

    def rows(self) -> Iterable[int]:
        for each in self.devices:
            yield from each


def stand(design: Design, tables: FabricTables, racks: RackTable, sink: Sink, pins: Pins | None = None) -> Standing:
    """Return where every device stands; errors in the sink name groups of racks that are too small.

    Devices with a `place` stand first, in the order of declaration; then the others, each in the first rack with
    room, when the design has racks at all; a warning tells of these. Before all, devices take the places that the
    lock has for them, as far as their `place` allows these. Without a lock missing keys keep their places free, where
    there is room for all.
    """
    gaps = gaps_of(tables) if pins is None or not pins.places else {}
    if gaps and sum(gaps.values()) <= int(racks.units.sum()):
        trial = Sink()
        found = _stand(design, tables, racks, trial, None, gaps)
        if not trial.has_errors:
            for told in trial.sorted():
                sink.emit(told)
            return found
    return _stand(design, tables, racks, sink, pins, {})


def _stand(
    design: Design, tables: FabricTables, racks: RackTable, sink: Sink, pins: Pins | None, gaps: Mapping[int, int]
) -> Standing:
    total = len(tables.devices.group)
    standing = Standing(np.full(total, -1, np.int32), np.zeros(total, np.int32), np.zeros(total, np.int32))
    floor = _Floor(racks, [bytearray(int(units)) for units in racks.units], standing, gaps)
    parties = _parties(tables)
    for party in parties:
        for each in party.devices:
            standing.height[each.start : each.stop] = party.height
    if not racks.name:
        return standing
    _warn_of_heights(parties, sink)
    if pins is not None and pins.places:
        _keep_places(floor, tables, parties, pins)
    stood = [
        _stand_party(floor, party, _wanted(racks, party.place), sink) for party in parties if party.place is not None
    ]
    others = [party for party in parties if party.place is None] if all(stood) else []
    for party in others:
        if not _stand_party(floor, party, list(range(len(racks.name))), sink):
            break  # what does not fit after it has the same cause
        _warn_of_no_place(floor, party, sink)
    return standing


def _keep_places(floor: _Floor, tables: FabricTables, parties: Sequence[_Party], pins: Pins) -> None:
    """Stand the devices whose place the lock has and the design allows."""
    from optidsl.layout.kept import kept_places

    racks, everywhere = floor.racks, list(range(len(floor.racks.name)))
    asked = [
        (
            party.place,
            everywhere if party.place is None else _wanted(racks, party.place),
            list(party.rows()),
            _limit(party.place),
        )
        for party in parties
    ]
    height, stood = floor.standing.height.tolist(), set[int]()
    for device, (rack, unit) in kept_places(tables, racks, asked, pins.places).items():
        if unit and height[device]:
            if floor.seat_at(device, rack, height[device], unit):
                stood.add(device)
        elif not unit and not height[device]:
            floor.standing.rack[device] = rack
            stood.add(device)
    floor.kept = frozenset(stood)


def _wanted(racks: RackTable, place: Place) -> list[int]:
    by_group, keys = racks_by_group(racks), place.rack_keys
    members = [member for address in place.racks for member in by_group.get(address, ())]
    return [rack for key, rack in members if keys is None or key in keys]


def _parties(tables: FabricTables) -> list[_Party]:
    """Return who stands together, nodes first, in the order of declaration."""
    parties: list[_Party] = []
    done: set[tuple[str, str]] = set()
    for group in tables.groups:
        key = (group.fabric, group.tier_name) if group.tier is not None else ("", group.name)
        if key in done:
            continue
        done.add(key)
        together = [each for each in tables.groups if _is_with(each, group)]
        parties.append(_party(group, tuple(range(each.first, each.first + each.count) for each in together)))
    return parties


def _is_with(other: DeviceGroup, group: DeviceGroup) -> bool:
    if group.tier is None:
        return other is group
    return other.tier is not None and (other.fabric, other.tier_name) == (group.fabric, group.tier_name)


def _party(group: DeviceGroup, devices: tuple[range, ...]) -> _Party:
    units = group.model.units
    height = 0 if units is None else units.value
    if group.node is not None:
        origin = group.node.origin.span
        return _Party(group.name, "node", group.model.name, height, devices, group.node.place, origin)
    tier = group.tier
    name = f"{group.fabric}.{group.tier_name}"
    place = None if tier is None else tier.place
    span = group.model.span if tier is None else tier.origin.span
    return _Party(name, "switch", group.model.name, height, devices, place, span)


def _warn_of_heights(parties: Sequence[_Party], sink: Sink) -> None:
    unknown: dict[str, list[_Party]] = {}
    for party in parties:
        if party.height == 0:
            unknown.setdefault(party.part, []).append(party)
    for part, of_part in unknown.items():
        number = sum(party.count for party in of_part)
        takes, them = ("takes", "it") if number == 1 else ("take", "them")
        sink.warning(
            "height-unknown",
            f"no height is known for `{part}`: its {count_of(number, 'device')} {takes} no RU, and "
            f"cable lengths count {them} at the bottom of the rack",
            of_part[0].span,
            f"`{part}` has no `units`",
            helps=(f"state `units` of `{part}` with its source",),
        )


def _ring(racks: RackTable, wanted: list[int], place: Place | None) -> _Ring:
    spread = "fill" if place is None else place.spread
    if spread == "fill":
        return _Ring([list(wanted)], _limit(place))
    lines: dict[tuple[int, int], list[int]] = {}
    for rack in wanted:
        line = (int(racks.hall_index[rack]), int(racks.y_mm[rack])) if spread == "row" else (rack, 0)
        lines.setdefault(line, []).append(rack)
    return _Ring(list(lines.values()), _limit(place))


def _limit(place: Place | None) -> int | None:
    """Return the most devices of a place in one rack, None without a limit."""
    if place is None:
        return None
    return len(place.units) or place.per_rack


def _warn_of_no_place(floor: _Floor, party: _Party, sink: Sink) -> None:
    used = [floor.racks.name[rack] for rack in dict.fromkeys(int(floor.standing.rack[row]) for row in party.rows())]
    if not used:
        return
    where = words((f"`{name}`" for name in used), "and") if len(used) < 4 else f"`{used[0]}` to `{used[-1]}`"
    racks = "rack" if len(used) == 1 else "racks"
    sink.warning(
        "place-missing",
        f"`{party.name}` has no `place`: its {party.what} stand{'s' if party.count == 1 else ''} in the first {racks} "
        f"with room, {where}",
        party.span,
        "no `place`",
        helps=("say where, as `place { at = SITE.HALL.ROW.RACK }`: cable lengths follow from it",),
    )


def _stand_party(floor: _Floor, party: _Party, wanted: list[int], sink: Sink) -> bool:
    if _starts_above(floor.racks, party, wanted, sink):
        return False
    ring = _ring(floor.racks, wanted, party.place)
    if floor.kept:
        ring.has_gaps = True
        ring.counts = Counter(int(floor.standing.rack[device]) for device in party.rows() if device in floor.kept)
    for stood, device in enumerate(party.rows()):
        for _ in range(floor.gaps.get(device, 0)):
            ring.take(floor, device, party.height, party.place)  # a missing key; the device itself stands after it
        if device in floor.kept:
            ring.follow(int(floor.standing.rack[device]))
        elif not ring.take(floor, device, party.height, party.place):
            _refuse(floor, party, wanted, stood, sink)
            return False
    return True


def _starts_above(racks: RackTable, party: _Party, wanted: list[int], sink: Sink) -> bool:
    """Report a `start` above which no rack of the place has room even when empty."""
    place = party.place
    start = None if place is None else place.start_unit
    if place is None or start is None or start == 1 or not wanted:
        return False
    tallest = max(int(racks.units[rack]) for rack in wanted)
    top = start + max(party.height, 1) - 1
    if top <= tallest:
        return False
    names = _rack_names(racks, wanted)
    reach = (
        f"starts at {start}U" if start > tallest else f"starts at {start}U and is {party.height}U high, up to {top}U"
    )
    most = tallest - max(party.height, 1) + 1
    sink.error(
        "start-above-rack",
        f"`{party.name}` {reach}, and the racks of {names} end at {tallest}U: "
        f"{(start if start > tallest else top) - tallest}U too high",
        place.origin.span,
        f"start = {start}U",
        helps=(f"set `start` to {most}U or less",) if most > 0 else (f"no {party.height}U device fits these racks",),
    )
    return True


def _rack_names(racks: RackTable, wanted: list[int]) -> str:
    """Return the names of the groups that racks belong to, for a sentence."""
    names = list(dict.fromkeys(racks.group[rack].address.parts[-1] for rack in wanted))
    return ", ".join(f"`{name}`" for name in names[:4]) + (", …" if len(names) > 4 else "")


def _refuse(floor: _Floor, party: _Party, wanted: list[int], stood: int, sink: Sink) -> None:
    place = party.place
    where = _rack_names(floor.racks, wanted)
    limit = "" if place is None or place.per_rack is None else f", at most {place.per_rack} a rack"
    if place is not None and place.units:
        limit = f", at {words((f'{unit}U' for unit in place.units), 'and')} of a rack"
    free = sum(floor.taken[rack].count(0) for rack in wanted)
    over = party.count - stood
    what = party.what + (f" of {party.height}U" if party.height else "")
    secondary = () if place is None else (Label(party.span, what),)
    sink.error(
        "rack-full",
        f"`{party.name}` needs room for {what}, and the {count_of(len(wanted), 'rack')} of {where} "
        f"take{'s' if len(wanted) == 1 else ''} {stood}{limit}: {over} too many",
        party.span if place is None else place.origin.span,
        "these racks are full",
        secondary=secondary,
        notes=(f"{free}U of these racks stay free",) if free else (),
        helps=("add racks, raise `per_rack`, or place devices elsewhere",),
    )
