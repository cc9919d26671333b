"""The figures of scale-up networks, and what there is to say of them."""

from __future__ import annotations

from optidsl.plan.model import Plan
from optidsl.plan.scale_up_model import PlanScaleUp


def gpu_tbytes(own: PlanScaleUp) -> float | None:
    """Return what the links of a GPU carry in both directions together, in TB/s; None where a figure is not known."""
    if own.links_per_gpu is None or own.rate_mbps is None:
        return None
    return own.links_per_gpu * own.rate_mbps * 2 / 8_000_000


def domain_tbytes(own: PlanScaleUp) -> float | None:
    """Return what the GPUs of a domain send and receive together, in TB/s; None where a figure is not known."""
    if own.links_per_gpu is None or own.rate_mbps is None:
        return None
    return own.gpus * own.links_per_gpu * own.rate_mbps * 2 / 8_000_000


def open_ends(own: PlanScaleUp) -> int:
    """Return the link ends of a domain's GPUs that lead out of it."""
    if own.kind == "switched" or own.links_per_gpu is None:
        return 0
    return own.gpus * own.links_per_gpu - 2 * own.links


def scale_up_words(own: PlanScaleUp) -> str:
    """Return the figures in one line: `2 domains of 72 GPUs, 1,296 links each to 18 switch chips; 1.8 TB/s a GPU`."""
    shape = own.kind.replace("_", " ") + (f" {' x '.join(str(size) for size in own.dims)}" if own.dims else "")
    count = f"{own.domains:,} domain{'s' if own.domains > 1 else ''} of {own.gpus:,} GPUs"
    if own.kind == "switched":
        links = f"{own.links:,} links each to {own.switches} switch chips, {own.links // own.switches} a chip"
    else:
        links = f"a {shape} of {own.links:,} links each"
        links += f", {open_ends(own):,} ends lead out" if open_ends(own) else ""
    per_gpu, whole = gpu_tbytes(own), domain_tbytes(own)
    rate = "bandwidth not known" if per_gpu is None else f"{per_gpu:g} TB/s a GPU, {whole:g} TB/s a domain"
    return f"{count}, {links}; {rate}"


def explain_scale_up(plan: Plan, what: str) -> list[str] | None:
    """Return what there is to say of a scale-up network by name, None where there is none of that name."""
    own = next((each for each in plan.scale_up if each.name == what), None)
    if own is None:
        return None
    group = plan.groups[own.group]
    lines = [f"scale-up {own.name}: {scale_up_words(own)}", f"  written at    {own.source_ref}"]
    lines.append(f"  servers       {own.per_domain} x {group.model} ({group.name}) a domain")
    if own.links_per_gpu is not None:
        rate = "" if own.rate_mbps is None else f" of {own.rate_mbps / 1000:g} Gbit/s in each direction"
        lines.append(f"  a GPU         {own.links_per_gpu} links{rate}")
    if own.switches:
        room = "" if own.switch_ports is None else f" of {own.switch_ports}"
        lines.append(f"  a chip        {own.links // own.switches} links{room}")
    lines += [f"  stands        within one {own.within}"] if own.within else []
    return lines
