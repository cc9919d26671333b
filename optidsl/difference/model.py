"""What lies between two plans, in units of work: the record that the renderers print."""

from __future__ import annotations

from typing import Literal

from optidsl._record import field, record

DIFFERENCE_VERSION = "1.0"

CableKind = Literal["pull", "remove", "move", "re-length", "exchange"]
CABLE_KINDS: tuple[CableKind, ...] = ("pull", "remove", "move", "re-length", "exchange")
"""Exchange: between the same ports, another cable part."""

Verdict = Literal["holds", "fails", "unknown"]


@record(frozen=True, slots=True)
class End:
    """One end of a cable: identity and name of the device, its port."""

    device: str
    name: str
    port: str


@record(frozen=True, slots=True)
class CableChange:
    """A cable to work on. `was` are its ends before (None: it is new), `ends` those after (None: it goes).

    `ends_moved` is 1 or 2 for a cable to move; lengths are as ordered, in mm, -1 where there is none.
    """

    kind: CableKind
    was: tuple[End, End] | None
    ends: tuple[End, End] | None
    part: str
    length_mm: int
    was_part: str
    was_length_mm: int
    ends_moved: int
    cause: int


@record(frozen=True, slots=True)
class CableWork:
    """Cables to work on: how many, and how many mm of cable as ordered (of exchanged and re-lengthed ones, the new)."""

    pull: int = 0
    remove: int = 0
    move_one_end: int = 0
    move_both_ends: int = 0
    relength: int = 0
    exchange: int = 0
    pull_mm: int = 0
    remove_mm: int = 0

    @property
    def move(self) -> int:
        """Cables to move, by one end or both."""
        return self.move_one_end + self.move_both_ends

    @property
    def total(self) -> int:
        """Cables that are touched."""
        return self.pull + self.remove + self.move + self.relength + self.exchange


@record(frozen=True, slots=True)
class ModuleWork:
    """Modules of a part that are new to the network, leave it, or go from one cage to another."""

    part: str
    buy: int
    free: int
    move: int


@record(frozen=True, slots=True)
class Work:
    """What has to be done; the names are those of devices."""

    cables: CableWork = CableWork()
    modules: tuple[ModuleWork, ...] = ()
    rack: tuple[str, ...] = ()
    unrack: tuple[str, ...] = ()
    reseat: tuple[str, ...] = ()  # to another rack or unit
    replace: tuple[str, ...] = ()  # by a box of another model
    configs: tuple[str, ...] = ()  # devices in service whose configuration changes
    resets: int = 0  # sessions that exist before and after, and go down in between
    opened: int = 0
    closed: int = 0

    @property
    def modules_to_buy(self) -> int:
        """Modules of all parts that are new to the network."""
        return sum(each.buy for each in self.modules)


@record(frozen=True, slots=True)
class Cause:
    """A statement that differs, what of it, and the work that comes of it. `where` is its line."""

    kind: str
    title: str
    where: str
    work: Work


@record(frozen=True, slots=True)
class GroupChange:
    """A group of devices that is touched: how many come, go, and how many of those that stay are touched."""

    name: str
    before: int
    after: int
    added: int
    removed: int
    configs: int
    resets: int
    cables: int


@record(frozen=True, slots=True)
class Renumbered:
    """Something that a device (or a link) in service is called: what of it changes, by identity."""

    what: Literal["name", "asn", "loopback", "p2p"]
    of: str
    before: str
    after: str


@record(frozen=True, slots=True)
class BomChange:
    """A line of the bill of material with another quantity. `price` of one and `total` of the change are decimals."""

    category: str
    part: str
    part_number: str
    length_mm: int
    before: int
    after: int
    price: str
    total: str
    currency: str
    stock: int | None

    @property
    def delta(self) -> int:
        """How many more are needed."""
        return self.after - self.before


@record(frozen=True, slots=True)
class FigureChange:
    """A figure before and after, as text with its unit; "unknown" where it is not known, "-" where there is none."""

    name: str
    before: str
    after: str
    note: str = ""


@record(frozen=True, slots=True)
class RequirementChange:
    """A requirement whose verdict or slack changes; verdict "" where there is none on that side."""

    name: str
    text: str
    before: str
    after: str
    slack_before: str
    slack_after: str
    is_soft: bool
    where: str

    @property
    def has_flipped(self) -> bool:
        """Tell whether it held and does no more."""
        return self.before == "holds" and self.after not in ("holds", "")


@record(frozen=True, slots=True)
class Wave:
    """Devices that are out of service at the same time, and what is done meanwhile.

    `configs` are the devices that get a configuration, folded (`leaf[001-012]`), and `config_count` how many these
    are. `share` is the least share of its capacity that a device below them keeps meanwhile: kept over all, and `at`
    that device. `floor` is what one keeps at least when the worst one of its neighbours above fails.
    """

    fabric: str
    plane: int
    drain: tuple[str, ...]
    cables: CableWork
    configs: tuple[str, ...]
    config_count: int
    resets: int
    share: tuple[int, int]
    floor: tuple[int, int]
    at: str


@record(frozen=True, slots=True)
class Rollout:
    """How to get from one plan to the other without losing more than one failure would.

    `prepare` is done while everything runs, `finish` when all waves are through. `disturbed` are the cables in service
    that do not stay as they are, `bound` the least number of them that any wiring of the new plan disturbs: pairs of
    switches that keep fewer cables than they have.
    """

    prepare: Work
    waves: tuple[Wave, ...]
    pushes: tuple[str, ...]  # devices that get a new configuration without being drained
    finish: Work
    disturbed: int
    bound: int


@record(frozen=True, slots=True)
class RecordChange:
    """A field of a record of the plan that no other member tells of. `what` is "" for a record that comes or goes."""

    section: str
    of: str
    what: str
    before: str
    after: str


@record(frozen=True, slots=True)
class Difference:
    """What changes between two plans of a design."""

    design: str
    headline: str
    causes: tuple[Cause, ...]
    groups: tuple[GroupChange, ...]
    work: Work
    cables: tuple[CableChange, ...]
    bom: tuple[BomChange, ...]
    renumbered: tuple[Renumbered, ...]
    figures: tuple[FigureChange, ...]
    requirements: tuple[RequirementChange, ...]
    records: tuple[RecordChange, ...]
    rollout: Rollout
    files: tuple[str, ...]  # artefacts of no single device that change: those of a subnet manager
    rewritten: tuple[str, ...]  # files kept with the first plan that this version makes otherwise from it
    unexplained: tuple[str, ...]
    moved: tuple[str, ...]  # `moved` lines that would keep what the renamed devices have

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing changes."""
        work = (self.causes, self.groups, self.cables, self.bom, self.renumbered, self.files, self.rewritten)
        return not any((*work, self.figures, self.requirements, self.records, self.unexplained))


@record(frozen=True, slots=True)
class Texts:
    """Configurations that were made from a plan: those of each device by its name, and other files by path.

    `rewritten` are the paths of files kept with the plan that are not what is made from it now.
    """

    devices: dict[str, tuple[str, ...]] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    rewritten: tuple[str, ...] = ()
