"""Small designs, as text, about what the cages of a switch carry and how they run."""

from __future__ import annotations

from optidsl.diag import Diagnostic
from optidsl.pipeline import plan
from optidsl.plan.model import Plan
from tests.support.programs import context_of

POLICY = "  policy { unknown { reach = warn, loss = warn, overload = warn, cage_power = warn } }\n"


def module(name: str, form: str, lanes: str, watts: int | None, pmd: str, bores: int = 1, more: str = "") -> str:
    """Return a transceiver of 500 m over single-mode fibre."""
    power = "" if watts is None else f"  power_max = {watts}W\n"
    return (
        f"transceiver {name} {{\n  form_factor = {form}\n  bores = {bores}\n  lanes = {lanes}\n  modulation = pam4\n"
        f'  pmd = "{pmd}"\n  medium = singlemode\n  connector = lc-upc\n{power}  protocols = [ethernet]\n{more}'
        "  over os2 { reach = 500m, loss = 3dB }\n"
        "  tx_min = -3dBm\n  tx_max = 3dBm\n  rx_min = -6dBm\n  rx_max = 4dBm\n}\n"
    )


def server(rate: str, lanes: str, form: str) -> str:
    """Return a server with one port."""
    return (
        f"server_model small {{\n  power_max = 1kW\n  nic net {{\n    rate = {rate}\n    lanes = {lanes}\n"
        f"    accepts = [{form}]\n    protocols = [ethernet]\n    cage_power = 30W\n"
        '    port p1 { cage = "1" }\n  }\n}\n'
    )


def design(nodes: int, tiers: str, parts: str, uses: str = "") -> str:
    """Return a design of single-port nodes on a Clos of these tiers and connects."""
    cable = "fiber_cable lc { grade = os2, medium = singlemode, connector = lc-upc, lengths = [5m, 30m] }\n"
    return (
        f"optd 1\n{uses}{parts}{cable}design d {{\n  node n[1..{nodes}] {{ model = small }}\n  fabric f {{\n"
        f"    kind = clos\n    protocol = ethernet\n    endpoints = n.nic.net\n{tiers}  }}\n{POLICY}}}\n"
    )


def compiled(text: str, lock_text: str | None = None) -> tuple[Plan | None, list[Diagnostic]]:
    """Compile a design to a verified plan; return it with the errors."""
    context = context_of({"design.optd": text}, lock_text=lock_text)
    found = plan("design.optd", context)
    return found, [each for each in context.sink.sorted() if each.severity == "error"]


def messages(text: str) -> list[str]:
    """Return the errors of a design as `name: message`."""
    return [f"{error.name}: {error.message}" for error in compiled(text)[1]]


def cages_of(plan: Plan, group: str, role: str) -> list[int]:
    """Return the cages, from 1, whose ports a group keeps for a role."""
    ports = next(each for each in plan.groups if each.name == group).ports
    return sorted({cage + 1 for cage, of in zip(ports.cage, ports.role, strict=True) if of == role})
