"""A design of 8,192 GPUs on eight rail planes of 800G, and contradictions to put into it."""

from __future__ import annotations

from pathlib import Path

DESIGN = Path(__file__).with_name("rail_8k.optd").read_text()

_UP = "rate = 800Gbps, medium = singlemode }"
_DOWN = "medium in [dac, aec, multimode, singlemode]"

CONTRADICTIONS: dict[str, tuple[tuple[tuple[str, str], ...], str, tuple[str, ...]]] = {
    "module against medium": (
        ((_UP, "rate = 800Gbps, medium = singlemode, module = own-sr8 }"),),
        "no-optic-fits",
        ("medium = singlemode", "module = own-sr8"),
    ),
    "module against the form factors of the policy": (
        (("form_factors in [osfp]", "form_factors in [qsfp-dd800]"),),
        "no-optic-fits",
        ("form_factors in [qsfp-dd800]",),
    ),
    "length against medium": (
        ((_UP, "rate = 800Gbps, medium = multimode, length = 200m }"),),
        "no-optic-fits",
        ("medium = multimode", "length = 200m"),
    ),
    "length against what is sold": (
        ((_UP, "rate = 800Gbps, medium = singlemode, length = 3km }"),),
        "no-cable-length",
        ("length = 3km",),
    ),
    "power cap": (
        (("power.optics <= 700kW", "power.optics <= 100kW"),),
        "requirement-failed",
        ("endpoints -- leaf", "require power.optics <= 100kW"),
    ),
    "SKU limit against two modules": (
        (
            ("optic_skus <= 4", "optic_skus <= 1"),
            (_DOWN, "module = own-dr8-2km"),
            (_UP, "rate = 800Gbps, module = own-dr8 }"),
        ),
        "sku-limit",
        ("module = own-dr8-2km", "module = own-dr8", "optic_skus <= 1"),
    ),
    "spines against oversubscription": (
        (("tier spine { model = sn5600,", "tier spine { model = sn5600, count = 64,"),),
        "count-not-possible",
        ("oversubscription = 1:1", "count = 64"),
    ),
    "a requirement against oversubscription": (
        (("spine.count <= 256", "spine.count <= 100"),),
        "requirement-failed",
        ("oversubscription = 1:1", "require spine.count <= 100"),
    ),
}
"""By name: the edits, the diagnostic expected, and the statements that it must mark, in source order."""


def contradicted(name: str) -> str:
    """Return the design with a contradiction in it."""
    text = DESIGN
    for old, new in CONTRADICTIONS[name][0]:
        if text.count(old) != 1:
            raise ValueError(f"{old!r} does not stand once in the design")
        text = text.replace(old, new)
    return text
