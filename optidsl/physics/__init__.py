"""The physics of a link as pure functions over scaled integers or arrays of them: mm, mdB, mdBm, mW.

Each function states its formula, its source and what it assumes. Losses are rounded once, upward (a worst case
never gets better by rounding); best cases are rounded downward.
"""

from optidsl.physics.channel import (
    LEAST_LOSS_MDB,
    channel_loss_mdb,
    connector_allowance_mdb,
    fiber_attenuation_mdb,
    reach_within_loss_mm,
)
from optidsl.physics.level import (
    Window,
    attenuator_window_mdb,
    is_consistent_row,
    receive_power_max_mdbm,
    receive_power_min_mdbm,
    window_loss_mdb,
)
from optidsl.physics.power import cage_limit_mw, tightest_cage
from optidsl.physics.signal import clean_margin_mdb, stressed_margin_mdb
from optidsl.physics.statistical import Spread, statistical_loss_mdb

__all__ = [
    "LEAST_LOSS_MDB",
    "Spread",
    "Window",
    "attenuator_window_mdb",
    "cage_limit_mw",
    "channel_loss_mdb",
    "clean_margin_mdb",
    "connector_allowance_mdb",
    "fiber_attenuation_mdb",
    "is_consistent_row",
    "reach_within_loss_mm",
    "receive_power_max_mdbm",
    "receive_power_min_mdbm",
    "statistical_loss_mdb",
    "stressed_margin_mdb",
    "tightest_cage",
    "window_loss_mdb",
]
