"""The parsers of the commands beside a design: its lock, its text, parts, the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optidsl.cli.parsers.common import command

if TYPE_CHECKING:
    from optidsl.cli.parsers.common import Commands


def lock(commands: Commands) -> None:
    """Add `optidsl lock`."""
    parser = command(
        commands,
        "lock",
        "show what the lock holds, and let go of it",
        "PATH is a fabric (`compute`), a tier (`compute.leaf`), nodes (`gpu`), a device (`compute.leaf[3]`), a class\n"
        "of links, or all.\n\n"
        "A design keeps what its lock holds: names, numbers, places, cables, parts. What went away is kept from reuse\n"
        "in `free` records until they are released, or for as long as `addressing { reuse_after = 90d }` says.",
    )
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    show = verbs.add_parser("show", help="print the records of a thing")
    show.add_argument("path", nargs="?", default="all", metavar="PATH", help="(default: all)")
    release = verbs.add_parser("release", help="remove records: a compile then decides these things anew")
    release.add_argument("path", metavar="PATH")
    release.add_argument(
        "--kind",
        action="append",
        choices=["free", "place", "port", "p2p", "asn", "addr", "name", "pick"],
        dest="kinds",
        help="which records (repeatable; default: free, what is kept from reuse; name: all that a device has)",
    )
    for verb in (show, release):
        verb.add_argument("--lock", default="optidsl.lock", metavar="FILE", help="(default: optidsl.lock)")
        verb.add_argument("--color", choices=["auto", "always", "never"], default="auto", help="(default: auto)")


def fmt(commands: Commands) -> None:
    """Add `optidsl fmt`."""
    parser = command(
        commands, "fmt", "format .optd files", "Rewrite files in the one canonical form; there are no options of style."
    )
    parser.add_argument(
        "paths", nargs="+", metavar="FILE", help="files, or folders to search for .optd files; - is stdin"
    )
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 when a file would change")


def catalog(commands: Commands) -> None:
    """Add `optidsl catalog`."""
    parser = command(
        commands, "catalog", "search and show parts", "Parts of the standard library, each number with its source."
    )
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    search = verbs.add_parser("search", help="list parts whose name, number or attributes contain every word")
    search.add_argument("words", nargs="*", metavar="WORD")
    search.add_argument("--format", choices=["text", "json"], default="text")
    show = verbs.add_parser("show", help="print every number of a part with its source and confidence")
    show.add_argument("part", metavar="PART")
    show.add_argument("--format", choices=["text", "json"], default="text")
    check = verbs.add_parser("check", help="lint the catalogue: sources, consistency laws")
    check.add_argument("--summary", action="store_true", help="print the page on the library instead (Markdown)")
    check.add_argument("--format", choices=["text", "json"], default="text")
    for verb in (search, show, check):
        words = "a file of your own parts, read with the library; may be repeated"
        verb.add_argument("--with", dest="own", action="append", default=[], metavar="FILE", help=words)
    imported = verbs.add_parser(
        "import", help="print a switch model from a NetBox device type or a SONiC platform.json"
    )
    imported.add_argument("file", metavar="FILE")
    imported.add_argument("--format", choices=["auto", "netbox", "sonic"], default="auto", help="(default: auto)")
    imported.add_argument("--name", metavar="NAME", help="of the model (default: made of what the file calls it)")


def schema(commands: Commands) -> None:
    """Add `optidsl schema`."""
    parser = command(
        commands,
        "schema",
        "print the kinds of block and their attributes",
        "reference: every kind of block with its attributes, as Markdown\n"
        "language:  the same as JSON Schema, for editors\n"
        "plan:      the JSON Schema of plan.json",
    )
    parser.add_argument("what", nargs="?", choices=["reference", "language", "plan"], default="reference")


def init(commands: Commands) -> None:
    """Add `optidsl init`."""
    parser = command(
        commands, "init", "start a design", "Write a small design that compiles, with comments that teach the language."
    )
    parser.add_argument("folder", nargs="?", default=".", help="where (default: here)")
