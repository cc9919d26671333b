"""Links by the names of their ends: the identity that the lock and the pins know them by."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

I32 = NDArray[np.int32]

_PLAIN = re.compile(r'[^\s"]+')


def word(text: str) -> str:
    """Return a text as one word: quoted when it holds white space or quotes, or is empty."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def end_names(
    device: I32, port: I32, device_name: Sequence[str], device_group: I32, port_names: Sequence[Sequence[str]]
) -> list[str]:
    """Return `device port`, two words, for one end of every link.

    Args:
        device: rows of the device columns, shape `(n_links,)`.
        port: port index in the device, shape `(n_links,)`.
        device_name: names, shape `(n_devices,)`.
        device_group: group of each device, shape `(n_devices,)`.
        port_names: printed port names of each group.
    """
    offsets = np.zeros(len(port_names) + 1, dtype=np.int64)
    np.cumsum([len(names) for names in port_names], out=offsets[1:])
    flat = [word(name) for names in port_names for name in names]
    rows = (offsets[device_group[device]] + port).tolist()
    words = [word(name) for name in device_name]
    return [f"{words[d]} {flat[r]}" for d, r in zip(device.tolist(), rows, strict=True)]


def link_keys(a_ends: Sequence[str], z_ends: Sequence[str]) -> list[str]:
    """Return `a-device a-port -- z-device z-port` for every link."""
    return [f"{a} -- {z}" for a, z in zip(a_ends, z_ends, strict=True)]
