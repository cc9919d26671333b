"""A fibre channel between two modules, and the plant it runs through."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from optidsl._record import record
from optidsl.catalog.parts import Attenuator, Catalog, Connector, FiberCable, FiberGrade, Transceiver
from optidsl.optics.classify import ClassView
from optidsl.optics.lengths import Order, order_for
from optidsl.optics.plant import Plant
from optidsl.optics.verdict import Ground
from optidsl.physics.wavelength import holds_at, shortest_nm
from optidsl.sema.design import Connect, Statistical


@record(frozen=True, slots=True)
class Way:
    """One direction of a channel: sender, receiver, and the attenuators that the light passes."""

    near: Transceiver
    far: Transceiver
    attenuators: tuple[Attenuator, ...]


@record(frozen=True, slots=True)
class Channel:
    """Two modules, the fibre between them, and the plant it runs through.

    An attenuator stands at the end whose receiver it protects. `statistical` is None for the worst case.
    """

    view: ClassView
    a: Transceiver
    z: Transceiver
    fiber: FiberCable
    grade: FiberGrade | None
    connector: Connector | None
    order: Order | None
    statistical: Statistical | None = None
    a_attenuator: Attenuator | None = None
    z_attenuator: Attenuator | None = None

    @property
    def plant(self) -> tuple[Ground, ...]:
        """The facts that insertion loss rests on."""
        grade, connector, connect = self.grade, self.connector, self.view.segment.connect
        grounds: list[Ground] = [
            attenuation_of(self.fiber, grade, (self.a, self.z), self.statistical),
            (f"{self.fiber.connector.value}.loss", None if connector is None else connector.loss_max_mdb),
        ]
        if connect.splices and connect.splice_loss_mdb is None:
            grounds.append((f"connect {connect.a} -- {connect.z}.splice_loss", None))
        grounds += [(f"{each.name}.loss", each.loss_mdb) for each in self.attenuators]
        return tuple(grounds)

    @property
    def attenuators(self) -> tuple[Attenuator, ...]:
        """The attenuators of the channel, a end first."""
        return tuple(each for each in (self.a_attenuator, self.z_attenuator) if each is not None)

    @property
    def connections(self) -> int:
        """Mated connections of the channel, both ends included."""
        return self.view.segment.connect.connections

    def loss_mdb(self, length_mm: int) -> int:
        """Return the insertion loss at a length, of the direction that loses more; the plant must be usable."""
        plant = plant_of(self.grade, self.connector, self.view.segment.connect, self.attenuators, self.statistical)
        return 0 if plant is None else plant.loss_mdb(length_mm)

    def joints_mdb(self) -> int:
        """Return the loss of connections and splices alone; the plant's facts must be usable."""
        plant = plant_of(self.grade, self.connector, self.view.segment.connect, (), self.statistical)
        return 0 if plant is None else plant.joints_mdb

    def attenuation_mdb_per_km(self) -> int:
        """Return the loss of fibre per km that a length is judged by; the plant's facts must be usable."""
        own = self.statistical
        if own is not None and own.attenuation_mean_mdb_per_km is not None:
            return own.attenuation_mean_mdb_per_km + ceil(own.k * (own.attenuation_sigma_mdb_per_km or 0))
        return 0 if self.grade is None else self.grade.attenuation_mdb_per_km.value

    def ways(self) -> tuple[Way, Way]:
        """Return both directions, from a to z first."""
        both = self.attenuators if is_array(self.fiber.connector.value) else None
        at_z = () if self.z_attenuator is None else (self.z_attenuator,)
        at_a = () if self.a_attenuator is None else (self.a_attenuator,)
        return (
            Way(self.a, self.z, at_z if both is None else both),
            Way(self.z, self.a, at_a if both is None else both),
        )

    def way_loss_mdb(self, way: Way, length_mm: int) -> int:
        """Return the insertion loss of one direction at a length; the plant's facts must be usable."""
        plant = plant_of(self.grade, self.connector, self.view.segment.connect, (), self.statistical)
        return 0 if plant is None else plant.loss_mdb(length_mm) + sum(each.most_mdb for each in way.attenuators)


def attenuation_of(
    fiber: FiberCable,
    grade: FiberGrade | None,
    modules: Iterable[Transceiver | None],
    statistical: Statistical | None,
) -> Ground:
    """Return the loss of a fibre for the light of modules; unknown where the grade states it at a longer wavelength."""
    field = f"{fiber.grade.value}.attenuation"
    if grade is None:
        return field, None
    sent = shortest_nm(each.wavelength.value for each in modules if each is not None and each.wavelength is not None)
    is_measured = statistical is not None and statistical.attenuation_mean_mdb_per_km is not None
    if sent is None or is_measured or holds_at(grade.wavelength_nm, sent):
        return field, grade.attenuation_mdb_per_km
    return f"{field} at {float(sent):g} nm", None


def is_array(connector: str) -> bool:
    """Tell whether a connector holds the fibres of both directions, so that an attenuator weakens both."""
    return connector.startswith(("mpo", "mtp", "mmc"))


def attenuator_loss_mdb(connector: str, attenuators: tuple[Attenuator, ...]) -> int:
    """Return the most that attenuators take of one direction, in 0.001 dB."""
    losses = [each.most_mdb for each in attenuators]
    return sum(losses) if is_array(connector) else max(losses, default=0)


def plant_of(
    grade: FiberGrade | None,
    connector: Connector | None,
    connect: Connect,
    attenuators: tuple[Attenuator, ...] = (),
    statistical: Statistical | None = None,
) -> Plant | None:
    """Return the plant, or None where the catalogue has no such grade or connector."""
    if grade is None or connector is None:
        return None
    return Plant(
        grade.attenuation_mdb_per_km.value,
        connect.connections,
        connector.loss_max_mdb.value,
        connect.splices,
        connect.splice_loss_mdb or 0,
        attenuator_loss_mdb(connector.name, attenuators) if attenuators else 0,
        statistical,
    )


def channel(
    catalog: Catalog,
    view: ClassView,
    a: Transceiver,
    z: Transceiver,
    fiber: FiberCable,
    statistical: Statistical | None = None,
) -> Channel:
    """Look up what a channel's checks need."""
    grade = catalog.fiber_grades.get(fiber.grade.value)
    connector = catalog.connectors.get(fiber.connector.value)
    return Channel(view, a, z, fiber, grade, connector, order_for(view, fiber), statistical)
