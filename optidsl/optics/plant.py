"""The passive plant of a channel: fibre, connections, splices, attenuators, and what they lose together."""

from __future__ import annotations

from optidsl._record import record
from optidsl.physics import Spread, channel_loss_mdb, statistical_loss_mdb
from optidsl.sema.design import Statistical


@record(frozen=True, slots=True)
class Plant:
    """Losses in 0.001 dB (fibre: 0.001 dB/km), each at its worst; `statistical` replaces what the author measured.

    `attenuator_mdb` is the most that the attenuators in one direction take, whichever direction has more.
    """

    attenuation_mdb_per_km: int
    connections: int
    connection_mdb: int
    splices: int = 0
    splice_mdb: int = 0
    attenuator_mdb: int = 0
    statistical: Statistical | None = None

    def loss_mdb(self, length_mm: int) -> int:
        """Return the insertion loss that the plant may have at a length."""
        own = self.statistical
        if own is None:
            other = self.splices * self.splice_mdb + self.attenuator_mdb
            return channel_loss_mdb(
                length_mm, self.attenuation_mdb_per_km, self.connections, self.connection_mdb, other
            )
        joints = (
            (self.connections, Spread(own.connector_mean_mdb, own.connector_sigma_mdb)),
            (self.splices, spread(own.splice_mean_mdb, own.splice_sigma_mdb, self.splice_mdb)),
        )
        fibre = spread(own.attenuation_mean_mdb_per_km, own.attenuation_sigma_mdb_per_km, self.attenuation_mdb_per_km)
        return statistical_loss_mdb(length_mm, fibre, joints, own.k) + self.attenuator_mdb

    @property
    def joints_mdb(self) -> int:
        """The loss of connections and splices alone."""
        return self.loss_mdb(0) - self.attenuator_mdb


def spread(mean: int | None, sigma: int | None, worst: int) -> Spread:
    """Return what the author measured, or the worst case as a certainty."""
    return Spread(worst) if mean is None or sigma is None else Spread(mean, sigma)
