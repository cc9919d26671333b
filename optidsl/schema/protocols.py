"""What each protocol demands of the boxes of a fabric, as data with sources."""

from __future__ import annotations

from typing import Literal

from optidsl._record import record

FEATURES: tuple[str, ...] = (
    "pfc",  # priority flow control, IEEE 802.1Qbb
    "ecn",  # explicit congestion notification, RFC 3168
    "rdma",  # RDMA transport in the adapter
    "uec",  # the Ultra Ethernet transport
    "packet-trimming",  # cutting the payload of a packet instead of dropping it
    "packet-spraying",  # a path for each packet
    "adaptive-routing",  # paths by load
    "sharp",  # reductions inside the switches
    "subnet-manager",  # an InfiniBand subnet manager on board
)
"""What a box may offer (`features`) or state that it does not (`lacks`)."""


@record(frozen=True, slots=True)
class Demand:
    """A feature that every box of one kind needs; `where` is "switch" or "nic", `why` ends "…, which it needs"."""

    feature: str
    where: Literal["switch", "nic"]
    why: str
    source: str


@record(frozen=True, slots=True)
class ProtocolNeeds:
    """What a protocol demands.

    `demands` every box must offer; `single_box` is a feature that at least one box of the fabric must have ("": none).
    `overhead_bytes` is what its headers take of the MTU in front of an RDMA message (0: the MTU is no matter), and
    `source` says where that, or the single box, is written.
    """

    name: str
    title: str
    demands: tuple[Demand, ...] = ()
    overhead_bytes: int = 0
    single_box: str = ""
    source: str = ""


_ROCE = "NVIDIA Cumulus Linux 5.10, RDMA over Converged Ethernet (RoCE)"
_UEC = "Hoefler et al., Ultra Ethernet's Design Principles and Architectural Innovations, arXiv:2508.08906"

NEEDS: dict[str, ProtocolNeeds] = {
    "infiniband": ProtocolNeeds(
        "infiniband",
        "InfiniBand",
        single_box="subnet-manager",
        source="InfiniBand Architecture Specification, volume 1, chapter 14 (subnet management)",
    ),
    "ethernet": ProtocolNeeds("ethernet", "Ethernet"),
    "roce": ProtocolNeeds(
        "roce",
        "RoCEv2",
        (
            Demand("pfc", "switch", "its RDMA class must not lose packets", _ROCE),
            Demand("ecn", "switch", "its senders slow down by congestion marks", _ROCE),
            Demand("rdma", "nic", "its transport runs in the adapter", _ROCE),
        ),
        overhead_bytes=96,
        source="Linux include/rdma/ib_addr.h, iboe_get_mtu: GRH 40 + UDP 8 + BTH 12 + XRC 4 + AtomicETH 28 + ICRC 4",
    ),
    "ultra-ethernet": ProtocolNeeds(
        "ultra-ethernet",
        "Ultra Ethernet",
        (
            Demand("ecn", "switch", "its senders slow down by congestion marks", _UEC),
            Demand("uec", "nic", "its transport runs in the adapter", _UEC),
        ),
        source=_UEC,
    ),
    "ici": ProtocolNeeds("ici", "ICI"),
}
"""By protocol. Ultra Ethernet needs no priority flow control, and packet trimming is an option of it."""

RDMA_SIZES: tuple[int, ...] = (4096, 2048, 1024, 512, 256)
"""Sizes of RDMA messages in bytes, largest first. Source: InfiniBand Architecture Specification, volume 1, path MTU."""
