"""A fibre channel between two modules, and the plant it runs through."""

from __future__ import annotations

from optidsl._record import record
from optidsl.catalog.parts import Catalog, Connector, FiberCable, FiberGrade, Transceiver
from optidsl.optics.classify import ClassView
from optidsl.optics.lengths import Order, order_for
from optidsl.optics.verdict import Ground
from optidsl.physics import channel_loss_mdb


@record(frozen=True, slots=True)
class Channel:
    """Two modules, the fibre between them, and the plant it runs through."""

    view: ClassView
    a: Transceiver
    z: Transceiver
    fiber: FiberCable
    grade: FiberGrade | None
    connector: Connector | None
    order: Order | None

    @property
    def plant(self) -> tuple[Ground, Ground]:
        """The facts that insertion loss rests on."""
        grade, connector = self.grade, self.connector
        return (
            (f"{self.fiber.grade.value}.attenuation", None if grade is None else grade.attenuation_mdb_per_km),
            (f"{self.fiber.connector.value}.loss", None if connector is None else connector.loss_max_mdb),
        )

    @property
    def connections(self) -> int:
        """Mated connections of the channel, both ends included."""
        return self.view.segment.connect.connections

    def loss_mdb(self, length_mm: int) -> int:
        """Return the worst insertion loss at a length; the plant's facts must be usable."""
        if self.grade is None or self.connector is None:
            return 0
        attenuation = self.grade.attenuation_mdb_per_km.value
        return channel_loss_mdb(length_mm, attenuation, self.connections, self.connector.loss_max_mdb.value)


def channel(catalog: Catalog, view: ClassView, a: Transceiver, z: Transceiver, fiber: FiberCable) -> Channel:
    """Look up what a channel's checks need."""
    grade = catalog.fiber_grades.get(fiber.grade.value)
    connector = catalog.connectors.get(fiber.connector.value)
    return Channel(view, a, z, fiber, grade, connector, order_for(view, fiber))
