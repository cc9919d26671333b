"""Whether a plan's fibre speaks of the light that runs through it: a reading of its own, for the verifier."""

from __future__ import annotations

from optidsl.plan.model import Plan, PlanClass

_BANDS_NM = ((0, 1260), (1260, 1360), (1360, 1460), (1460, 1530), (1530, 1565), (1565, 100_000))


def foreign_nm(plan: Plan, link_class: PlanClass) -> str:
    """Return a wavelength of a class's modules that its fibre's attenuation is not stated for, `1310 nm`; "" for none.

    Source: ITU-T G-series Supplement 39, spectral bands.
    Assumes: a fibre loses no more in a band of longer wavelengths than in one of shorter ones (low water peak).
    """
    grade, own = plan.parts.get(link_class.grade), plan.policy.statistical
    stated = None if grade is None else grade.facts.get("wavelength_nm")
    is_measured = own is not None and own.attenuation_mean_mdb_per_km is not None
    if stated is None or is_measured or not isinstance(stated.value, int):
        return ""
    told = (plan.parts[name].facts.get("wavelength") for name in (link_class.a_module, link_class.z_module) if name)
    sent = [nm for fact in told if fact is not None for nm in _numbers(str(fact.value))]
    from_nm = next(low for low, high in _BANDS_NM if low <= stated.value < high)
    return f"{min(sent):g} nm" if sent and min(sent) < from_nm else ""


def _numbers(sheet: str) -> list[float]:
    """Return the numbers of `1271, 1291 nm` or `840-868 nm`; none of a name such as `CWDM4`."""
    words = sheet.removesuffix("nm").replace(",", " ").replace(";", " ").replace("-", " ").replace("..", " ").split()
    try:
        return [float(word) for word in words]
    except ValueError:
        return []
