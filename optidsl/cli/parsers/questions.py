"""The parsers of the commands that answer questions about a design."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optidsl.cli.parsers.common import add_design, add_diagnostics, add_format, command

if TYPE_CHECKING:
    from optidsl.cli.parsers.common import Commands


def stats(commands: Commands) -> None:
    """Add `optidsl stats`."""
    parser = command(
        commands,
        "stats",
        "count switches, links, optics, watts and margins",
        "Compile in memory and print the figures of the plan.",
    )
    add_design(parser)
    add_format(parser)


def test(commands: Commands) -> None:
    """Add `optidsl test`."""
    parser = command(
        commands,
        "test",
        "run the tests of a design",
        "Compile in memory and judge every `test` of the design, or those named: one line each, and a report of what\n"
        "does not hold. A compile runs them too.",
    )
    add_design(parser)
    parser.add_argument("names", nargs="*", metavar="NAME", help="tests to run (default: all)")
    add_diagnostics(parser)


def faults(commands: Commands) -> None:
    """Add `optidsl faults`."""
    parser = command(
        commands,
        "faults",
        "what the worst single failure does, and where",
        "For every fabric and every kind of element, the failure of any one: most endpoints and nodes cut off, least\n"
        "share of its uplinks that a switch keeps, least bisection left; each with the element that does it.",
    )
    add_design(parser)
    parser.add_argument(
        "--any",
        action="append",
        choices=["link", "switch", "plane", "rack", "tray", "feed"],
        dest="kinds",
        metavar="KIND",
        help="only this kind: link, switch, plane, rack, tray or feed (repeatable; default: all)",
    )
    add_format(parser)


def loads(commands: Commands) -> None:
    """Add `optidsl loads`."""
    parser = command(
        commands,
        "loads",
        "what every link carries when all endpoints send to all",
        "The share of its rate that each link between switches carries, one direction at a time, when every endpoint\n"
        "sends at full rate and alike to all others, over shortest paths, split equally at every hop.",
    )
    add_design(parser)
    parser.add_argument("--all", action="store_true", help="every link, not only the busiest (JSON has all)")
    add_format(parser)


def explain(commands: Commands) -> None:
    """Add `optidsl explain`."""
    parser = command(
        commands,
        "explain",
        "explain a message, or a thing the compiler decided",
        "NAME is the name of a diagnostic (`optidsl explain no-optic-fits`); without one, they are listed.\n"
        "PATH is a thing of the design; what is said of it is why it is so: a fabric (`compute`), the terms of its\n"
        "worst latency (`compute.latency`) or of that between two devices (`gpu-1 -> gpu-9`), a tier\n"
        "(`compute.leaf`), links (`compute.leaf--spine`), a device (`compute-leaf001`), one cable by either end\n"
        "(`compute-leaf001:1/1`), nodes (`gpu`) or racks (`dc.h1.a.net`, or a whole row or hall), a requirement by\n"
        "its name, or an attribute (`compute.leaf.count`, `compute.leaf--spine.module`, `policy.optic_skus`).\n"
        "`optidsl explain slack` lists what every requirement, limit and cap leaves, the tightest first.\n"
        "`optidsl explain sensitivity [PATH]` tells how far each number can move before the choice changes.\n"
        "`optidsl explain budget LINK` prints the optical budget of one link, number by number with its source;\n"
        "LINK is either of its ends (`compute-leaf001:1/1`), the id or a label of its cable, or two devices.",
    )
    parser.add_argument(
        "what",
        nargs="*",
        metavar="WORD",
        help="NAME, PATH, budget LINK, slack, or sensitivity [PATH]; then the design (default: design.optd); "
        "without any, messages are listed",
    )
    add_design(parser, is_positional=False)
    parser.add_argument(
        "--why-not",
        metavar="PART",
        help="why links PATH do not have this module, cable or medium, or a tier not this switch",
    )
    parser.add_argument("--all", action="store_true", help="every rejected part, not only the nearest of each check")
    add_format(parser)
