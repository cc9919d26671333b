"""`policy { statistical { … } }`: the author's own means and spreads of losses."""

from __future__ import annotations

from fractions import Fraction

from optidsl.diag import InternalError, Sink
from optidsl.schema.entity import Entity
from optidsl.sema.design import Statistical


def lower_statistical(sink: Sink, entity: Entity) -> Statistical | None:
    """Return the means and spreads, or None after reporting a mean without its spread."""
    pairs = {
        name: (entity.scaled(f"{name}_mean", unit), entity.scaled(f"{name}_sigma", unit))
        for name, unit in (("connector", "mdB"), ("attenuation", "mdB/km"), ("splice", "mdB"))
    }
    is_whole = True
    for name, (mean, sigma) in pairs.items():
        if (mean is None) != (sigma is None):
            is_whole = False
            said, unsaid = ("mean", "sigma") if sigma is None else ("sigma", "mean")
            sink.error(
                "missing-attribute",
                f"`statistical` has `{name}_{said}` and no `{name}_{unsaid}`",
                entity.label_span,
                f"`{name}_{unsaid}` is missing",
                helps=(
                    f"state the `{name}_{unsaid}` of your own measurements: no document of the catalogue gives one",
                ),
            )
    mean, sigma = pairs["connector"]
    if not is_whole or mean is None or sigma is None:
        return None
    k = entity.value("k")
    if not isinstance(k, int | Fraction):
        raise InternalError("statistical.k is missing after the check for it")
    return Statistical(mean, sigma, *pairs["attenuation"], *pairs["splice"], Fraction(k))
